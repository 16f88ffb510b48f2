/**
 * Makes what the demo needs, through the service's own interface: a brand, a deck and a plan for each currency,
 * and new clients. A brand that an earlier run has made is used again: its decks import anew and find themselves
 * unchanged; clients are of this run alone.
 */

import { Decimal } from '../src/money.ts'
import { exchangeRates, type InventedClient, inventedClients } from './invented-clients.ts'
import type { Destination } from './list-destinations.ts'
import { rateSheet } from './rate-sheet.ts'
import type { ServiceApi } from './service-api.ts'

export interface DemoClient extends InventedClient {
  id: string
  sipDomain: string
}

export interface ImportProgress {
  rowsRead: number
  rowsTotal: number
}

export interface ImportOutcome {
  currency: string
  rows: number
  ms: number
  added: number
  unchanged: number
}

interface Named {
  id: string
  name: string
}

type Currency = keyof typeof exchangeRates
const currencies: readonly Currency[] = ['EUR', 'USD', 'GBP', 'JPY']
export const priceSeed = 7
const brandName = 'Tollgate Demo'
/** The other currencies' decks name countries and carriers, but not every town. */
const longestPrefixOfSmallDecks = 5
const pollMs = 60

export async function findOrMakeBrand(api: ServiceApi): Promise<string> {
  const brands = await api.list<Named>('/v1/brands')
  const found = brands.find(({ name }) => name === brandName)
  if (found) return found.id
  const brand = await api.post<Named>('/v1/brands', {
    name: brandName,
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
  })
  return brand.id
}

/** 1 for the brand's first run. Names and domains of clients carry it: they are unique, and the books go on. */
export async function nextRun(api: ServiceApi, brandId: string): Promise<number> {
  const clients = await api.list<{ brandId: string; sipDomain: string }>('/v1/clients')
  const runs = clients
    .filter((client) => client.brandId === brandId)
    .map(({ sipDomain }) => Number(/\.demo(\d+)\./.exec(sipDomain)?.[1] ?? 0))
  return 1 + Math.max(0, ...runs)
}

/** The decks in the order of `currencies`; the first is the large one. */
export function deckSheets(destinations: readonly Destination[]): Map<Currency, string> {
  return new Map(
    currencies.map((currency, i) => {
      const sheet = destinations.filter(({ prefix }) => i === 0 || prefix.length <= longestPrefixOfSmallDecks)
      return [currency, rateSheet(sheet, { seed: priceSeed, exchangeRate: exchangeRates[currency] })]
    }),
  )
}

/** A plan for the currency, whose deck holds the sheet. Throws where the service refuses a row. */
export async function publishPlan(
  api: ServiceApi,
  of: { brandId: string; currency: Currency; sheet: string },
  onProgress: (progress: ImportProgress) => void,
): Promise<{ ratingPlanId: string; outcome: ImportOutcome }> {
  const { brandId, currency, sheet } = of
  const name = `World ${currency} (synthetic prices)`
  const decks = await api.list<Named & { brandId: string }>('/v1/rate-decks')
  const deck =
    decks.find((one) => one.brandId === brandId && one.name === name) ??
    (await api.post<Named>('/v1/rate-decks', { brandId, name, currency }))
  const outcome = await importSheet(api, deck.id, sheet, onProgress)
  const plans = await api.list<Named & { brandId: string }>('/v1/rating-plans')
  const plan =
    plans.find((one) => one.brandId === brandId && one.name === name) ??
    (await api.post<Named>('/v1/rating-plans', {
      brandId,
      name,
      currency,
      entries: [{ rateDeckId: deck.id }],
    }))
  return { ratingPlanId: plan.id, outcome: { currency, ...outcome } }
}

