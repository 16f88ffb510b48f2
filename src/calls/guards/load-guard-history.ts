/**
 * What guards have to know of the time before: at the start of the service, and for a guard that is new.
 *
 * From the calls of the last hours and those that run. A settled call counts its price in equal parts over its minutes, a running one its
 * slices as the meter would have counted them.
 */
import {
  type CallOfHistory,
  listClientsWithAnswers,
  listCountriesReached,
  streamGuardHistory,
} from '../../db/guards/guard-history.ts'
import { sliceSeconds } from '../../limits/authorize.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { fixAmount, fixedZero } from '../../limits/fixed-amount.ts'
import { type KnownCountries, newCountryMs } from '../../limits/guarded-client.ts'
import { type CountedLeg, type GuardedLeg, type LegCosts, noCosts } from '../../limits/guarded-leg.ts'
import { guardsOfClient } from '../../limits/spend-guard.ts'
import type { Decimal } from '../../money.ts'
import { countryOfNumber } from '../../rating/country-of-number.ts'
import { isHighRiskNumber } from '../../rating/high-risk-number.ts'
import { RateTableNotLoaded } from '../../rating/tariff.ts'
import type { CallsContext } from '../calls-context.ts'
import { findLegRate } from '../judge-leg.ts'

const clientsAtOnce = 500
const hourMs = 3_600_000
/** Calls that began before a window and have minutes in it. */
const longCallMs = 3 * hourMs
const sliceMs = sliceSeconds * 1000

type Context = Pick<CallsContext, 'db' | 'configuration' | 'clock' | 'guards'>

/** For every client that has a guard. */
export async function loadAllGuardHistory(context: Context): Promise<void> {
  const { configuration } = context
  const clients = [...configuration.listClients()].filter(
    ({ id, brandId }) => guardsOfClient(configuration.getBrand(brandId).guards, id).length > 0,
  )
  await loadHistories(context, clients)
}

/** For the clients of one brand, or one of them, after its guards have changed. */
export async function loadGuardHistory(
  context: Context,
  { brandId, clientId }: { brandId: string; clientId: string | null },
): Promise<void> {
  const { configuration } = context
  const { guards } = configuration.getBrand(brandId)
  const clients = [...configuration.listClients()].filter(
    (client) =>
      client.brandId === brandId &&
      (clientId === null || client.id === clientId) &&
      guardsOfClient(guards, client.id).length > 0,
  )
  await loadHistories(context, clients)
}

/** For those whose guards have met a leg before their history was known. Answers how many. */
export async function loadMissingGuardHistory(context: Context): Promise<number> {
  const { configuration, clock, guards } = context
  const clients = guards
    .takeClientsWithoutHistory()
    .flatMap((id) => configuration.findClient(id, clock()) ?? [])
  await loadHistories(context, clients)
  return clients.length
}

async function loadHistories(context: Context, clients: readonly Client[]): Promise<void> {
  for (let from = 0; from < clients.length; from += clientsAtOnce) {
    await loadSome(context, clients.slice(from, from + clientsAtOnce))
  }
}

async function loadSome(context: Context, clients: readonly Client[]): Promise<void> {
  const { db, configuration, clock, guards } = context
  const now = clock()
  const byId = new Map(clients.map((client) => [client.id, client]))
  const clientIds = [...byId.keys()]
  const all = clients.flatMap(({ id, brandId }) => guardsOfClient(configuration.getBrand(brandId).guards, id))
  const windowMs = all.some(({ limits }) => limits.spendPerDay !== undefined) ? 24 * hourMs : hourMs
  const legs = new Map<string, CountedLeg[]>()
  const since = now - windowMs - longCallMs
  for await (const calls of streamGuardHistory(db.$client, { clientIds, since })) {
    for (const call of calls) {
      const client = byId.get(call.clientId)
      const leg = client && toCountedLeg(context, client, call, now)
      if (!leg) continue
      const known = legs.get(call.clientId)
      if (known) known.push(leg)
      else legs.set(call.clientId, [leg])
    }
  }
  const asksCountries = all.some(({ limits }) => limits.newCountries !== undefined)
  const countries = asksCountries
    ? await loadCountries(context, clientIds, now)
    : new Map<string, KnownCountries>()
  for (const client of clients) {
    const ofClient = legs.get(client.id)
    const known = countries.get(client.id)
    // Nothing to know: its memory is made with its first leg.
    if (!ofClient && !known && !guards.hasMemory(client.id)) continue
    guards.loadHistory(client, ofClient ?? [], known ?? { answeredAt: new Map(), hasAnswered: false })
  }
}

