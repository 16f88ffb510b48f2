/**
 * What is a delivery in JSON? The fact's id and type, and what has become of it; not its body.
 */
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import type { DeliveryRow } from '../../db/webhooks/webhook-deliveries.ts'
import { closed, Instant, nullable, oneOf, stored, Uuid } from '../../shapes/fields.ts'

export const DeliveryStatus = oneOf(['pending', 'delivered', 'failed'])

export const DeliveryShown = closed({
  id: Uuid,
  endpointId: Uuid,
  eventId: { ...Uuid, description: "The fact's id and its `webhook-id`." },
  event: Type.String(),
  status: stored(DeliveryStatus),
  attempts: Type.Integer(),
  nextAttemptAt: nullable({ ...Instant, description: 'null: there is none.' }),
  lastAttemptAt: nullable(Instant),
  lastStatus: nullable(Type.Integer({ description: 'HTTP status; null: there was no answer.' })),
  lastError: nullable(Type.String()),
  deliveredAt: nullable(Instant),
  createdAt: Instant,
})

export function showDelivery(row: DeliveryRow) {
  const { id, endpointId, eventId, event, status, attempts, lastStatus, lastError } = row
  const text = (at: number | null) => (at === null ? null : instantText(at))
  return {
    ...{ id, endpointId, eventId, event, status, attempts },
    nextAttemptAt: status === 'pending' ? instantText(row.nextAttemptAt) : null,
    lastAttemptAt: text(row.lastAttemptAt),
    lastStatus,
    lastError,
    deliveredAt: text(row.deliveredAt),
    createdAt: instantText(row.createdAt),
  }
}
