/**
 * May these tariffs be imported into a brand that has these decks, plans and clients?
 *
 * Every fault is named, with the line it stands on. A profile that cannot be made is a warning where it is alone in that:
 * its client is not there, or has another plan from that very instant.
 */
import type { KnownClient, KnownOfBrand, KnownTariff } from '../db/tariffs/tariff-imports.ts'
import { isCurrency } from '../money.ts'
import { checkPlan } from './check-plan.ts'
import type {
  CalendarToImport,
  DeckToImport,
  PlanToImport,
  ProfileToImport,
  TariffImport,
  TariffImportFault,
  TariffImportWarning,
} from './tariff-import.ts'

export interface CheckedImport {
  errors: TariffImportFault[]
  warnings: TariffImportWarning[]
  /** Those that can be made, or are there already. */
  profiles: { clientId: string; ratingPlan: string; activatesAt: number; isThere: boolean }[]
}

/** `calendars`: ids of those that the brand has. */
export function checkTariffImport(
  order: TariffImport,
  known: KnownOfBrand,
  calendars: ReadonlySet<string>,
): CheckedImport {
  const checked: CheckedImport = { errors: [], warnings: [], profiles: [] }
  const { errors } = checked
  const decks = checkTariffs(order, {
    noun: 'rate deck',
    list: order.rateDecks,
    known: known.rateDecks,
    errors,
  })
  const plans = checkTariffs(order, {
    noun: 'rating plan',
    list: order.ratingPlans,
    known: known.ratingPlans,
    errors,
  })
  const ownCalendars = checkCalendars(order.calendars, errors)
  for (const plan of order.ratingPlans) checkEntries(plan, { decks, calendars, ownCalendars, errors })
  checkProfiles(order.ratingProfiles, { plans, known, checked })
  for (const name of new Set(order.replace)) {
    if (decks.has(name) || plans.has(name)) continue
    const detail = `No rate deck and no rating plan of this import is called "${name}".`
    errors.push({ line: null, code: 'unknown_replacement', detail })
  }
  return checked
}

/** What decks and plans are asked alike. Answers them by name. */
function checkTariffs<Tariff extends DeckToImport | PlanToImport>(
  { source, replace }: TariffImport,
  of: {
    noun: string
    list: readonly Tariff[]
    known: readonly KnownTariff[]
    errors: TariffImportFault[]
  },
): Map<string, Tariff> {
  const { noun, errors } = of
  const known = new Map(of.known.map((one) => [one.name, one]))
  const byName = new Map<string, Tariff>()
  for (const tariff of of.list) {
    const { line, name, currency } = tariff
    const fault = (code: TariffImportFault['code'], detail: string) => errors.push({ line, code, detail })
    if (byName.has(name)) fault('repeated_name', `Two of the import's ${noun}s are called "${name}".`)
    byName.set(name, tariff)
    if (!isCurrency(currency)) fault('unknown_currency', `${currency} is not an ISO 4217 currency.`)
    const former = known.get(name)
    if (!former) continue
    if (former.source !== source && !replace.includes(name)) {
      const maker = former.source === null ? 'by hand' : `by an import of ${former.source}`
      fault(
        'not_imported',
        `The ${noun} "${name}" was made ${maker}: rename it, or name it as one to replace.`,
      )
    }
    if (former.currency !== currency) {
      fault(
        'currency_mismatch',
        `The ${noun} "${name}" is in ${former.currency}, the import's in ${currency}.`,
      )
    }
  }
  return byName
}

function checkCalendars(
  list: readonly CalendarToImport[],
  errors: TariffImportFault[],
): Map<string, CalendarToImport> {
  const byName = new Map<string, CalendarToImport>()
  for (const calendar of list) {
    const { line, name } = calendar
    const detail = `Two of the import's calendars are called "${name}".`
    if (byName.has(name)) errors.push({ line, code: 'repeated_name', detail })
    byName.set(name, calendar)
  }
  return byName
}

