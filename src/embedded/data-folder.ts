/**
 * A folder of ours below DATA_DIR, made when absent; its absolute path.
 * Throws `ServerStartFailed` where it cannot be made or written to.
 */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { ServerStartFailed, systemErrorCode } from './server-start-failed.ts'

export function makeDataFolder(path: string): string {
  const folder = resolve(path)
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new ServerStartFailed(
      `The data folder ${folder} cannot be written to (${systemErrorCode(error)}): make it writable for this user, or set DATA_DIR to another folder.`,
      { cause: error },
    )
  }
  return folder
}
