/**
 * The passwords of the embedded nats-server's users: made at the first start, kept in `DATA_DIR` for this user alone
 * (mode 0600), together with the URLs that work while the server runs.
 *
 * `DATA_DIR/nats-users.json`: user → `{ password, url }`. Throws `ServerStartFailed` where the file is damaged.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { ServerStartFailed, systemErrorCode } from './server-start-failed.ts'

const natsUserNames = ['tollgate', 'engine', 'facts', 'operator'] as const
export type NatsUserName = (typeof natsUserNames)[number]
export type NatsPasswords = Record<NatsUserName, string>
export type NatsUserUrls = Record<NatsUserName, string>

export function findOrMakePasswords(file: string): { passwords: NatsPasswords; isNew: boolean } {
  const found = readPasswords(file)
  if (found) return { passwords: found, isNew: false }
  const made = forEachUser(() => randomBytes(24).toString('base64url'))
  writePrivately(
    file,
    JSON.stringify(
      forEachUser((name) => ({ password: made[name] })),
      null,
      2,
    ),
  )
  return { passwords: made, isNew: true }
}

/** The port is another one at each start. */
export function writeUserUrls(file: string, passwords: NatsPasswords, server: string): NatsUserUrls {
  const urls = forEachUser((name) => server.replace('nats://', `nats://${name}:${passwords[name]}@`))
  const users = forEachUser((name) => ({ password: passwords[name], url: urls[name] }))
  writePrivately(file, `${JSON.stringify(users, null, 2)}\n`)
  return urls
}

/** Whole or not at all, and never readable by others, not even for an instant. */
export function writePrivately(file: string, text: string): void {
  const draft = `${file}.${process.pid}`
  rmSync(draft, { force: true })
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, file)
}

function readPasswords(file: string): NatsPasswords | undefined {
  try {
    const users: Record<string, { password?: unknown }> = JSON.parse(readFileSync(file, 'utf8'))
    return forEachUser((name) => {
      const password = users[name]?.password
      if (typeof password === 'string' && /^[\w-]{16,}$/.test(password)) return password
      throw new Error(`no password of ${name}`)
    })
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw new ServerStartFailed(
      `The passwords of the nats-server in ${file} cannot be read (${error instanceof Error ? error.message : error}): make the file readable for this user, or remove it and new ones are made.`,
      { cause: error },
    )
  }
}

function forEachUser<Value>(value: (name: NatsUserName) => Value): Record<NatsUserName, Value> {
  return {
    tollgate: value('tollgate'),
    engine: value('engine'),
    facts: value('facts'),
    operator: value('operator'),
  }
}
