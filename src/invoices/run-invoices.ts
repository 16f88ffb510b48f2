/**
 * One period invoiced for many clients of a brand, in a stream: a page of clients at a time, a few at once, each in a
 * transaction of its own. Memory does not grow with their number.
 *
 * A client that is refused is told to `onRefused` and holds nobody up; one that has its invoice of the period already is
 * passed over, so a run that broke off is simply run again. A dry run computes and checks each invoice and keeps none.
 * A failure of the surroundings throws.
 */
import { inBatch } from '../db/batch.ts'
import { callBackByMark } from '../db/calls/leases.ts'
import type { ScheduleFilter } from '../db/invoices/invoice-schedule-periods.ts'
import {
  countInvoiceableClients,
  type InvoiceableClient,
  listInvoiceableClients,
} from '../db/invoices/list-invoiceable-clients.ts'
import { TollgateError } from '../errors.ts'
import { whenLeasesAreBack } from '../ledger/leases-in-the-way.ts'
import { composeDraft, getInvoicedClient } from './draft-invoice.ts'
import { findObstacles, findUnready, refuseIssue } from './find-obstacles.ts'
import type { Period } from './invoice.ts'
import type { InvoiceTerms } from './invoice-terms.ts'
import type { InvoicesContext, Request } from './invoices-context.ts'
import { issueNewInBatch } from './issue-invoice.ts'

export interface WantedRun extends Request {
  brandId: string
  filter: ScheduleFilter
  numberSequenceId: string
  period: Period
  terms: InvoiceTerms
  mode?: 'issue' | 'dry-run'
  /** How many at once; their series is one, so more than a few gain nothing. */
  parallel?: number
  onProgress?: (progress: RunProgress) => void
  onRefused?: (client: { id: string; name: string }, error: TollgateError) => void
}

export interface RunProgress {
  total: number
  /** In a dry run: that would be. */
  issued: number
  /** Nothing to put on an invoice. */
  empty: number
  /** They had their invoice of the period before. */
  already: number
  refused: number
}
type Outcome = Exclude<keyof RunProgress, 'total'>

export async function runInvoices(context: InvoicesContext, wanted: WantedRun): Promise<RunProgress> {
  const { brandId, filter, period } = wanted
  const total = await countInvoiceableClients(context.sql, { brandId, filter, period })
  const progress: RunProgress = { total, issued: 0, empty: 0, already: 0, refused: 0 }
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
  { brandId, filter, period }: WantedRun,
): AsyncGenerator<InvoiceableClient, void> {
  const limit = 500
  let after: string | null = null
  for (;;) {
    const page: InvoiceableClient[] = await listInvoiceableClients(sql, {
      ...{ brandId, filter, period },
      ...{ after, limit },
    })
    yield* page
    after = page.at(-1)?.id ?? null
    if (page.length < limit) return
  }
}

async function invoiceOne(
  context: InvoicesContext,
  wanted: WantedRun,
  client: InvoiceableClient,
): Promise<Outcome> {
  if (client.isInvoiced) return 'already'
  try {
    return await (wanted.mode === 'dry-run' ? tryOne : issueOne)(context, wanted, client.id)
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    wanted.onRefused?.(client, error)
    return 'refused'
  }
}

async function issueOne(context: InvoicesContext, wanted: WantedRun, clientId: string): Promise<Outcome> {
  const { scope, actor, numberSequenceId, period, terms } = wanted
  const one = { scope, actor, clientId, numberSequenceId, period, terms }
  const issued = await whenLeasesAreBack(
    (owners) => callBackByMark(context.sql, owners),
    () => inBatch(context.sql, (batch) => issueNewInBatch(context, batch, one, 'leave')),
  )
  if (!issued) return 'empty'
  if (issued.news) context.onCommitted(issued.news)
  return 'issued'
}

/** Locks nothing: what is charged meanwhile may change the answer. */
async function tryOne(
  { sql, clock }: InvoicesContext,
  wanted: WantedRun,
  clientId: string,
): Promise<Outcome> {
  const { scope, actor, numberSequenceId, period, terms } = wanted
  const now = clock()
  const draft = await composeDraft(sql, { scope, actor, clientId, numberSequenceId, period, terms }, now)
  const isEmpty = draft.lines.length === 0
  const unready = isEmpty ? [] : findUnready(await getInvoicedClient(sql, clientId, scope), draft, null)
  refuseIssue([...(await findObstacles(sql, draft, now)), ...unready])
  return isEmpty ? 'empty' : 'issued'
}
