/**
 * What is kept of things that can be made again? Up to 16,384 of them per cache; a full one starts anew, which
 * costs less than keeping an order of use on a path asked a million times a second.
 */
const maxRemembered = 16_384

export function remember<K, V>(cache: Map<K, V>, key: K, value: V): V {
  if (cache.size >= maxRemembered) cache.clear()
  cache.set(key, value)
  return value
}
