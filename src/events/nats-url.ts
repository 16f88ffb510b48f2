/**
 * `NATS_URL` as nats.js takes it: which servers, with whose name, and whether encrypted.
 *
 * nats.js ignores what stands before an `@` in a server's address, so name and password are taken out here. One
 * name serves all servers; a name alone is a token. Whoever has a name gets answers below `_INBOX.<name>` alone:
 * on a server with rights per user nobody else may listen there. Throws an Error that names the fault and not the
 * password.
 */
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'nats'

export type NatsOptions = Pick<
  ConnectionOptions,
  'servers' | 'user' | 'pass' | 'token' | 'tls' | 'inboxPrefix'
> & { servers: string[] }

export interface NatsTrust {
  /** PEM file of the authorities believed; without it those that Node.js trusts. */
  caFile?: string | null | undefined
}

export function natsOptions(url: string, { caFile }: NatsTrust = {}): NatsOptions {
  const servers: string[] = []
  let user: string | undefined
  let password: string | undefined
  let encrypted = false
  for (const part of url.split(',')) {
    const address = part.trim()
    const parsed = parse(address.includes('://') ? address : `nats://${address}`)
    if (parsed.protocol !== 'nats:' && parsed.protocol !== 'tls:') {
      throw new Error(`NATS_URL: "${parsed.protocol}//" is not supported: write nats:// or tls://.`)
    }
    encrypted ||= parsed.protocol === 'tls:'
    servers.push(parsed.host)
    if (parsed.username) {
      user = decodeURIComponent(parsed.username)
      password = parsed.password ? decodeURIComponent(parsed.password) : undefined
    }
  }
  const identity =
    user === undefined
      ? {}
      : password === undefined
        ? { token: user }
        : { user, pass: password, ...inboxOptions(user) }
  const tls = encrypted || caFile ? { tls: caFile ? { caFile } : {} } : {}
  return { servers, ...identity, ...tls }
}

/** Servers of NATS_URL on other machines, where anybody of the network may knock. */
export function foreignServers(servers: readonly string[]): string[] {
  return servers.filter((server) => !isLoopback(new URL(`nats://${server}`).hostname))
}

/** A name that is no token of a subject keeps nats.js' own prefix. */
function inboxOptions(user: string): { inboxPrefix?: string } {
  return /^[A-Za-z0-9_-]{1,64}$/.test(user) ? { inboxPrefix: `_INBOX.${user}` } : {}
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function parse(address: string): URL {
  try {
    return new URL(address)
  } catch {
    throw new Error('NATS_URL is not a list of addresses: write nats://host:4222, or several with commas.')
  }
}
