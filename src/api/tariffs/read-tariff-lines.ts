/**
 * The body of `POST /v1/tariff-imports`: a line of JSON for each deck, some of its rates, each calendar, each plan
 * and each profile.
 *
 * Lines are read as they come, so that a large body never holds the event loop for longer than a line takes. Throws
 * `InvalidRequest` with a pointer to each fault: the line counted from 0, then the place in it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import Type, { type Static } from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { type InputFault, InvalidRequest, TollgateError } from '../../errors.ts'
import { roundingModes } from '../../money.ts'
import type { SchemaFault } from '../../shapes/describe-faults.ts'
import { Currency, closed, Instant, Name, nullable, oneOf, TimeZone } from '../../shapes/fields.ts'
import { CalendarDays, PlanEntry } from '../../shapes/settings.ts'
import type { RateInput } from '../../tariffs/canonical-rate.ts'
import { checkCalendar } from '../../tariffs/check-calendar.ts'
import { findCalendarFault, toEntryCalendar } from '../../tariffs/entry-calendar.ts'
import { readRates } from '../../tariffs/read-rates.ts'
import type { DeckToImport, TariffImport } from '../../tariffs/tariff-import.ts'
import { parseJson } from '../conventions/parse-json.ts'
import { buildValidator, readFaults } from '../conventions/validation.ts'
import { RateGiven } from './rate-fields.ts'

export const maxTariffBytes = 256 * 1024 * 1024
const maxLineBytes = 4 * 1024 * 1024
const maxCount = 200_000
const maxRatesOfLine = 5_000
const maxTariffs = 10_000
const maxProfiles = 200_000

/** When an entry of a plan that is imported is open, on which dates, and for which callers. */
export const { rateDeckId: _rateDeckId, ...entryWindow } = PlanEntry.properties

export const TariffLine = {
  rateDeck: closed({
    name: Name,
    currency: Currency,
    rounding: closed({ mode: oneOf(roundingModes), decimals: Type.Integer({ minimum: 0, maximum: 6 }) }),
  }),
  /** Of the deck before them. */
  rates: Type.Array(RateGiven, { maxItems: maxRatesOfLine }),
  calendar: closed({ name: Name, days: CalendarDays }),
  ratingPlan: closed({
    name: Name,
    currency: Currency,
    timeZone: nullable(TimeZone),
    entries: Type.Array(
      closed({ rateDeck: Name, ...entryWindow, onCalendar: Type.Optional(nullable(Name)) }),
      { minItems: 1, maxItems: 1000 },
    ),
  }),
  ratingProfile: closed({ client: Name, ratingPlan: Name, activatesAt: Instant }),
}
type Kind = keyof typeof TariffLine
const kinds = Object.keys(TariffLine) as Kind[]

type Content = Pick<TariffImport, 'rateDecks' | 'calendars' | 'ratingPlans' | 'ratingProfiles'>

export async function readTariffLines(chunks: AsyncIterable<Buffer>): Promise<Content> {
  const reader = new TariffReader()
  let rest: Buffer[] = []
  let length = 0
  let total = 0
  let line = 0
  const take = (bytes: Buffer) => {
    line += 1
    if (bytes.some((byte) => byte > blank)) reader.add(line, bytes)
  }
  for await (const chunk of chunks) {
    total += chunk.length
    if (total > maxTariffBytes) throw tooLarge('An import of tariffs has at most 256 MiB.')
    let from = 0
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, from)) {
      take(Buffer.concat([...rest, chunk.subarray(from, end)]))
      // Lines that are there already come without a turn of the event loop between them.
      if (length > longLineBytes) await nextTurn()
      from = end + 1
      rest = []
      length = 0
    }
    rest.push(chunk.subarray(from))
    length += chunk.length - from
    if (length > maxLineBytes) throw tooLarge('A line of an import of tariffs has at most 4 MiB.')
  }
  take(Buffer.concat(rest))
  return reader.content
}

const longLineBytes = 32 * 1024
const lineEnd = 10
const blank = 32

class TariffReader {
  readonly content: Content = { rateDecks: [], calendars: [], ratingPlans: [], ratingProfiles: [] }
  #deck: DeckToImport | undefined
  #prefixes = new Set<string>()
  /** Thousands of rates share their terms and destinations: one text for all. */
  readonly #texts = new Map<string, string>()

