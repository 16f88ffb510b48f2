/**
 * Which network does an address belong to? What strangers do is counted by it.
 *
 * An IPv4 address stands for itself. Of IPv6 the first 64 bits count, since whoever has one address of a network usually
 * has all of them.
 */
import ipaddr from 'ipaddr.js'

/** `address`: as a socket or a proxy names it; what is no address stands for itself. */
export function networkOf(address: string): string {
  // Most are plain IPv4, and this is asked for each request of an address that has sent a wrong key.
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
