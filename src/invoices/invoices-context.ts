/**
 * What the use cases of invoices work with, and who may see what.
 */
import type { Sql } from '../db/connection.ts'
import { findInvoice } from '../db/invoices/invoices.ts'
import { NotFound } from '../errors.ts'
import type { AtFailPoint } from '../fail-points.ts'
import type { StoredInvoice } from './stored-invoice.ts'

export interface InvoicesContext {
  /** Connections of the role that crosses tenants. */
  sql: Sql
  /** Milliseconds since 1970. */
  clock: () => number
  /** Called after a commit that left facts or mails to send. */
  onCommitted: (what: { facts: boolean; mails: boolean }) => void
  /** Called with each step of an issue, for whoever wants to die there. */
  atFailPoint?: AtFailPoint | undefined
}

/** Whose invoices a caller may work on. */
export interface InvoiceScope {
  /** null: all brands. */
  brandId: string | null
  /** null: all clients of the brand. */
  clientId: string | null
}

export interface Request {
  scope: InvoiceScope
  /** As movements and invoices name who did it. */
  actor: string
  /** Asked under the lock, before anything changes: throws where this is not the revision that the caller means. */
  checkRevision?: (revision: number) => void
}

/** What is not the caller's does not exist. */
export async function getInvoice(
  tx: Sql,
  id: string,
  scope: InvoiceScope,
  lock: 'none' | 'update' = 'none',
): Promise<StoredInvoice> {
  const invoice = await findInvoice(tx, id, lock)
  if (!invoice || !isInScope(invoice, scope)) throw new NotFound('invoice', id)
  return invoice
}

/** The same, locked until the transaction ends, and of the revision that the caller means. */
export async function lockInvoice(
  tx: Sql,
  id: string,
  { scope, checkRevision }: Pick<Request, 'scope' | 'checkRevision'>,
): Promise<StoredInvoice> {
  const invoice = await getInvoice(tx, id, scope, 'update')
  checkRevision?.(invoice.revision)
  return invoice
}

export function isInScope(owner: { brandId: string; clientId: string }, scope: InvoiceScope): boolean {
  return (
    (scope.brandId === null || scope.brandId === owner.brandId) &&
    (scope.clientId === null || scope.clientId === owner.clientId)
  )
}
