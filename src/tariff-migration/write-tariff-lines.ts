/**
 * Imported tariffs as the lines of `POST /v1/tariff-imports`: each deck with its rates behind it, calendars, plans, profiles.
 */
import type { Rate } from '../rating/rate.ts'
import type { ImportedTariffs } from './imported-tariffs.ts'

const ratesOfLine = 1_000

/** `onProfile` is told the line, from 1, on which a profile stands. */
export function* writeTariffLines(
  { decks, calendars, plans, profiles }: ImportedTariffs,
  onProfile: (line: number, profile: ImportedTariffs['profiles'][number]) => void,
): Generator<string> {
  let line = 0
  const write = (content: object) => {
    line += 1
    return `${JSON.stringify(content)}\n`
  }
  for (const { name, currency, rounding, rates } of decks) {
    yield write({ rateDeck: { name, currency, rounding } })
    for (const some of inChunks(rates.values())) yield write({ rates: some })
  }
  for (const calendar of calendars) yield write({ calendar })
  for (const { name, currency, timeZone, entries } of plans) {
    const named = entries.map(({ deck, ...entry }) => ({ rateDeck: deck, ...entry }))
    yield write({ ratingPlan: { name, currency, timeZone, entries: named } })
  }
  for (const profile of profiles) {
    const { client, plan, activatesAt } = profile
    yield write({ ratingProfile: { client, ratingPlan: plan, activatesAt } })
    onProfile(line, profile)
  }
}

function* inChunks(rates: Iterable<Rate>): Generator<Rate[]> {
  let chunk: Rate[] = []
  for (const rate of rates) {
    chunk.push(rate)
    if (chunk.length < ratesOfLine) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
