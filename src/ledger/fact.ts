/**
 * What we tell others: CloudEvents 1.0 for the stream BILLING, written to the outbox with what they tell.
 */
import { instantText } from '../db/columns.ts'
import { newId } from '../uuid.ts'

export interface Fact {
  id: string
  /** Published as `type.clientId`. */
  type: FactType
  clientId: string
  /** CloudEvent as JSON text. */
  body: string
  /** Core subject that gets the same message. */
  alsoTo: string | null
  createdAt: number
}

export type FactType =
  | 'billing.calls.priced'
  | 'billing.calls.rejected'
  | 'billing.calls.hangup'
  | 'billing.usage.warning'
  | 'billing.usage.limit-reached'
  | 'billing.balance.low'
  | 'billing.invoices.issued'
  | 'billing.guards.tripped'
  | 'billing.allowances.low'

/**
 * `data` is the fact's own; the id is also its message id, so that a repeat is dropped. A fact that may be decided
 * twice brings an id made of what it tells.
 */
export function makeFact(
  type: FactType,
  clientId: string,
  data: Record<string, unknown>,
  now: number,
  { alsoTo = null, id = newId(now) }: { alsoTo?: string | null; id?: string } = {},
): Fact {
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: '/tollgate',
    type,
    subject: clientId,
    time: instantText(now),
    datacontenttype: 'application/json',
    data,
  })
  return { id, type, clientId, body, alsoTo, createdAt: now }
}