function checkEntries(
  { line, name, currency, timeZone, entries }: PlanToImport,
  {
    decks,
    calendars,
    ownCalendars,
    errors,
  }: {
    decks: ReadonlyMap<string, DeckToImport>
    calendars: ReadonlySet<string>
    ownCalendars: ReadonlyMap<string, CalendarToImport>
    errors: TariffImportFault[]
  },
): void {
  const content = {
    timeZone,
    entries: entries.map(({ onCalendar, ...entry }) => {
      const calendar = ownCalendars.get(onCalendar ?? '')
      const days = calendar && { calendarId: calendar.name, mode: 'on' as const, days: calendar.days }
      return { ...entry, rateDeckId: entry.rateDeck, ...(days && { calendar: days }) }
    }),
  }
  for (const { pointer, detail } of checkPlan(content).faults) {
    errors.push({ line, code: 'invalid_plan', detail: `The rating plan "${name}", ${pointer}: ${detail}` })
  }
  for (const { rateDeck, calendar, onCalendar } of entries) {
    if (calendar && !calendars.has(calendar.calendarId.toLowerCase())) {
      const detail = `The rating plan "${name}" asks the calendar ${calendar.calendarId}, which the brand has not.`
      errors.push({ line, code: 'unknown_calendar', detail })
    }
    if (onCalendar && !ownCalendars.has(onCalendar)) {
      const detail = `The rating plan "${name}" has the calendar "${onCalendar}", which the import has not.`
      errors.push({ line, code: 'unknown_calendar', detail })
    }
    const deck = decks.get(rateDeck)
    if (!deck) {
      const detail = `The rating plan "${name}" has the rate deck "${rateDeck}", which the import has not.`
      errors.push({ line, code: 'unknown_rate_deck', detail })
    } else if (deck.currency !== currency) {
      const detail = `The rate deck "${rateDeck}" is in ${deck.currency}, the rating plan "${name}" in ${currency}.`
      errors.push({ line, code: 'currency_mismatch', detail })
    }
  }
}

function checkProfiles(
  list: readonly ProfileToImport[],
  from: { plans: ReadonlyMap<string, PlanToImport>; known: KnownOfBrand; checked: CheckedImport },
): void {
  const { plans, known, checked } = from
  const find = clientFinder(known.clients)
  const planNames = new Map(known.ratingPlans.map(({ id, name }) => [id, name]))
  const key = (clientId: string, activatesAt: number) => `${clientId} ${activatesAt}`
  /** Name of the plan by client and instant; a plan outside the import has none. */
  const taken = new Map(
    known.profiles.map((one) => [
      key(one.clientId, one.activatesAt),
      { plan: planNames.get(one.ratingPlanId), isThere: true },
    ]),
  )
  for (const { line, client: reference, ratingPlan, activatesAt } of list) {
    const plan = plans.get(ratingPlan)
    const client = find(reference)
    if (!plan) {
      const detail = `There is no rating plan "${ratingPlan}" in the import.`
      checked.errors.push({ line, code: 'unknown_rating_plan', detail })
    } else if (!client) {
      checked.warnings.push({ line, code: 'unknown_client', detail: `there is no client "${reference}"` })
    } else if (client.currency !== plan.currency) {
      const detail = `The client "${reference}" is in ${client.currency}, its rating plan "${ratingPlan}" in ${plan.currency}.`
      checked.errors.push({ line, code: 'currency_mismatch', detail })
    } else {
      const before = taken.get(key(client.id, activatesAt))
      if (before === undefined) {
        taken.set(key(client.id, activatesAt), { plan: ratingPlan, isThere: false })
        checked.profiles.push({ clientId: client.id, ratingPlan, activatesAt, isThere: false })
      } else if (before.plan === ratingPlan) {
        if (before.isThere)
          checked.profiles.push({ clientId: client.id, ratingPlan, activatesAt, isThere: true })
      } else {
        const detail = `the client "${reference}" has another plan from this instant: the profile is not made`
        checked.warnings.push({ line, code: 'other_plan', detail })
      }
    }
  }
}

/** By id, else by SIP domain, else by name. */
function clientFinder(clients: readonly KnownClient[]): (reference: string) => KnownClient | undefined {
  const byId = new Map(clients.map((client) => [client.id, client]))
  const byDomain = new Map(clients.map((client) => [client.sipDomain, client]))
  const byName = new Map(clients.map((client) => [client.name, client]))
  return (reference) => {
    const lower = reference.toLowerCase()
    return byId.get(lower) ?? byDomain.get(lower) ?? byName.get(reference)
  }
}
