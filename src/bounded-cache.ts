/**
 * What is kept of things that can be made again? Up to `max` of them per cache; a full one starts anew, which
 * costs less than keeping an order of use on a path asked a million times a second.
 */
export function remember<K, V>(cache: Map<K, V>, key: K, value: V, max = 16_384): V {
  if (cache.size >= max) cache.clear()
  cache.set(key, value)
  return value
}
