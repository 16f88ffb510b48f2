/**
 * What do those who watch see? Of a brand or the platform its figures; of a client its running calls with what they cost
 * so far, its balance, the usage of its day and what is left of its allowances.
 */

import { findBalance, findDailyUsage, sumGrantsOfDay } from '../../db/accounts/read-accounts.ts'
import { listRunningCalls } from '../../db/calls/list-calls.ts'
import { listAllowancesOfDay } from '../../db/clients/allowances.ts'
import type { Tx } from '../../db/connection.ts'
import type { DayInZone } from '../../db/days-in-zones.ts'
import { readFigures } from '../../db/live/read-figures.ts'
import { readAtOnceAsTenant } from '../../db/read-as-tenant.ts'
import { asTenant, findDriver, platformTenant, type Tenant } from '../../db/tenant.ts'
import { termsAt } from '../../limits/client.ts'
import { zero } from '../../money.ts'
import { localDay } from '../../rating/local-day.ts'
import { showBalance, showDailyUsage } from '../accounts/accounts.ts'
import { showRunningCalls } from '../calls/running-calls.ts'
import { addPeriods } from '../clients/allowances.ts'
import type { ApiContext } from '../context.ts'

/** Who is looked at: a client, a brand, or with both null the platform. */
export interface Watched {
  brandId: string | null
  clientId: string | null
}

const maxRunningCalls = 100
const maxAllowances = 100

export async function lookAtFigures(context: ApiContext, { brandId }: Watched) {
  const now = context.calls.clock()
  const wanted = { brandId, today: listDays(context, brandId, now), utcDay: localDay(now, 'UTC') }
  const tenant = asWatched({ brandId, clientId: null })
  const [figures, health] = await Promise.all([
    readAtOnceAsTenant(context.db, tenant, (tx) => readFigures(tx, wanted), 'planned'),
    // What is not well is the platform's own affair.
    brandId === null ? context.health('all') : null,
  ])
  return { ...figures, health: health && { ok: health.ok, checks: health.checks, details: health.details } }
}

/** Which day it is now in each zone that the clients are in. */
function listDays({ configuration }: ApiContext, brandId: string | null, now: number): DayInZone[] {
  const zones = new Set<string>()
  for (const client of configuration.listClients()) {
    if (brandId === null || client.brandId === brandId) zones.add(termsAt(client.terms, now).timeZone)
  }
  return [...zones].map((timeZone) => ({ timeZone, day: localDay(now, timeZone) }))
}

export async function lookAtClient(context: ApiContext, watched: Watched & { clientId: string }) {
  const { clientId } = watched
  const now = context.calls.clock()
  const client = context.configuration.findClient(clientId, now)
  const read = await asTenant(context.db, asWatched(watched), async (tx) => {
    const day = client && localDay(now, termsAt(client.terms, now).timeZone)
    return {
      calls: await listRunningCalls(tx, clientId, maxRunningCalls),
      balance: await findBalance(findDriver(tx), clientId),
      usage: day === undefined ? undefined : await findDailyUsage(tx, { clientId, day }),
      granted: day === undefined ? zero : await sumGrantsOfDay(tx, { clientId, day }),
      allowances: day === undefined ? [] : await listOfToday(tx, clientId, day),
      day,
    }
  })
  if (!client || read.day === undefined) {
    return { runningCalls: [], balance: null, dailyUsage: null, allowances: [] }
  }
  return {
    runningCalls: await showRunningCalls(context, read.calls, now),
    balance: read.balance ? showBalance(read.balance) : null,
    dailyUsage: showDailyUsage(client, read.day, read.usage, read.granted),
    allowances: read.allowances,
  }
}

async function listOfToday(tx: Tx, clientId: string, day: string) {
  return addPeriods(tx, await listAllowancesOfDay(tx, { clientId, day, limit: maxAllowances }), day)
}

function asWatched({ brandId, clientId }: Watched): Tenant {
  if (brandId === null) return platformTenant
  return { role: clientId === null ? 'brand' : 'client', brandId, clientId }
}