  add(line: number, bytes: Buffer): void {
    const at = `/${line - 1}`
    const given = within(at, () => parseJson(bytes, { maxCount, halves: 'refused' }))
    const [kind, value] = readKind(given) ?? []
    if (!kind) throw faulty([{ pointer: at, detail: `must have one of ${kinds.join(', ')}, and no other` }])
    const place = `${at}/${kind}`
    checkShape(kind, value, place)
    if (kind === 'rates') this.#addRates(line, value as RateInput[], place)
    else if (kind === 'rateDeck') this.#addDeck(line, value as Static<typeof TariffLine.rateDeck>)
    else if (kind === 'calendar') this.#addCalendar(line, value as Static<typeof TariffLine.calendar>, place)
    else if (kind === 'ratingPlan') this.#addPlan(line, value as Static<typeof TariffLine.ratingPlan>, place)
    else this.#addProfile(line, value as Static<typeof TariffLine.ratingProfile>, place)
    const { rateDecks, calendars, ratingPlans, ratingProfiles } = this.content
    if ([rateDecks, calendars, ratingPlans].some(({ length }) => length > maxTariffs)) {
      throw faulty([
        { pointer: at, detail: `an import has at most ${maxTariffs} decks, and as many calendars and plans` },
      ])
    }
    if (ratingProfiles.length > maxProfiles) {
      throw faulty([{ pointer: at, detail: `an import has at most ${maxProfiles} profiles` }])
    }
  }

  #addDeck(line: number, given: Static<typeof TariffLine.rateDeck>): void {
    this.#deck = { line, ...given, rates: [] }
    this.#prefixes = new Set()
    this.content.rateDecks.push(this.#deck)
  }

  #addRates(line: number, given: RateInput[], place: string): void {
    const deck = this.#deck
    if (!deck) throw faulty([{ pointer: place, detail: 'must stand behind the deck that has them' }])
    const rates = within(place, () => readRates(given, deck.rounding))
    for (const [at, rate] of rates.entries()) {
      if (this.#prefixes.has(rate.prefix)) {
        const detail = `the prefix ${rate.prefix} stands in this deck already`
        throw faulty([{ pointer: `${place}/${at}/prefix`, detail }])
      }
      this.#prefixes.add(rate.prefix)
      const { destination, terms } = rate
      deck.rates.push({ ...rate, line, destination: this.#once(destination), terms: this.#once(terms) })
    }
  }

  #addCalendar(line: number, given: Static<typeof TariffLine.calendar>, place: string): void {
    within(place, () => checkCalendar(given.days))
    this.content.calendars.push({ line, ...given })
  }

  #addPlan(line: number, { entries, ...given }: Static<typeof TariffLine.ratingPlan>, place: string): void {
    const faults = entries.flatMap((entry, at) => {
      const detail =
        entry.onCalendar && entry.calendarId ? 'onCalendar stands already' : findCalendarFault(entry)
      return detail ? [{ pointer: `${place}/entries/${at}/calendar`, detail }] : []
    })
    if (faults.length > 0) throw faulty(faults)
    this.content.ratingPlans.push({
      line,
      ...given,
      entries: entries.map((entry) => ({
        rateDeck: entry.rateDeck,
        weight: entry.weight ?? 0,
        days: entry.days ?? null,
        from: entry.from ?? '00:00',
        to: entry.to ?? '24:00',
        originPrefixes: entry.originPrefixes ?? null,
        calendar: toEntryCalendar(entry),
        onCalendar: entry.onCalendar ?? null,
      })),
    })
  }

  #addProfile(line: number, given: Static<typeof TariffLine.ratingProfile>, place: string): void {
    const activatesAt = readInstant(given.activatesAt)
    if (activatesAt === undefined) {
      throw faulty([{ pointer: `${place}/activatesAt`, detail: 'is not a valid RFC 3339 timestamp' }])
    }
    this.content.ratingProfiles.push({ line, ...given, activatesAt })
  }

  #once(text: string): string {
    const known = this.#texts.get(text)
    if (known === undefined) this.#texts.set(text, text)
    return known ?? text
  }
}

function readKind(given: unknown): [Kind, unknown] | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const [entry, ...others] = Object.entries(given)
  const kind = kinds.find((known) => known === entry?.[0])
  return kind && others.length === 0 ? [kind, entry?.[1]] : undefined
}

interface ShapeCheck {
  (value: unknown): boolean
  errors?: unknown[] | null
}
const compiled = new Map<Kind, ShapeCheck>()

/** By the same rules as every other body; compiled with the first of its kind. */
function checkShape(kind: Kind, value: unknown, place: string): void {
  let check = compiled.get(kind)
  if (!check) {
    const compile = buildValidator({}, { customOptions: {} })
    const route = { schema: TariffLine[kind], method: 'POST', url: '', httpPart: 'body' }
    check = compile(route as never) as ShapeCheck
    compiled.set(kind, check)
  }
  if (check(value)) return
  const faults = readFaults((check.errors ?? []) as SchemaFault[])
  throw faulty(faults.map(({ pointer, detail }) => ({ pointer: `${place}${pointer}`, detail })))
}

/** Faults of a part, with the place of the part. */
function within<Part>(place: string, read: () => Part): Part {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error
    const errors = error.errors.length > 0 ? error.errors : [{ pointer: '', detail: error.message }]
    throw faulty(errors.map(({ pointer, detail }) => ({ pointer: `${place}${pointer}`, detail })))
  }
}

function faulty(errors: readonly InputFault[]): InvalidRequest {
  return new InvalidRequest('The tariffs do not have the expected form; nothing was imported.', errors)
}

function tooLarge(detail: string): TollgateError {
  return new TollgateError({ code: 'body_too_large', status: 413, detail })
}
