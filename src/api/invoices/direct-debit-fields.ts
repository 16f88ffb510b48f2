/**
 * What are a direct debit run and its debits in JSON?
 */
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { skippedCodes } from '../../invoices/direct-debits/collect-invoices.ts'
import type { DebitSum, DirectDebit, DirectDebitRun } from '../../invoices/direct-debits/direct-debit.ts'
import { formatAmount } from '../../money.ts'
import { Amount, closed, Day, Instant, nullable, oneOf, Uuid } from '../../shapes/fields.ts'

export const NewRun = closed({
  brandId: Type.Optional(Uuid),
  collectionDay: { ...Day, description: 'When the bank is to collect; after today.' },
  dueTo: Type.Optional({
    ...Day,
    description: 'The last due day of invoices to collect; the day of collection by default.',
  }),
})
export const Confirmation = nullable(
  closed({ paidAt: Type.Optional({ ...Instant, description: 'When the money came; now by default.' }) }),
)
export const ReturnedDebit = closed({
  reason: Type.String({
    pattern: '^[A-Z0-9]{4}$',
    description: "As the bank gives it: a code of ISO 20022's list, such as AM04 (insufficient funds).",
    examples: ['AM04'],
  }),
  returnedAt: Type.Optional({ ...Instant, description: 'Now by default.' }),
})

const Sum = closed({ debits: Type.Integer(), amount: Amount })
const runFields = {
  id: Uuid,
  brandId: Uuid,
  status: oneOf(['open', 'confirmed', 'cancelled']),
  collectionDay: Day,
  creditor: closed({
    name: Type.String(),
    iban: Type.String(),
    bic: nullable(Type.String()),
    creditorId: Type.String(),
  }),
  currency: Type.Literal('EUR'),
  total: Sum,
  booked: Sum,
  returned: Sum,
  paidAt: nullable(Instant),
  createdAt: Instant,
  updatedAt: Instant,
}
export const Run = closed(runFields)
export const MadeRun = closed({
  ...runFields,
  skipped: Type.Array(
    closed({
      invoiceId: Uuid,
      clientId: Uuid,
      code: oneOf(skippedCodes),
      detail: Type.String(),
    }),
    { description: 'Open invoices of clients whose mandate lacks what their bank asks for.' },
  ),
})

export const debitStatuses = ['pending', 'booked', 'returned', 'cancelled'] as const
export const Debit = closed({
  id: Uuid,
  invoiceId: Uuid,
  invoiceNumber: Type.String(),
  clientId: Uuid,
  clientName: Type.String(),
  amount: Amount,
  status: oneOf(debitStatuses),
  mandateId: Type.String(),
  scheme: oneOf(['core', 'b2b']),
  iban: Type.String(),
  paymentId: nullable(Type.String({ ...Uuid, description: 'The payment of the invoice that was booked.' })),
  returnReason: nullable(Type.String()),
  returnedAt: nullable(Instant),
})

export function showRun(run: DirectDebitRun) {
  const { id, brandId, status, collectionDay, creditor, total, booked, returned, paidAt } = run
  return {
    ...{ id, brandId, status, collectionDay },
    creditor: { ...creditor, bic: creditor.bic || null },
    currency: 'EUR' as const,
    total: showSum(total),
    booked: showSum(booked),
    returned: showSum(returned),
    paidAt: paidAt === null ? null : instantText(paidAt),
    createdAt: instantText(run.createdAt),
    updatedAt: instantText(run.updatedAt),
  }
}

export function showDebit(debit: DirectDebit) {
  const { id, invoiceId, invoiceNumber, clientId, clientName, amount, status, mandate, returnedAt } = debit
  return {
    ...{ id, invoiceId, invoiceNumber, clientId, clientName, status },
    amount: formatAmount(amount),
    mandateId: mandate.mandateId,
    scheme: mandate.scheme,
    iban: mandate.iban,
    paymentId: debit.paymentId,
    returnReason: debit.returnReason,
    returnedAt: returnedAt === null ? null : instantText(returnedAt),
  }
}

function showSum({ debits, amount }: DebitSum) {
  return { debits, amount: formatAmount(amount) }
}
