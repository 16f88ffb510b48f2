/**
 * Which invoices are due by themselves, and what becomes of them?
 *
 * Each pass opens the periods that are over in their client's own zone, also those missed while the service was down,
 * and issues them one by one: claim with SKIP LOCKED, issue and mark in one transaction. A refusal (a call without a
 * price, a call that still runs) is kept with its names and tried again, after a minute first and an hour at most;
 * later periods of that client wait, so none is skipped. A failure of the surroundings ends the pass.
 */
import { type Batch, inBatch } from '../db/batch.ts'
import { callBackByMark } from '../db/calls/leases.ts'
import { isInfrastructureFailure } from '../db/failures.ts'
import {
  type ClaimedPeriod,
  claimPeriod,
  type DuePeriod,
  failPeriod,
  finishPeriod,
  listEnabledSchedules,
  listScheduledClients,
  openPeriods,
  type RunningSchedule,
  type ScheduledClient,
} from '../db/invoices/invoice-schedule-periods.ts'
import { TollgateError } from '../errors.ts'
import { whenLeasesAreBack } from '../ledger/leases-in-the-way.ts'
import type { InvoiceTerms } from './invoice-terms.ts'
import type { InvoicesContext } from './invoices-context.ts'
import { issueNewInBatch } from './issue-invoice.ts'
import { periodAt, periodsOver, startOfLocalDay } from './schedule-periods.ts'

export interface ScheduleReport {
  issued: number
  empty: number
  failed: number
}

const clientsPerPage = 500
/** A client that was away for long catches up a hundred periods a pass. */
const periodsPerPass = 100

/** Resolves when nothing is due any more, or `stop` asks to leave off. */
export async function runInvoiceSchedules(
  context: InvoicesContext,
  options: { parallel?: number; stop?: () => boolean; onProgress?: (report: ScheduleReport) => void } = {},
): Promise<ScheduleReport> {
  await openDuePeriods(context)
  const report: ScheduleReport = { issued: 0, empty: 0, failed: 0 }
  const work = async () => {
    while (!options.stop?.()) {
      const outcome = await issueNextPeriod(context)
      if (outcome === 'none') return
      report[outcome]++
      options.onProgress?.(report)
    }
  }
  await Promise.all(Array.from({ length: options.parallel ?? 1 }, work))
  return report
}

/** Each is opened when it is over in its client's zone. */
async function openDuePeriods({ sql, clock }: InvoicesContext): Promise<void> {
  const now = clock()
  for (const schedule of await listEnabledSchedules(sql)) {
    let after: string | null = null
    for (;;) {
      const clients = await listScheduledClients(sql, schedule, { after, limit: clientsPerPage })
      await openPeriods(sql, duePeriods(schedule, clients, now), now)
      after = clients.at(-1)?.clientId ?? null
      if (clients.length < clientsPerPage) break
    }
  }
}

function duePeriods(
  schedule: RunningSchedule,
  clients: readonly ScheduledClient[],
  now: number,
): DuePeriod[] {
  return clients.flatMap((client) => {
    const index = client.lastIndex === null ? firstIndex(schedule, client, now) : client.lastIndex + 1
    const { clientId, timeZone } = client
    return periodsOver(schedule.rule, { index, timeZone, now, max: periodsPerPass }).map((over) => ({
      scheduleId: schedule.id,
      clientId,
      index: over.index,
      ...over.period,
    }))
  })
}

/** A client that came later owes nothing for the periods before it. */
function firstIndex({ rule }: RunningSchedule, client: ScheduledClient, now: number): number {
  let index = 0
  for (;;) {
    const end = startOfLocalDay(periodAt(rule, index).to, client.timeZone)
    if (end > client.createdAt || end > now) return index
    index++
  }
}

type Outcome = 'issued' | 'empty' | 'failed' | 'none'

async function issueNextPeriod(context: InvoicesContext): Promise<Outcome> {
  let claimed: ClaimedPeriod | undefined
  try {
    return await whenLeasesAreBack(
      (owners) => callBackByMark(context.sql, owners),
      () =>
        inBatch(context.sql, async (batch) => {
          claimed = await claimPeriod(batch.tx, context.clock())
          return claimed ? issuePeriod(context, batch, claimed) : 'none'
        }),
    )
  } catch (error) {
    if (!claimed || isInfrastructureFailure(error)) throw error
    const now = context.clock()
    await failPeriod(context.sql, claimed, {
      error: toFailure(error),
      now,
      nextAttemptAt: now + Math.min(60_000 * 2 ** claimed.attempts, 3_600_000),
    })
    return 'failed'
  }
}

async function issuePeriod(
  context: InvoicesContext,
  batch: Batch,
  claimed: ClaimedPeriod,
): Promise<'issued' | 'empty'> {
  const now = context.clock()
  const issued = await issueNewInBatch(
    context,
    batch,
    {
      scope: { brandId: claimed.brandId, clientId: null },
      actor: `schedule ${claimed.scheduleId}`,
      clientId: claimed.clientId,
      numberSequenceId: claimed.numberSequenceId,
      period: { from: claimed.from, to: claimed.to },
      terms: scheduledTerms(claimed),
      email: claimed.email,
      alsoWrite: (tx, { id }) => [finishPeriod(tx, claimed, { invoiceId: id, now })],
    },
    'leave',
  )
  if (!issued) {
    await batch.commitAfter([finishPeriod(batch.tx, claimed, { invoiceId: null, now })])
    return 'empty'
  }
  if (issued.news) context.onCommitted(issued.news)
  return 'issued'
}

/** Months are the schedule's own, where its periods are made of them. */
function scheduledTerms({ terms, unit, firstDay }: ClaimedPeriod): InvoiceTerms {
  return unit === 'month' || unit === 'year' ? { ...terms, monthsFrom: firstDay } : terms
}

function toFailure(error: unknown): object {
  if (error instanceof TollgateError) {
    return { code: error.code, detail: error.message, errors: error.errors.slice(0, 20) }
  }
  return {
    code: 'internal_error',
    detail: error instanceof Error ? error.message : String(error),
    errors: [],
  }
}
