/**
 * Direct debits: which invoices can be collected, the runs with their debits, and what became of each.
 */
import type { Row } from 'postgres'
import type {
  DirectDebit,
  DirectDebitRun,
  Mandate,
  NewDirectDebit,
  NewDirectDebitRun,
} from '../../invoices/direct-debits/direct-debit.ts'
import { Decimal, formatAmount } from '../../money.ts'
import { findInstant, instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { amountDueSql } from './amount-due.ts'
import type { PartyFields, StoredMandate } from './parties.ts'

export interface CollectibleInvoice {
  invoiceId: string
  number: string
  clientId: string
  clientName: string
  countryCode: string | null
  due: Decimal
  mandate: StoredMandate
  invoiceData: PartyFields | null
  /** The account that the mandate was last used with; null: never used. */
  lastIban: string | null
}

/** Open invoices in euros, due by a day, of clients with a mandate, that no pending debit collects. */
export async function listCollectibleInvoices(
  tx: Sql,
  { brandId, dueTo }: { brandId: string; dueTo: string },
): Promise<CollectibleInvoice[]> {
  const rows = await tx`
    select i.id, i.number, i.client_id, ${amountDueSql(tx, 'i')} as due,
           c.name, c.country_code, c.direct_debit, c.invoice_data, used.iban as last_iban
    from invoices i
    join clients c on c.id = i.client_id
    left join lateral (
      select d.mandate ->> 'iban' as iban
      from direct_debits d
      where d.client_id = c.id
        and d.mandate ->> 'mandateId' = c.direct_debit ->> 'mandateId'
        and d.status <> 'cancelled'
      order by d.id desc
      limit 1
    ) as used on true
    where i.brand_id = ${brandId}
      and i.kind = 'invoice'
      and i.status = 'issued'
      and i.currency = 'EUR'
      and i.due_day <= ${dueTo}::text::date
      and i.total > 0
      and ${amountDueSql(tx, 'i')} > 0
      and jsonb_typeof(c.direct_debit) = 'object'
      and not exists (
        select 1
        from direct_debits d
        where d.invoice_id = i.id
          and d.status = 'pending'
      )
    order by i.due_day, i.id`
  return rows.map((row) => ({
    invoiceId: row.id,
    number: row.number,
    clientId: row.client_id,
    clientName: row.name,
    countryCode: row.country_code,
    due: new Decimal(row.due),
    mandate: readJson(row.direct_debit),
    invoiceData: readJson(row.invoice_data),
    lastIban: row.last_iban,
  }))
}

export function insertRun(tx: Sql, run: NewDirectDebitRun): Promise<unknown> {
  return tx`
    insert into direct_debit_runs (id, brand_id, collection_day, creditor, actor, created_at, updated_at)
    values (${run.id}, ${run.brandId}, ${run.collectionDay}, ${JSON.stringify(run.creditor)}::text::jsonb, ${run.actor},
            ${instantText(run.createdAt)}, ${instantText(run.createdAt)})`.execute()
}

/** Throws where another run has taken one of the invoices meanwhile. */
export function insertDebits(
  tx: Sql,
  run: NewDirectDebitRun,
  debits: readonly NewDirectDebit[],
): Promise<unknown> {
  return tx`
    insert into direct_debits (id, run_id, brand_id, client_id, invoice_id, amount, mandate, is_account_changed, created_at)
    select id, ${run.id}::uuid, ${run.brandId}::uuid, client_id, invoice_id, amount::numeric, mandate::jsonb, changed::boolean,
           ${instantText(run.createdAt)}::text::timestamptz
    from unnest(
      ${debits.map(({ id }) => id)}::uuid[],
      ${debits.map(({ clientId }) => clientId)}::uuid[],
      ${debits.map(({ invoiceId }) => invoiceId)}::uuid[],
      ${debits.map(({ amount }) => formatAmount(amount))}::text[],
      ${debits.map(({ mandate }) => JSON.stringify(mandate))}::text[],
      ${debits.map(({ isAccountChanged }) => String(isAccountChanged))}::text[]
    ) as given (id, client_id, invoice_id, amount, mandate, changed)`.execute()
}

export async function listRuns(
  tx: Sql,
  wanted: { brandId: string | null; after: string | null; limit: number },
): Promise<DirectDebitRun[]> {
  const { brandId, after, limit } = wanted
  const rows = await tx`
    select r.*, sums.*
    from direct_debit_runs r
    cross join lateral (${sumsOfRun(tx)}) as sums
    where true
      ${brandId === null ? tx`` : tx`and r.brand_id = ${brandId}`}
      ${after === null ? tx`` : tx`and r.id < ${after}::uuid`}
    order by r.id desc
    limit ${limit}`
  return rows.map(readRun)
}

export async function findRun(tx: Sql, id: string): Promise<DirectDebitRun | undefined> {
  const [row] = await tx`
    select r.*, sums.*
    from direct_debit_runs r
    cross join lateral (${sumsOfRun(tx)}) as sums
    where r.id = ${id}`
  return row && readRun(row)
}

export async function lockRun(tx: Sql, id: string): Promise<DirectDebitRun | undefined> {
  await tx`select 1 from direct_debit_runs where id = ${id} for update`
  return findRun(tx, id)
}

const sumsOfRun = (tx: Sql) => tx`
  select count(*)::integer as debits, coalesce(sum(amount), 0) as amount,
         (count(*) filter (where status = 'booked'))::integer as booked_debits,
         coalesce(sum(amount) filter (where status = 'booked'), 0) as booked_amount,
         (count(*) filter (where status = 'returned'))::integer as returned_debits,
         coalesce(sum(amount) filter (where status = 'returned'), 0) as returned_amount
  from direct_debits
  where run_id = r.id`

function readRun(row: Row): DirectDebitRun {
  return {
    id: row.id,
    brandId: row.brand_id,
    status: row.status,
    collectionDay: row.collection_day,
    creditor: readJson(row.creditor),
    actor: row.actor,
    paidAt: findInstant(row.paid_at),
    revision: row.revision,
    createdAt: parseInstant(row.created_at),
    updatedAt: parseInstant(row.updated_at),
    total: { debits: row.debits, amount: new Decimal(row.amount) },
    booked: { debits: row.booked_debits, amount: new Decimal(row.booked_amount) },
    returned: { debits: row.returned_debits, amount: new Decimal(row.returned_amount) },
  }
}

/** What the bank gets per scheme, which is a block of its own in the file. */
export async function sumSchemes(
  tx: Sql,
  runId: string,
): Promise<{ scheme: Mandate['scheme']; debits: number; amount: Decimal }[]> {
  const rows = await tx`
    select mandate ->> 'scheme' as scheme, count(*)::integer as debits, sum(amount) as amount
    from direct_debits
    where run_id = ${runId}
    group by 1
    order by 1`
  return rows.map((row) => ({ scheme: row.scheme, debits: row.debits, amount: new Decimal(row.amount) }))
}

export interface WantedDebits {
  runId: string
  status?: DirectDebit['status'] | null
  scheme?: Mandate['scheme']
  after: string | null
  limit: number
}

/** In the order in which they were made. */
export async function listDebits(tx: Sql, wanted: WantedDebits): Promise<DirectDebit[]> {
  const { runId, status = null, scheme, after, limit } = wanted
  const rows = await tx`
    select d.*, i.number, c.name
    from direct_debits d
    join invoices i on i.id = d.invoice_id
    join clients c on c.id = d.client_id
    where d.run_id = ${runId}
      ${status === null ? tx`` : tx`and d.status = ${status}`}
      ${scheme === undefined ? tx`` : tx`and d.mandate ->> 'scheme' = ${scheme}`}
      ${after === null ? tx`` : tx`and d.id > ${after}::uuid`}
    order by d.id
    limit ${limit}`
  return rows.map(readDebit)
}

export async function findDebit(tx: Sql, id: string): Promise<DirectDebit | undefined> {
  const [row] = await tx`
    select d.*, i.number, c.name
    from direct_debits d
    join invoices i on i.id = d.invoice_id
    join clients c on c.id = d.client_id
    where d.id = ${id}`
  return row && readDebit(row)
}

function readDebit(row: Row): DirectDebit {
  return {
    id: row.id,
    runId: row.run_id,
    brandId: row.brand_id,
    clientId: row.client_id,
    clientName: row.name,
    invoiceId: row.invoice_id,
    invoiceNumber: row.number,
    status: row.status,
    amount: new Decimal(row.amount),
    mandate: readJson(row.mandate),
    isAccountChanged: row.is_account_changed,
    paymentId: row.payment_id,
    returnReason: row.return_reason,
    returnedAt: findInstant(row.returned_at),
  }
}

export function writeRunStatus(
  tx: Sql,
  {
    id,
    status,
    paidAt,
    now,
  }: { id: string; status: DirectDebitRun['status']; paidAt: number | null; now: number },
): Promise<unknown> {
  return tx`
    update direct_debit_runs
    set status = ${status}, paid_at = ${paidAt === null ? null : instantText(paidAt)}, revision = revision + 1,
        updated_at = ${instantText(now)}
    where id = ${id}`.execute()
}

export function cancelPendingDebits(tx: Sql, runId: string): Promise<unknown> {
  return tx`
    update direct_debits
    set status = 'cancelled'
    where run_id = ${runId} and status = 'pending'`.execute()
}

/** Locks the debit; false where it has another status by now. */
export async function lockDebit(
  tx: Sql,
  { id, status }: { id: string; status: DirectDebit['status'] },
): Promise<boolean> {
  const rows = await tx`
    select 1
    from direct_debits
    where id = ${id} and status = ${status}
    for update`
  return rows.length > 0
}

export function writeBooked(tx: Sql, { id, paymentId }: { id: string; paymentId: string }): Promise<unknown> {
  return tx`
    update direct_debits
    set status = 'booked', payment_id = ${paymentId}
    where id = ${id}`.execute()
}

export function writeReturned(
  tx: Sql,
  { id, reason, returnedAt }: { id: string; reason: string; returnedAt: number },
): Promise<unknown> {
  return tx`
    update direct_debits
    set status = 'returned', return_reason = ${reason}, returned_at = ${instantText(returnedAt)}
    where id = ${id}`.execute()
}
