/**
 * May this invoice be issued now? What stands in its way, each with its names.
 *
 * `unpriced_calls`: ended calls of the period that nothing could price. `calls_running`: legs that were, or may have
 * been, answered in it. `period_overlap`: another invoice of the client holds days of it. `period_open`: it is not
 * over yet in the client's zone. `invoice_not_ready`: it has warnings, and its brand issues none that has.
 */

import { instantText } from '../db/columns.ts'
import type { Sql } from '../db/connection.ts'
import { listRejectedCalls, listRunningCallIds } from '../db/invoices/invoice-obstacles.ts'
import type { InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { listOverlapping } from '../db/invoices/invoices.ts'
import { Conflict, type InputFault } from '../errors.ts'
import { findWarnings } from './find-warnings.ts'
import { startOfLocalDay } from './schedule-periods.ts'
import type { InvoiceWithLines, StoredInvoice } from './stored-invoice.ts'

export type ObstacleCode =
  | 'unpriced_calls'
  | 'calls_running'
  | 'period_overlap'
  | 'period_open'
  | 'invoice_not_ready'

export interface Obstacle {
  code: ObstacleCode
  detail: string
  errors: InputFault[]
}

export async function findObstacles(tx: Sql, invoice: StoredInvoice, now: number): Promise<Obstacle[]> {
  const { id, clientId, timeZone, terms } = invoice
  const { from, to } = invoice.period
  const until = startOfLocalDay(to, timeZone)
  const [rejected, running, overlapping] = await Promise.all([
    listRejectedCalls(tx, { clientId, from, to }),
    terms.runningCalls === 'block' ? listRunningCallIds(tx, { clientId, until, now }) : [],
    listOverlapping(tx, { id, clientId, from, to }),
  ])
  const all: Obstacle[] = [
    {
      code: 'unpriced_calls',
      detail: 'Calls of the period have no price: price them by a re-rating, or waive them.',
      errors: rejected.map(({ callId, reason, day }) => ({
        pointer: '',
        detail: `call ${callId} of ${day}: ${reason}`,
      })),
    },
    {
      code: 'calls_running',
      detail: 'Calls of the period still run: wait for their end, or draft with runningCalls "next".',
      errors: running.map((callId) => ({ pointer: '', detail: `call ${callId}` })),
    },
    {
      code: 'period_overlap',
      detail: 'Days of the period stand on another invoice of this client.',
      errors: overlapping.map((other) => ({
        pointer: '',
        detail: `invoice ${other.number} from ${other.from} to ${other.to}`,
      })),
    },
    {
      code: 'period_open',
      detail: 'The period is not over yet.',
      errors:
        until > now
          ? [{ pointer: '', detail: `it ends at ${instantText(until)}, the start of ${to} in ${timeZone}` }]
          : [],
    },
  ]
  return all.filter(({ errors }) => errors.length > 0)
}

/** Of a brand with `issueOnlyWhenReady`. `email`: who gets the invoice beside the client's own address. */
export function findUnready(
  client: InvoicedClient,
  invoice: InvoiceWithLines,
  email: string | null,
): Obstacle[] {
  if (!client.brand.issueOnlyWhenReady) return []
  const warnings = findWarnings(client, invoice).filter(({ code }) => code !== 'no_email' || !email)
  if (warnings.length === 0) return []
  return [
    {
      code: 'invoice_not_ready',
      detail:
        'The invoice lacks something, and its brand issues none that does: complete it, or set issueOnlyWhenReady to false.',
      errors: warnings.map(({ code, detail }) => ({ pointer: '', detail: `${code}: ${detail}` })),
    },
  ]
}

/** The first of them, which names the others. */
export function refuseIssue([first, ...others]: readonly Obstacle[]): void {
  if (!first) return
  const more = others.length > 0 ? ` Also: ${others.map(({ code }) => code).join(', ')}.` : ''
  throw new Conflict(first.code, `${first.detail}${more}`, first.errors)
}
