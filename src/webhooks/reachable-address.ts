/**
 * May a webhook be sent to this address? Only to one that the whole internet can reach: whoever names an endpoint must not
 * make the service call what stands beside it.
 *
 * Source: IANA's special-purpose address registries for IPv4 and IPv6 (what is not "globally reachable"), and multicast.
 * Addresses of IPv4 inside IPv6, mapped or by NAT64, count as what they hold.
 */
import { BlockList, isIP, isIPv6 } from 'node:net'

const notReachable = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  notReachable.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notReachable.addSubnet(network, bits, 'ipv6')
}
/** What is given out at all. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

const nat64 = new BlockList()
nat64.addSubnet('64:ff9b::', 96, 'ipv6')
const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

/** False for what is no address. */
export function isReachableAddress(address: string): boolean {
  if (isIP(address) === 0) return false
  if (!isIPv6(address)) return !notReachable.check(address, 'ipv4')
  if (nat64.check(address, 'ipv6') || mapped.check(address, 'ipv6')) {
    return isReachableAddress(lastFourBytes(address))
  }
  return globalUnicast.check(address, 'ipv6') && !notReachable.check(address, 'ipv6')
}

/** As an address of IPv4. */
function lastFourBytes(address: string): string {
  // The parser of URLs writes an address in one form, without dots.
  const words = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split(':')
  const [high = 0, low = 0] = words.slice(-2).map((word) => Number.parseInt(word || '0', 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
