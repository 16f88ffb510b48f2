/**
 * How old are the time zone data that days and windows are reckoned by? They come with Node, and states change their clocks at
 * a few weeks' notice. Always shown, and warned of at the start.
 */
import { Gauge, type Registry } from 'prom-client'
import type { Log } from '../logging/log.ts'
import { releasedAt } from '../rating/time-zones.ts'

/** A release a quarter or two, which the next releases of Node carry. */
export const oldTimeZoneDays = 270
const dayMs = 86_400_000

export function timeZoneAgeDays(version: string, now: number): number {
  return Math.max(0, Math.floor((now - releasedAt(version)) / dayMs))
}

/** `version` as `process.versions.tz` has it. */
export function watchTimeZoneAge(
  registry: Registry,
  { version, clock, log }: { version: string; clock: () => number; log: Log },
): void {
  const ageDays = () => timeZoneAgeDays(version, clock())
  new Gauge({
    name: 'tollgate_time_zone_data_age_days',
    help: 'Age of the time zone data of Node; take a newer Node before 270 days.',
    registers: [registry],
    collect() {
      this.set(ageDays())
    },
  })
  if (ageDays() > oldTimeZoneDays) {
    const remedy = 'the time zone data are old: take a newer release of Node'
    log.warn({ event: 'time_zone_data_old', version, ageDays: ageDays() }, remedy)
  }
}
