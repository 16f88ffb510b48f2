/**
 * Where does the PostgreSQL of a running Tollgate listen? For commands that work beside it.
 *
 * Undefined: none runs on this folder, or another user's files cannot be read.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isAlive } from './processes.ts'

export function findRunningPostgres(dataDir: string): string | undefined {
  const dir = join(resolve(dataDir), 'postgres')
  try {
    const lines = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    if (!(pid > 0) || !isAlive(pid) || lines[7]?.trim() !== 'ready') return undefined
    const password = readFileSync(`${dir}-password`, 'utf8').trim()
    return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  } catch {
    return undefined
  }
}
