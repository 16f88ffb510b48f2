/**
 * A folder of ours, DATA_DIR or one below it, made when absent; its absolute path. Nobody else may look into it: 0700,
 * and the files that are written there are 0600.
 *
 * A folder that others share (`/tmp`) or own keeps its mode: what we write there is closed by itself.
 * Throws `ServerStartFailed` where it cannot be made or written to.
 */
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ServerStartFailed, systemErrorCode } from './server-start-failed.ts'

/** Of every file of ours that is no program. */
export const privateFile = 0o600

/** What stands in DATA_DIR by these names is ours. PostgreSQL keeps its own folder closed; programs are no secret. */
const ours = /^(nats|mail|imports|reports|nats\.log|postgres\.log(\.1)?|.*\.owner|blind-calls\.ndjson.*)$/

export function makeDataFolder(path: string): string {
  const folder = resolve(path)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK | constants.X_OK)
    closeFolder(folder)
  } catch (error) {
    throw new ServerStartFailed(
      `The data folder ${folder} cannot be written to (${systemErrorCode(error)}): make it writable for this user, or set DATA_DIR to another folder.`,
      { cause: error },
    )
  }
  return folder
}

/**
 * Where root lends PostgreSQL another user, that one stands in the cluster's folder before it becomes that user, on
 * Linux; elsewhere it has to pass through this one.
 */
function closedMode(): number {
  return process.platform !== 'linux' && process.getuid?.() === 0 ? 0o711 : 0o700
}

function closeFolder(folder: string): void {
  const { mode } = statSync(folder)
  const isShared = (mode & 0o1000) !== 0
  if (!isShared && (mode & 0o777) !== closedMode()) setMode(folder, closedMode())
}

/** Closes what earlier releases wrote into DATA_DIR and left open to others. */
export function closeOldFiles(folder: string): void {
  for (const name of readdirSync(folder)) if (ours.test(name)) closeToOthers(join(folder, name))
}

function closeToOthers(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) for (const name of readdirSync(path)) closeToOthers(join(path, name))
  else if (!found?.isFile()) return
  if ((found.mode & 0o077) !== 0) setMode(path, found.mode & 0o700)
}

function setMode(path: string, mode: number): void {
  try {
    chmodSync(path, mode)
  } catch (error) {
    // Somebody else's, who let us in: it is theirs to close.
    if (systemErrorCode(error) !== 'EPERM') throw error
  }
}
