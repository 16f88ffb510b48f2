/**
 * May this client's outgoing call come from this address?
 *
 * Off: yes. On: the address is in a listed network, or its country is listed. Two empty lists allow nobody,
 * and an address that is missing, unreadable or of no known country is treated as the stricter case.
 */
import { BlockList, isIP } from 'node:net'
import type { Client } from './client.ts'

const networksOf = new WeakMap<Client, BlockList>()

/** `countryOf` gives an ISO 3166 alpha-2 code, undefined where the address is of no known country. */
export function isSourceAllowed(
  client: Client,
  sourceIp: string | null,
  countryOf: (address: string) => string | undefined,
): boolean {
  if (!client.filterByIp) return true
  const address = sourceIp === null ? undefined : plainAddress(sourceIp)
  if (address === undefined) return false
  let networks = networksOf.get(client)
  if (!networks) {
    networks = makeBlockList(client.authorizedSources)
    networksOf.set(client, networks)
  }
  if (networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) return true
  const country = countryOf(address)
  return country !== undefined && client.geoIpAllowedCountries.includes(country)
}

/** `::ffff:203.0.113.7` is the IPv4 address it maps; anything that is no address is undefined. */
function plainAddress(text: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)
  const address = mapped?.[1] ?? text
  return isIP(address) === 0 ? undefined : address
}

function makeBlockList(sources: readonly string[]): BlockList {
  const networks = new BlockList()
  for (const source of sources) {
    const slash = source.indexOf('/')
    const address = plainAddress(slash === -1 ? source : source.slice(0, slash))
    if (address === undefined) continue
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (slash === -1) networks.addAddress(address, family)
    else networks.addSubnet(address, Number(source.slice(slash + 1)), family)
  }
  return networks
}