async function importSheet(
  api: ServiceApi,
  deckId: string,
  sheet: string,
  onProgress: (progress: ImportProgress) => void,
): Promise<Omit<ImportOutcome, 'currency'>> {
  const startedAt = performance.now()
  const rows = sheet.split('\n').length - 2
  const { id } = await api.postCsv<{ id: string }>(`/v1/rate-decks/${deckId}/imports`, sheet)
  for (;;) {
    const state = await api.get<{
      status: string
      rowsRead: number
      errors: { line: number; detail: string }[]
      summary: { added: number; unchanged: number } | null
    }>(`/v1/imports/${id}`)
    onProgress({ rowsRead: state.rowsRead, rowsTotal: rows })
    if (state.status === 'applied') {
      const { added = 0, unchanged = 0 } = state.summary ?? {}
      return { rows, ms: performance.now() - startedAt, added, unchanged }
    }
    if (state.status === 'rejected') {
      throw new Error(`the rate sheet is refused: ${JSON.stringify(state.errors.slice(0, 3))}`)
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

export async function makeClients(
  api: ServiceApi,
  of: { brandId: string; run: number; ratingPlanIds: ReadonlyMap<string, string>; plannedCalls: number },
): Promise<DemoClient[]> {
  const corporations = new Map<string, string>()
  for (const { corporation } of inventedClients) {
    if (corporation === undefined || corporations.has(corporation)) continue
    const made = await api.post<Named>('/v1/corporations', {
      brandId: of.brandId,
      name: numbered(corporation, of.run),
    })
    corporations.set(corporation, made.id)
  }
  const clients: DemoClient[] = []
  for (const invented of inventedClients.map((client) => fitMoney(client, of.plannedCalls))) {
    const name = numbered(invented.name, of.run)
    const sipDomain = `${invented.domain}.demo${of.run}.example.com`
    const corporationId = invented.corporation && corporations.get(invented.corporation)
    const { id } = await api.post<Named>('/v1/clients', {
      brandId: of.brandId,
      name,
      sipDomain,
      billingMethod: invented.billingMethod,
      currency: invented.currency,
      timeZone: invented.timeZone,
      language: invented.language,
      countryCode: invented.countryCode,
      maxCalls: invented.maxCalls ?? 0,
      maxDailyUsage: invented.maxDailyUsage ?? null,
      maxDailyUsageEmail: invented.email ?? null,
      creditLimit: invented.creditLimit ?? null,
      filterByIp: invented.authorizedSource !== undefined,
      ...(corporationId !== undefined && { corporationId }),
    })
    clients.push({ ...invented, name, id, sipDomain })
    await equip(api, clients[clients.length - 1] ?? invented, id, of.ratingPlanIds)
  }
  return clients
}

function numbered(name: string, run: number): string {
  return run === 1 ? name : `${name} ${run}`
}

/** The little money that is to run out does so in fewer calls, too. */
function fitMoney(client: InventedClient, plannedCalls: number): InventedClient {
  const fitted = (amount: string) =>
    Decimal.max('0.5', new Decimal(amount).times(Math.min(1, plannedCalls / 3000)))
      .toDecimalPlaces(2)
      .toFixed()
  return {
    ...client,
    ...(client.maxDailyUsage !== undefined && { maxDailyUsage: fitted(client.maxDailyUsage) }),
    ...(client.runsDry && client.topUp !== undefined && { topUp: fitted(client.topUp) }),
  }
}

async function equip(
  api: ServiceApi,
  client: InventedClient,
  id: string,
  ratingPlanIds: ReadonlyMap<string, string>,
): Promise<void> {
  if (!client.hasNoProfile) {
    await api.post(`/v1/clients/${id}/rating-profiles`, {
      ratingPlanId: ratingPlanIds.get(client.currency),
      // Long ago, so that a call told by hand is priced whatever its date.
      activatesAt: '2020-01-01T00:00:00Z',
    })
  }
  if (client.authorizedSource !== undefined) {
    await api.post(`/v1/clients/${id}/authorized-sources`, { cidr: client.authorizedSource })
  }
  if (client.topUp !== undefined) {
    await api.post(`/v1/clients/${id}/balance-movements`, {
      kind: 'top-up',
      amount: client.topUp,
      reference: 'first money',
    })
  }
}
