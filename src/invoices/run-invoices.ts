/**
 * One period invoiced for many clients of a brand, in a stream: a page of clients at a time, a few at once, each in a
 * transaction of its own. Memory does not grow with their number.
 *
 * A client that is refused is told to `onRefused` and holds nobody up; one that has its invoice already is refused
 * with `period_overlap`, so a run that broke off is simply run again. A failure of the surroundings throws.
 */
import { inBatch } from '../db/batch.ts'
import type { ScheduleFilter } from '../db/invoice-schedule-periods.ts'
import { countInvoiceableClients, listInvoiceableClients } from '../db/list-invoiceable-clients.ts'
import { TollgateError } from '../errors.ts'
import type { Period } from './invoice.ts'
import type { InvoiceTerms } from './invoice-terms.ts'
import type { InvoicesContext, Request } from './invoices-context.ts'
import { issueNewInBatch, tell } from './issue-invoice.ts'

export interface WantedRun extends Request {
  brandId: string
  filter: ScheduleFilter
  numberSequenceId: string
  period: Period
  terms: InvoiceTerms
  /** How many at once; their series is one, so more than a few gain nothing. */
  parallel?: number
  onProgress?: (progress: RunProgress) => void
  onRefused?: (clientId: string, error: TollgateError) => void
}

export interface RunProgress {
  total: number
  issued: number
  /** Nothing to put on an invoice. */
  empty: number
  refused: number
}

export async function runInvoices(context: InvoicesContext, wanted: WantedRun): Promise<RunProgress> {
  const { brandId, filter } = wanted
  const total = await countInvoiceableClients(context.sql, { brandId, filter })
  const progress: RunProgress = { total, issued: 0, empty: 0, refused: 0 }
  const clients = streamClients(context, wanted)
  const work = async () => {
    for (;;) {
      const next = await clients.next()
      if (next.done) return
      progress[await invoiceOne(context, wanted, next.value)]++
      wanted.onProgress?.(progress)
    }
  }
  await Promise.all(Array.from({ length: wanted.parallel ?? 2 }, work))
  return progress
}

async function* streamClients(
  { sql }: InvoicesContext,
  { brandId, filter }: WantedRun,
): AsyncGenerator<string, void> {
  const limit = 500
  let after: string | null = null
  for (;;) {
    const page: string[] = await listInvoiceableClients(sql, { brandId, filter, after, limit })
    yield* page
    after = page.at(-1) ?? null
    if (page.length < limit) return
  }
}

async function invoiceOne(
  context: InvoicesContext,
  wanted: WantedRun,
  clientId: string,
): Promise<'issued' | 'empty' | 'refused'> {
  const { scope, actor, numberSequenceId, period, terms } = wanted
  try {
    const issued = await inBatch(context.sql, async (batch) => {
      const one = { scope, actor, clientId, numberSequenceId, period, terms }
      return issueNewInBatch(context, batch, one, 'leave')
    })
    if (!issued) return 'empty'
    tell(context, issued.mailed)
    return 'issued'
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    wanted.onRefused?.(clientId, error)
    return 'refused'
  }
}
