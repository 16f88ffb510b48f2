/**
 * May this process run the server below this folder, or does another Tollgate already do so?
 *
 * `FILE` holds the owner's pid and beginning. A living owner refuses everybody else, a dead one is replaced.
 * Throws `ServerStartFailed` naming the owner.
 */
import { chownSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { privateFile } from './data-folder.ts'
import { isAlive, processStart } from './processes.ts'
import { ServerStartFailed, systemErrorCode } from './server-start-failed.ts'

/** Returns what gives the ownership back. `file` lies beside what it guards: `data/postgres.owner`. */
export function takeOwnership(file: string): () => void {
  const ours = `${process.pid} ${processStart(process.pid)}\n`
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, ours, { mode: privateFile })
  giveToFolderOwner(draft)
  try {
    // A link appears whole and only once, also for two that start in the same moment.
    while (!linkIfAbsent(draft, file)) removeIfDead(file)
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    if (readOwner(file) === ours) rmSync(file, { force: true })
  }
}

/** What a killed root has left must be readable to the user whose folder it is. */
function giveToFolderOwner(path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  chownSync(path, uid, gid)
}

function linkIfAbsent(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

function removeIfDead(file: string): void {
  const owner = readOwner(file)
  if (owner === undefined) return
  const [pidText = '', beginning = ''] = owner.trim().split(' ')
  const pid = Number(pidText)
  if (pid > 0 && isAlive(pid) && (beginning === '' || beginning === processStart(pid))) {
    throw new ServerStartFailed(
      `Another Tollgate (process ${pid}) already uses ${file.replace(/\.owner$/, '')}: stop it, or give this one a DATA_DIR of its own.`,
    )
  }
  // Moved away before it is judged again: whoever was faster has put a living owner there meanwhile.
  const aside = `${file}.dead.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return
    throw error
  }
  if (readOwner(aside) !== owner) linkIfAbsent(aside, file)
  rmSync(aside, { force: true })
}

function readOwner(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
