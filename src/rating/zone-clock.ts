/**
 * What do the clocks on the wall of a time zone show?
 *
 * Offsets come from luxon (the IANA data of Node) and are remembered per zone and UTC day, with the exact
 * instant where one changes inside the day. No zone has ever changed twice within 24 hours, so this holds for
 * quarter-hour zones, changes of half an hour and the odd seconds of the past alike. Throws for unknown zones.
 */

import { IANAZone } from 'luxon'
import { remember } from '../bounded-cache.ts'

export const dayMs = 86_400_000
const maxRememberedDays = 20_000

interface DayWithChange {
  at: number
  before: number
  after: number
}

export class ZoneClock {
  readonly timeZone: string
  readonly #zone: IANAZone
  readonly #isUtc: boolean
  readonly #days = new Map<number, number | DayWithChange>()

  constructor(timeZone: string) {
    this.timeZone = timeZone
    this.#zone = IANAZone.create(timeZone)
    this.#isUtc = timeZone === 'UTC'
    if (!this.#zone.isValid) throw new Error(`"${timeZone}" is not an IANA time zone`)
  }

  /** Local wall clock minus UTC at this instant, in milliseconds. */
  offsetAt(at: number): number {
    if (this.#isUtc) return 0
    const day = this.#dayOf(Math.floor(at / dayMs))
    return typeof day === 'number' ? day : at < day.at ? day.before : day.after
  }

  /** The first instant in (after, until] at which the offset differs from before; undefined: none. */
  findChange(after: number, until: number): number | undefined {
    if (this.#isUtc) return undefined
    const lastDay = Math.floor(until / dayMs)
    // A change at midnight UTC belongs to the day that ends there.
    for (let number = Math.floor(after / dayMs); number <= lastDay; number += 1) {
      const day = this.#dayOf(number)
      if (typeof day !== 'number' && day.at > after) return day.at <= until ? day.at : undefined
    }
    return undefined
  }

  #dayOf(number: number): number | DayWithChange {
    const known = this.#days.get(number)
    if (known !== undefined) return known
    return remember(this.#days, number, this.#readDay(number * dayMs), maxRememberedDays)
  }

  #readDay(start: number): number | DayWithChange {
    const before = this.#readOffset(start)
    const after = this.#readOffset(start + dayMs)
    if (before === after) return before
    let low = start
    let high = start + dayMs
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.#readOffset(middle) === before) low = middle
      else high = middle
    }
    return { at: high, before, after }
  }

  #readOffset(at: number): number {
    return Math.round(this.#zone.offset(at) * 60_000)
  }
}

const clocks = new Map<string, ZoneClock>()

/** The clock of a zone; there are some 600 zones, each kept once. */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new ZoneClock(timeZone)
  clocks.set(timeZone, clock)
  return clock
}
