/**
 * Chance that is the same on every machine and in every run.
 */

/** 32 bits of FNV-1a over the text, mixed once more: neighbouring texts give unrelated numbers. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** A share from 0 to below 1 that belongs to this text. */
export function shareOf(text: string): number {
  return hashOf(text) / 2 ** 32
}

export interface Random {
  /** 0 to below 1. */
  share(): number
  /** A whole number, both ends included. */
  between(min: number, max: number): number
  isOneIn(times: number): boolean
  pick<Item>(from: readonly Item[]): Item
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const share = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    share,
    between: (min, max) => min + Math.floor(share() * (max - min + 1)),
    isOneIn: (times) => share() * times < 1,
    pick(from) {
      const picked = from[Math.floor(share() * from.length)]
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
  }
}
