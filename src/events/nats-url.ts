/**
 * `NATS_URL` as nats.js takes it: which servers, with whose name, and whether encrypted.
 *
 * nats.js ignores what stands before an `@` in a server's address, so name and password are taken out here. One
 * name serves all servers; a name alone is a token. Throws an Error that names the fault and not the password.
 */
import type { ConnectionOptions } from 'nats'

export function natsOptions(
  url: string,
): Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls'> {
  const servers: string[] = []
  let user: string | undefined
  let password: string | undefined
  let encrypted = false
  for (const part of url.split(',')) {
    const address = part.trim()
    const parsed = parse(address.includes('://') ? address : `nats://${address}`)
    if (parsed.protocol !== 'nats:' && parsed.protocol !== 'tls:') {
      throw new Error(`NATS_URL: "${parsed.protocol}//" is no way to NATS: write nats:// or tls://.`)
    }
    encrypted ||= parsed.protocol === 'tls:'
    servers.push(parsed.host)
    if (parsed.username) {
      user = decodeURIComponent(parsed.username)
      password = parsed.password ? decodeURIComponent(parsed.password) : undefined
    }
  }
  const identity =
    user === undefined ? {} : password === undefined ? { token: user } : { user, pass: password }
  return { servers, ...identity, ...(encrypted ? { tls: {} } : {}) }
}

function parse(address: string): URL {
  try {
    return new URL(address)
  } catch {
    throw new Error('NATS_URL is no list of addresses: write nats://host:4222, or several with commas.')
  }
}
