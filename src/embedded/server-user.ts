/**
 * As whom does PostgreSQL run? It refuses root, so root lends it the uid of `postgres`, else of `nobody`
 * (good for trying out, not for production); anybody else runs it as himself (null).
 * Throws `ServerStartFailed` where root finds neither.
 */
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { ServerStartFailed } from './server-start-failed.ts'

export interface ServerUser {
  name: string
  uid: number
  gid: number
}

export function chooseServerUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null
  const accounts = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : []
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { name, uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new ServerStartFailed(
    'PostgreSQL refuses to run as root and there is no user "postgres" or "nobody" to run it: start Tollgate as an ordinary user, or set DATABASE_URL.',
  )
}

/** The folder nearest to the root, at or above `path`, that the user may not enter. */
export function firstClosedFolder(path: string, user: ServerUser): string | undefined {
  const parent = dirname(path)
  const above = parent === path ? undefined : firstClosedFolder(parent, user)
  if (above !== undefined) return above
  const existing = existsSync(path) ? statSync(path) : undefined
  if (!existing?.isDirectory()) return undefined
  const bit = existing.uid === user.uid ? 0o100 : existing.gid === user.gid ? 0o010 : 0o001
  return existing.mode & bit ? undefined : path
}

/** A folder that we made may be entered by all, whatever the umask was. */
export function openFolder(path: string): void {
  chmodSync(path, 0o755)
}
