/**
 * Invoices as rows: drafted, read, issued, paid, credited. The database itself refuses any other change of an
 * issued one.
 */
import type { TaxGroup } from '../../invoices/invoice.ts'
import type { StoredInvoice } from '../../invoices/stored-invoice.ts'
import { Decimal, formatAmount } from '../../money.ts'
import { findInstant, instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { readParty } from './parties.ts'
import { type WrittenTax, writeTax } from './written-tax.ts'

export async function findInvoice(
  tx: Sql,
  id: string,
  lock: 'none' | 'update' = 'none',
): Promise<StoredInvoice | undefined> {
  const rows = await tx`
    select *
    from invoices
    where id = ${id} ${lock === 'update' ? tx`for update` : tx``}`
  return rows[0] && readInvoice(rows[0])
}

export async function findInvoices(tx: Sql, ids: readonly string[]): Promise<StoredInvoice[]> {
  const rows = await tx`
    select *
    from invoices
    where id = any(${ids as string[]}::uuid[])
    order by issued_at, number`
  return rows.map(readInvoice)
}

export async function listCreditNotes(tx: Sql, invoiceId: string): Promise<StoredInvoice[]> {
  const rows = await tx`
    select *
    from invoices
    where credits_invoice_id = ${invoiceId}
    order by id`
  return rows.map(readInvoice)
}

/** A row without number; `issueRow` makes it what it is. */
export function insertDraftRow(tx: Sql, invoice: StoredInvoice): Promise<unknown> {
  return tx`
    insert into invoices (id, brand_id, client_id, kind, number_sequence_id, period_from, period_to, time_zone,
                          currency, language, billing_method, terms, taxes, net, tax, total, calls_amount,
                          credits_invoice_id, reason, actor, created_at, updated_at)
    values (${invoice.id}, ${invoice.brandId}, ${invoice.clientId}, ${invoice.kind}, ${invoice.numberSequenceId},
            ${invoice.period.from}::text::date, ${invoice.period.to}::text::date, ${invoice.timeZone},
            ${invoice.currency}, ${invoice.language}, ${invoice.billingMethod},
            ${JSON.stringify(invoice.terms)}::text::jsonb, ${writeTaxes(invoice.taxes)}::text::jsonb,
            ${formatAmount(invoice.net)}::text::numeric, ${formatAmount(invoice.tax)}::text::numeric,
            ${formatAmount(invoice.total)}::text::numeric, ${formatAmount(invoice.callsAmount)}::text::numeric,
            ${invoice.creditsInvoiceId}, ${invoice.reason}, ${invoice.actor},
            ${instantText(invoice.createdAt)}, ${instantText(invoice.updatedAt)})`.execute()
}

/** What a draft came to, computed anew. */
export function writeDraftSums(tx: Sql, invoice: StoredInvoice): Promise<unknown> {
  return tx`
    update invoices
    set time_zone = ${invoice.timeZone},
        currency = ${invoice.currency},
        language = ${invoice.language},
        billing_method = ${invoice.billingMethod},
        terms = ${JSON.stringify(invoice.terms)}::text::jsonb,
        taxes = ${writeTaxes(invoice.taxes)}::text::jsonb,
        net = ${formatAmount(invoice.net)}::text::numeric,
        tax = ${formatAmount(invoice.tax)}::text::numeric,
        total = ${formatAmount(invoice.total)}::text::numeric,
        calls_amount = ${formatAmount(invoice.callsAmount)}::text::numeric,
        revision = revision + 1,
        updated_at = ${instantText(invoice.updatedAt)}
    where id = ${invoice.id}`.execute()
}

/** The draft becomes what the law calls an invoice: from here on the row is frozen. */
export function issueRow(
  tx: Sql,
  invoice: StoredInvoice,
  series: { year: number; number: number },
): Promise<unknown> {
  return tx`
    update invoices
    set status = ${invoice.status},
        number = ${invoice.number},
        series_year = ${series.year},
        series_number = ${series.number},
        seller = ${JSON.stringify(invoice.seller)}::text::jsonb,
        buyer = ${JSON.stringify(invoice.buyer)}::text::jsonb,
        template = ${invoice.template === null ? null : JSON.stringify(invoice.template)}::text::jsonb,
        logo_digest = ${invoice.logoDigest},
        prepaid_amount = ${formatAmount(invoice.prepaidAmount)}::text::numeric,
        amount_due_at_issue = ${invoice.amountDueAtIssue && formatAmount(invoice.amountDueAtIssue)}::text::numeric,
        fees_amount = ${formatAmount(invoice.feesAmount)}::text::numeric,
        paid_amount = ${formatAmount(invoice.paidAmount)}::text::numeric,
        issued_at = ${instantText(invoice.issuedAt ?? 0)},
        due_at = ${invoice.dueAt === null ? null : instantText(invoice.dueAt)},
        issue_day = ${invoice.issueDay}::text::date,
        due_day = ${invoice.dueDay}::text::date,
        actor = ${invoice.actor},
        revision = revision + 1,
        updated_at = ${instantText(invoice.updatedAt)}
    where id = ${invoice.id}
      and status = 'draft'`.execute()
}

/** What may change of an issued invoice, and nothing else. */
export function writeSettledAmounts(tx: Sql, invoice: StoredInvoice): Promise<unknown> {
  return tx`
    update invoices
    set status = ${invoice.status},
        paid_amount = ${formatAmount(invoice.paidAmount)}::text::numeric,
        credited_amount = ${formatAmount(invoice.creditedAmount)}::text::numeric,
        revision = revision + 1,
        updated_at = ${instantText(invoice.updatedAt)}
    where id = ${invoice.id}`.execute()
}

export function deleteDraftRow(tx: Sql, id: string): Promise<unknown> {
  return tx`delete from invoices where id = ${id} and status = 'draft'`.execute()
}

/** Issued invoices of the client whose period touches this one and that are not credited in full. */
export async function listOverlapping(
  tx: Sql,
  wanted: { id: string; clientId: string; from: string; to: string },
): Promise<{ number: string; from: string; to: string }[]> {
  const rows = await tx`
    select number, period_from, period_to
    from invoices
    where client_id = ${wanted.clientId}
      and kind = 'invoice'
      and status in ('issued', 'paid')
      and id <> ${wanted.id}
      and period_from < ${wanted.to}::text::date
      and period_to > ${wanted.from}::text::date
    order by period_from
    limit 100`
  return rows.map((row) => ({ number: row.number, from: row.period_from, to: row.period_to }))
}

function writeTaxes(taxes: readonly TaxGroup[]): string {
  return JSON.stringify(
    taxes.map((group) => ({
      ...writeTax(group),
      base: formatAmount(group.base),
      amount: formatAmount(group.amount),
    })),
  )
}

export function readInvoice(row: Record<string, unknown>): StoredInvoice {
  const taxes = readJson<(WrittenTax & { base: string; amount: string })[]>(row.taxes)
  const readAmount = (name: string) => new Decimal(row[name] as string)
  return {
    id: row.id as string,
    brandId: row.brand_id as string,
    clientId: row.client_id as string,
    kind: row.kind as StoredInvoice['kind'],
    status: row.status as StoredInvoice['status'],
    number: row.number as string | null,
    numberSequenceId: row.number_sequence_id as string,
    period: { from: row.period_from as string, to: row.period_to as string },
    timeZone: row.time_zone as string,
    currency: row.currency as string,
    language: row.language as string,
    billingMethod: row.billing_method as string,
    terms: readJson(row.terms),
    seller: readParty(row.seller),
    buyer: readParty(row.buyer),
    template: readJson(row.template),
    logoDigest: row.logo_digest as string | null,
    taxes: taxes.map(({ base, amount, rate, ...tax }) => ({
      ...tax,
      rate: new Decimal(rate),
      base: new Decimal(base),
      amount: new Decimal(amount),
    })),
    net: readAmount('net'),
    tax: readAmount('tax'),
    total: readAmount('total'),
    callsAmount: readAmount('calls_amount'),
    feesAmount: readAmount('fees_amount'),
    prepaidAmount: readAmount('prepaid_amount'),
    amountDueAtIssue: row.amount_due_at_issue === null ? null : readAmount('amount_due_at_issue'),
    paidAmount: readAmount('paid_amount'),
    creditedAmount: readAmount('credited_amount'),
    creditsInvoiceId: row.credits_invoice_id as string | null,
    reason: row.reason as string | null,
    issuedAt: findInstant(row.issued_at as string | null),
    issueDay: row.issue_day as string | null,
    dueDay: row.due_day as string | null,
    dueAt: findInstant(row.due_at as string | null),
    actor: row.actor as string,
    revision: row.revision as number,
    createdAt: parseInstant(row.created_at as string),
    updatedAt: parseInstant(row.updated_at as string),
  }
}