export async function loadCountries(
  { db }: Pick<CallsContext, 'db'>,
  clientIds: readonly string[],
  now: number,
): Promise<Map<string, KnownCountries>> {
  const reached = await listCountriesReached(db.$client, {
    clientIds,
    since: now - newCountryMs,
    until: now,
  })
  const withAnswers = await listClientsWithAnswers(db.$client, { clientIds, until: now })
  const countries = new Map<string, KnownCountries>()
  for (const clientId of withAnswers) {
    countries.set(clientId, { answeredAt: new Map(), hasAnswered: true })
  }
  for (const { clientId, country, digits, answeredAt } of reached) {
    const name = country ?? (digits === null ? '' : (countryOfNumber(digits) ?? ''))
    const known = countries.get(clientId)?.answeredAt
    known?.set(name, Math.min(now, Math.max(answeredAt, known.get(name) ?? 0)))
  }
  return countries
}

/** undefined: guards count nothing of it. */
function toCountedLeg(
  context: Context,
  client: Client,
  call: CallOfHistory,
  now: number,
): CountedLeg | undefined {
  const { callId, from, to, status, price, at, answeredAt, durationSeconds } = call
  const isBilled = termsAt(client.terms, at).billingMethod !== 'none'
  if (isFree(client, call)) return undefined
  const isOpen = status === 'authorized' || status === 'started'
  const ofClient = context.guards.getCosts(client)
  const costs = isBilled ? ofClient : noCosts
  const leg = {
    ...{ callId, from, to, at, rateAt: answeredAt ?? at },
    isHighRisk: isHighRisk(context, client, call),
  }
  const state = isOpen
    ? answeredAt === null && status === 'authorized'
      ? 'granted'
      : 'running'
    : status === 'expired' || answeredAt === null
      ? 'attempt'
      : 'over'
  const slices = isOpen
    ? sliceRunning(leg, costs, { at, answeredAt, now })
    : state === 'over' && price !== null
      ? slicePrice(ofClient.convert(price), {
          at: answeredAt ?? at,
          seconds: durationSeconds ?? 0,
        })
      : [{ at, amount: fixedZero }]
  return { ...leg, answeredAt, state, slices, costs }
}

function sliceRunning(
  leg: GuardedLeg,
  costs: LegCosts,
  { at, answeredAt, now }: { at: number; answeredAt: number | null; now: number },
): CountedLeg['slices'] {
  const count = answeredAt === null ? 1 : Math.max(1, Math.ceil((now - answeredAt) / sliceMs))
  return Array.from({ length: count }, (_, place) => ({
    at: place === 0 || answeredAt === null ? at : answeredAt + place * sliceMs,
    amount: costs.priceOfSlice(leg, place),
  }))
}

/** Equal parts, the last takes what rounding leaves. */
function slicePrice(price: Decimal, { at, seconds }: { at: number; seconds: number }): CountedLeg['slices'] {
  const count = Math.max(1, Math.ceil(seconds / sliceSeconds))
  const part = price.div(count).toDecimalPlaces(6)
  return Array.from({ length: count }, (_, place) => ({
    at: at + place * sliceMs,
    amount: fixAmount(place === count - 1 ? price.minus(part.times(count - 1)) : part),
  }))
}

export function isHighRisk(
  context: Pick<CallsContext, 'configuration'>,
  client: Client,
  { from, to, at, answeredAt }: CallOfHistory,
): boolean {
  try {
    const rate = findLegRate(context, client, { from, to, at: answeredAt ?? at })
    return (rate.priced ? rate.rate.highRisk : null) ?? isHighRiskNumber(to)
  } catch (error) {
    if (error instanceof RateTableNotLoaded) return isHighRiskNumber(to)
    throw error
  }
}

/** A free number: no guard ever asks about it. */
export function isFree(client: Client, { status, at }: CallOfHistory): boolean {
  return status === 'unpriced' && termsAt(client.terms, at).billingMethod !== 'none'
}
