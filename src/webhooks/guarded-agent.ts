/**
 * Connections to endpoints: only to addresses that may be called, looked at when they are connected, so that a name which has
 * come to mean another address meanwhile changes nothing. Redirections are not followed.
 */
import { type LookupAddress, lookup as lookupName } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { isReachableAddress } from './reachable-address.ts'

/** Hosts as URLs name them, or addresses, that may be called wherever they are. */
export type PrivateHosts = ReadonlySet<string>

export class NotReachable extends Error {
  constructor(host: string) {
    super(`${host} is not an address that the whole internet can reach`)
    this.name = 'NotReachable'
  }
}

const connectTimeoutMs = 5000

export function openGuardedAgent(privateHosts: PrivateHosts, timeoutMs: number): Agent {
  return new Agent({
    connect: { timeout: connectTimeoutMs, lookup: guardedLookup(privateHosts) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // As many as are under way: endpoints of one host that hang hold up no other of that host.
    connections: null,
    pipelining: 1,
    keepAliveTimeout: 10_000,
  })
}

function guardedLookup(privateHosts: PrivateHosts): LookupFunction {
  return (host, options, callback) => {
    lookupName(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [])
      const refused = findRefused(host, found, privateHosts)
      if (refused) return callback(new NotReachable(refused), [])
      const [first] = found
      if (options.all || !first) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }
}

/** The address that may not be called. */
function findRefused(
  host: string,
  found: readonly LookupAddress[],
  privateHosts: PrivateHosts,
): string | undefined {
  if (privateHosts.has(host.toLowerCase())) return undefined
  return found.find(({ address }) => !privateHosts.has(address) && !isReachableAddress(address))?.address
}

/** Throws `NotReachable` for a host that is such an address itself: no name is looked up for it. */
export function checkHost(url: URL, privateHosts: PrivateHosts): void {
  const host = hostOfUrl(url)
  if (isIP(host) === 0 || privateHosts.has(host)) return
  if (!isReachableAddress(host)) throw new NotReachable(host)
}

/** Throws `NotReachable` where its name means such an address now. A name that means nothing yet passes. */
export async function checkName(url: URL, privateHosts: PrivateHosts): Promise<void> {
  checkHost(url, privateHosts)
  const host = hostOfUrl(url)
  if (isIP(host) !== 0) return
  const found = await new Promise<LookupAddress[]>((resolve) => {
    lookupName(host, { all: true }, (error, addresses) => resolve(error ? [] : addresses))
  })
  const refused = findRefused(host, found, privateHosts)
  if (refused) throw new NotReachable(refused)
}

/** Without the brackets of IPv6. */
function hostOfUrl({ hostname }: URL): string {
  return hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1')
}
