/**
 * A run: which open invoices of a brand are collected on a day, and as whose money?
 *
 * Takes what is due in euros up to a day of clients with a mandate. An invoice is in one run at a time: one that a bank has
 * returned is open again, and in the next run. Who cannot be debited for lack of a field is skipped and named.
 * Throws `InvalidRequest`, `Unprocessable` (`creditor_incomplete`, `nothing_to_collect`).
 */
import { inBatch } from '../../db/batch.ts'
import type { Sql } from '../../db/connection.ts'
import {
  type CollectibleInvoice,
  insertDebits,
  insertRun,
  listCollectibleInvoices,
} from '../../db/invoices/direct-debits.ts'
import { brandParty } from '../../db/invoices/parties.ts'
import { readJson } from '../../db/json-column.ts'
import { type InputFault, InvalidRequest, NotFound, Unprocessable } from '../../errors.ts'
import { localDay } from '../../rating/local-day.ts'
import { isInEuropeanEconomicArea, isInSepa } from '../../registers/countries.ts'
import { newId } from '../../uuid.ts'
import type { InvoicesContext, Request } from '../invoices-context.ts'
import type { Creditor, Mandate, NewDirectDebit, NewDirectDebitRun } from './direct-debit.ts'

export interface WantedRun extends Pick<Request, 'actor'> {
  brandId: string
  collectionDay: string
  /** The last due day that is collected. */
  dueTo: string
}

export const skippedCodes = ['mandate_not_signed', 'bic_missing', 'address_missing'] as const
export type SkippedCode = (typeof skippedCodes)[number]

export interface SkippedInvoice {
  invoiceId: string
  clientId: string
  code: SkippedCode
  detail: string
}

export async function collectInvoices(
  { sql, clock }: InvoicesContext,
  wanted: WantedRun,
): Promise<{ id: string; skipped: SkippedInvoice[] }> {
  const now = clock()
  const { brandId, collectionDay, dueTo, actor } = wanted
  return inBatch(sql, async ({ tx, commitAfter }) => {
    const [{ creditor, today }, invoices] = await Promise.all([
      getCreditor(tx, brandId, now),
      listCollectibleInvoices(tx, { brandId, dueTo }),
    ])
    if (collectionDay <= today) {
      throw new InvalidRequest('A bank collects on a later day.', [
        { pointer: '/collectionDay', detail: 'must be after today' },
      ])
    }
    const debits: NewDirectDebit[] = []
    const skipped: SkippedInvoice[] = []
    for (const invoice of invoices) {
      const mandate = copyMandate(invoice)
      const lack = findLack(mandate, today)
      const { invoiceId, clientId, due, lastIban } = invoice
      if (lack) skipped.push({ invoiceId, clientId, ...lack })
      else {
        const isAccountChanged = lastIban !== null && lastIban !== mandate.iban
        debits.push({ id: newId(now), invoiceId, clientId, amount: due, mandate, isAccountChanged })
      }
    }
    if (debits.length === 0) throw nothingToCollect(skipped)
    const run: NewDirectDebitRun = { id: newId(now), brandId, collectionDay, creditor, actor, createdAt: now }
    // Where another run has taken one of them meanwhile, the unique index refuses this one.
    await commitAfter([insertRun(tx, run), insertDebits(tx, run, debits)])
    return { id: run.id, skipped }
  })
}

async function getCreditor(
  tx: Sql,
  brandId: string,
  now: number,
): Promise<{ creditor: Creditor; today: string }> {
  const [row] = await tx`select name, issuer, time_zone from brands where id = ${brandId}`
  if (!row) throw new NotFound('brand', brandId)
  const { name, iban, bic, creditorId } = brandParty({ name: row.name, issuer: readJson(row.issuer) })
  const faults: InputFault[] = []
  if (creditorId === '') faults.push({ pointer: '/issuer/creditorId', detail: 'is required' })
  if (iban === '') faults.push({ pointer: '/issuer/iban', detail: 'is required' })
  else if (!isInSepa(iban.slice(0, 2))) {
    faults.push({ pointer: '/issuer/iban', detail: 'is not an account in SEPA' })
  } else if (bic === '' && !isInEuropeanEconomicArea(iban.slice(0, 2))) {
    faults.push({
      pointer: '/issuer/bic',
      detail: 'is required of a bank outside the European Economic Area',
    })
  }
  if (faults.length > 0) {
    throw new Unprocessable('creditor_incomplete', 'The brand cannot collect by direct debit yet.', faults)
  }
  return { creditor: { name, iban, bic, creditorId }, today: localDay(now, row.time_zone) }
}

/** With the debtor's address where its bank lies outside the European Economic Area, which must have it. */
function copyMandate({ mandate, invoiceData, clientName, countryCode }: CollectibleInvoice): Mandate {
  const { mandateId, signedDay, scheme = 'core', iban, bic = '', accountHolder } = mandate
  const debtor = accountHolder || invoiceData?.legalName || clientName
  const address = isInEuropeanEconomicArea(iban.slice(0, 2))
    ? null
    : {
        street: invoiceData?.postalAddress ?? '',
        postalCode: invoiceData?.postalCode ?? '',
        town: invoiceData?.town ?? '',
        country: invoiceData?.country || countryCode || '',
      }
  return { mandateId, signedDay, scheme, iban, bic, debtor, address }
}

function findLack(
  { signedDay, address, bic }: Mandate,
  today: string,
): Pick<SkippedInvoice, 'code' | 'detail'> | undefined {
  if (signedDay > today) {
    const detail = `The client's mandate is signed on ${signedDay}: a bank refuses one that is not signed yet.`
    return { code: 'mandate_not_signed', detail }
  }
  if (address === null) return undefined
  const where = 'a bank outside the European Economic Area asks for it'
  if (bic === '') return { code: 'bic_missing', detail: `The client's directDebit has no bic: ${where}.` }
  if (address.town === '' || address.country === '') {
    return {
      code: 'address_missing',
      detail: `The client's invoiceData has no town or no country: ${where}.`,
    }
  }
  return undefined
}

function nothingToCollect(skipped: readonly SkippedInvoice[]): Unprocessable {
  const faults = skipped.map(({ invoiceId, detail }) => ({ pointer: '', detail: `${invoiceId}: ${detail}` }))
  return new Unprocessable('nothing_to_collect', 'No open invoice can be collected by that day.', faults)
}
