/**
 * Which names of time zones are taken, and of which age are the data behind them?
 *
 * `UTC` and the names of places, `Area/Place`. Abbreviations are not: IST, BST and CET are other places to other programs, VST
 * and NET are known to some alone. Names that were stored before go on working: whoever reads them asks nothing here.
 */
import { IANAZone } from 'luxon'

const nameOfPlace = /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/

export function isTimeZone(text: string): boolean {
  return text === 'UTC' || (nameOfPlace.test(text) && IANAZone.isValidZone(text))
}

/** When releases of the IANA data appeared, in UTC (python/tzdata, NEWS.md; until 2024a the NEWS of the data themselves, too). */
const releases: Record<string, string> = {
  '2024a': '2024-02-01',
  '2024b': '2024-09-04',
  '2025a': '2025-01-15',
  '2025b': '2025-03-22',
  '2025c': '2025-12-10',
  '2026a': '2026-03-02',
  '2026c': '2026-07-08',
}

/** Milliseconds since 1970; of a release that is not listed the first instant of its year, so that it counts as older. */
export function releasedAt(version: string): number {
  return Date.parse(releases[version] ?? `${version.slice(0, 4)}-01-01`)
}
