/**
 * Which entries of a plan hold for this caller?
 *
 * An entry may name prefixes of callers. The entries whose prefix is the longest of the caller's number are asked
 * first, those without prefixes last. Where the caller is not known, or begins with none of an entry's prefixes,
 * that entry does not hold.
 */
import type { PlanEntry } from './tariff.ts'

export interface Origins {
  /** Per entry: does it name prefixes? */
  readonly isOfOrigin: readonly boolean[]
  /** Digits of a prefix → entries that name it. */
  readonly entries: ReadonlyMap<string, readonly number[]>
  readonly maxDigits: number
}

/** Undefined: no entry asks who calls. */
export function compileOrigins(entries: readonly PlanEntry[]): Origins | undefined {
  const isOfOrigin = entries.map(({ originPrefixes }) => (originPrefixes ?? null) !== null)
  if (!isOfOrigin.includes(true)) return undefined
  const named = new Map<string, number[]>()
  let maxDigits = 0
  for (const [entry, { originPrefixes }] of entries.entries()) {
    for (const prefix of originPrefixes ?? []) {
      named.set(prefix, [...(named.get(prefix) ?? []), entry])
      maxDigits = Math.max(maxDigits, prefix.length)
    }
  }
  return { isOfOrigin, entries: named, maxDigits }
}

/** Of an entry that does not hold for the caller. */
export const otherOrigin = -1

/**
 * Per entry the digits of its longest prefix of the caller's number, 0 for one without prefixes, `otherOrigin`.
 * `from`: normalized digits; undefined: the caller is not known.
 */
export function matchOrigins(origins: Origins, from: string | undefined): number[] {
  const matched = origins.isOfOrigin.map((isOfOrigin): number => (isOfOrigin ? otherOrigin : 0))
  const maxDigits = Math.min(from?.length ?? 0, origins.maxDigits)
  for (let length = 1; length <= maxDigits; length += 1) {
    for (const entry of origins.entries.get(from?.slice(0, length) ?? '') ?? []) matched[entry] = length
  }
  return matched
}
