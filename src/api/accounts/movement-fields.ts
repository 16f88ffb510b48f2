/**
 * What is a movement in JSON, and what of it does a client's own user see?
 *
 * Without call prices the calls of a local day are one charge with its `day`, and without `id`, `seq` and call: see
 * `db/accounts/movements-by-day.ts`. Without invoices neither `invoiceId` nor a reference names one.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { DayMovement } from '../../db/accounts/movements-by-day.ts'
import type { MovementRow } from '../../db/accounts/read-accounts.ts'
import { instantText } from '../../db/columns.ts'
import { listInvoiceNumbers } from '../../db/invoices/list-invoice-numbers.ts'
import { referenceWithoutInvoices } from '../../identities/portal-view.ts'
import { movementKinds } from '../../ledger/movement.ts'
import { Decimal, formatAmount } from '../../money.ts'
import {
  Amount,
  Currency,
  closed,
  Day,
  Instant,
  named,
  nullable,
  oneOf,
  stored,
  Uuid,
} from '../../shapes/fields.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { isDay } from '../conventions/local-days.ts'
import { findPortalView } from '../conventions/sections.ts'

export const Movement = named('Movement', {
  id: Uuid,
  seq: Type.Integer(),
  kind: stored(oneOf(movementKinds)),
  amount: Amount,
  balanceAfter: Amount,
  currency: Currency,
  callId: nullable(Type.String()),
  invoiceId: Type.Optional(nullable(Uuid)),
  reference: nullable(Type.String()),
  actor: Type.String(),
  createdAt: Instant,
})

/** As lists have it. */
export const ListedMovement = closed({
  ...Movement.properties,
  id: Type.Optional(Uuid),
  seq: Type.Optional(Type.Integer()),
  day: Type.Optional(
    Type.String({ ...Day, description: 'Of a charge that sums up the calls of this local day.' }),
  ),
})

/** Place of a movement by day, as a cursor holds it. */
export const dayPlace = [{ test: isDay }, /^\d{1,15}$/]

export function showMovement(row: MovementRow) {
  return {
    id: row.id,
    seq: row.seq,
    kind: row.kind,
    amount: formatAmount(row.amount),
    balanceAfter: formatAmount(row.balanceAfter),
    currency: row.currency,
    callId: row.callId,
    invoiceId: row.invoiceId,
    reference: row.reference,
    actor: row.actor,
    createdAt: instantText(row.createdAt),
  }
}

export function showDayMovement(row: DayMovement, currency: string) {
  return {
    ...(row.id === null || row.seq === null ? { day: row.day } : { id: row.id, seq: row.seq }),
    kind: row.kind,
    amount: formatAmount(new Decimal(row.amount)),
    balanceAfter: formatAmount(new Decimal(row.balanceAfter)),
    currency,
    callId: null,
    invoiceId: row.invoiceId,
    reference: row.reference,
    actor: row.actor,
    createdAt: instantText(row.createdAt),
  }
}

/** Movements of one client as the asker may see them. */
export async function movementsShownTo<Shown extends { invoiceId: string | null; reference: string | null }>(
  context: ApiContext,
  request: FastifyRequest,
  movements: Shown[],
) {
  const { brandId, clientId } = requireIdentity(request)
  if (clientId === null || findPortalView(context, request).invoices) return movements
  const isFreeText = ({ invoiceId, reference }: Shown) => invoiceId === null && reference !== null
  const numbers = movements.some(isFreeText)
    ? await listInvoiceNumbers(context.db, { brandId, clientId })
    : []
  return movements.map(({ invoiceId, reference, ...shown }) => ({
    ...shown,
    reference: invoiceId === null ? referenceWithoutInvoices(reference, numbers) : null,
  }))
}
