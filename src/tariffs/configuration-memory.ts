/**
 * The configuration as one replica holds it: finished things by id, replaced whole and never changed.
 *
 * `load` reads without touching memory, `apply` swaps in one go without a pause, so whoever reads between two
 * awaits sees one version of everything.
 */

import * as stored from '../db/configuration/configuration.ts'
import type { Tx } from '../db/connection.ts'
import type { StoredPlan, StoredRateDeck } from '../db/tariffs/stored-tariffs.ts'
import type { ApplicationServer, Brand, Client, MediaRelaySet } from '../limits/client.ts'
import type { Carrier } from '../rating/carrier.ts'
import type { ExchangeRates } from '../rating/exchange-rates.ts'
import { SipDomains } from './sip-domains.ts'

export interface ConfigurationMemory {
  readonly brands: Map<string, Brand>
  readonly clients: Map<string, Client>
  readonly sipDomains: SipDomains
  readonly rateDecks: Map<string, StoredRateDeck>
  readonly plans: Map<string, StoredPlan>
  readonly mediaRelaySets: Map<string, MediaRelaySet>
  readonly applicationServers: Map<string, ApplicationServer>
  readonly carriers: Map<string, Carrier>
  /** The same by brand and code. */
  readonly carriersByCode: Map<string, Carrier>
  /** The same by brand. */
  readonly carriersByBrand: Map<string, Carrier[]>
  /** By brand; one without rates of exchange has no entry. */
  readonly exchangeRates: Map<string, BrandExchangeRates>
}

export interface BrandExchangeRates {
  /** The brand's. */
  id: string
  rates: ExchangeRates
}

/** What is to be read anew, by the words of the change list. */
export type Wanted = Map<string, stored.Ids>

/** More of one kind than these are read with all others in one go. */
const maxNamed = 2_000

export function emptyMemory(): ConfigurationMemory {
  return {
    brands: new Map(),
    clients: new Map(),
    sipDomains: new SipDomains(),
    rateDecks: new Map(),
    plans: new Map(),
    mediaRelaySets: new Map(),
    applicationServers: new Map(),
    carriers: new Map(),
    carriersByCode: new Map(),
    carriersByBrand: new Map(),
    exchangeRates: new Map(),
  }
}

const kinds = [
  'brand',
  'client',
  'rate-deck',
  'rating-plan',
  'media-relay-set',
  'application-server',
  'carrier',
  'exchange-rates',
]
export const everything: Wanted = new Map(kinds.map((kind) => [kind, 'all' as const]))

export function groupChanges(changes: readonly { kind: string; id: string }[]): Wanted {
  const ids = new Map<string, string[]>()
  for (const { kind, id } of changes) {
    const named = ids.get(kind)
    if (named) named.push(id)
    else ids.set(kind, [id])
  }
  return new Map([...ids].map(([kind, named]) => [kind, named.length > maxNamed ? 'all' : named]))
}

/** Reads what is wanted; the answer puts it into memory. */
export async function loadConfiguration(
  tx: Tx,
  wanted: Wanted,
): Promise<(memory: ConfigurationMemory) => void> {
  const read = async <Thing>(kind: string, list: (tx: Tx, ids: stored.Ids) => Promise<Thing[]>) => {
    const ids = wanted.get(kind)
    return ids === undefined ? undefined : { ids, things: await list(tx, ids) }
  }
  const brands = await read('brand', stored.listConfiguredBrands)
  const clients = await read('client', stored.listConfiguredClients)
  const rateDecks = await read('rate-deck', stored.listConfiguredRateDecks)
  const plans = await read('rating-plan', stored.listConfiguredPlans)
  const mediaRelaySets = await read('media-relay-set', stored.listConfiguredMediaRelaySets)
  const applicationServers = await read('application-server', stored.listConfiguredApplicationServers)
  const carriers = await read('carrier', stored.listConfiguredCarriers)
  const exchangeRates = await read('exchange-rates', stored.listConfiguredExchangeRates)
  return (memory) => {
    replace(memory.brands, brands)
    if (clients) replaceClients(memory, clients)
    replace(memory.rateDecks, rateDecks)
    replace(memory.plans, plans)
    replace(memory.mediaRelaySets, mediaRelaySets)
    replace(memory.applicationServers, applicationServers)
    if (carriers) replaceCarriers(memory, carriers)
    replace(memory.exchangeRates, exchangeRates)
  }
}

interface Loaded<Thing> {
  ids: stored.Ids
  things: readonly Thing[]
}

function replace<Thing extends { id: string }>(
  memory: Map<string, Thing>,
  loaded: Loaded<Thing> | undefined,
): void {
  if (!loaded) return
  if (loaded.ids === 'all') memory.clear()
  else for (const id of loaded.ids) memory.delete(id)
  for (const thing of loaded.things) memory.set(thing.id, thing)
}

export function carrierKey({ brandId, code }: { brandId: string; code: string }): string {
  return `${brandId} ${code}`
}

/** There are few carriers: their indexes are made anew. */
function replaceCarriers(memory: ConfigurationMemory, loaded: Loaded<Carrier>): void {
  replace(memory.carriers, loaded)
  memory.carriersByCode.clear()
  memory.carriersByBrand.clear()
  for (const carrier of memory.carriers.values()) {
    memory.carriersByCode.set(carrierKey(carrier), carrier)
    const ofBrand = memory.carriersByBrand.get(carrier.brandId)
    if (ofBrand) ofBrand.push(carrier)
    else memory.carriersByBrand.set(carrier.brandId, [carrier])
  }
}

function replaceClients(memory: ConfigurationMemory, loaded: Loaded<Client>): void {
  if (loaded.ids === 'all') memory.sipDomains.clear()
  else {
    for (const id of loaded.ids) {
      const former = memory.clients.get(id)
      if (former) memory.sipDomains.delete(former)
    }
  }
  replace(memory.clients, loaded)
  for (const client of loaded.things) memory.sipDomains.add(client)
}
