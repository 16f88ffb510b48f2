/**
 * How far are the clocks of zones ahead of UTC? Read from luxon a quarter of an hour at a time on the days on which they change:
 * not by the clocks that the service reckons with, and not by PostgreSQL, whose zone data are of another age.
 */
import { IANAZone } from 'luxon'
import type { ClockSpans } from '../db/clients/client-clocks.ts'

const dayMs = 86_400_000
const quarterMs = 900_000

/** By the names of the zones, from the day of `first` to that of `last`; beyond them as at the ends. */
export function zoneOffsets(timeZones: readonly string[], first: number, last: number): ClockSpans {
  const spans: ClockSpans = { keys: [], begins: [], ends: [], offsetsMs: [], moved: [] }
  for (const timeZone of timeZones) {
    const zone = IANAZone.create(timeZone)
    const changes: number[] = []
    const start = Math.floor(first / dayMs) * dayMs
    for (let day = start; day <= last; day += dayMs) {
      if (zone.offset(day) === zone.offset(day + dayMs)) continue
      for (let at = day; at < day + dayMs; at += quarterMs) {
        if (zone.offset(at) !== zone.offset(at + quarterMs)) changes.push(at + quarterMs)
      }
    }
    for (const [i, begins] of [null, ...changes].entries()) {
      const ends = changes[i]
      spans.keys.push(timeZone)
      spans.begins.push(begins === null ? '-infinity' : new Date(begins).toISOString())
      spans.ends.push(ends === undefined ? 'infinity' : new Date(ends).toISOString())
      spans.offsetsMs.push(zone.offset(begins ?? start) * 60_000)
    }
  }
  return spans
}
