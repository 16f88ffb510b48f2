/**
 * Which calls will this client's next invoice take, and at whose terms? Those of the period and earlier ones at its own;
 * what changed of an invoice that stands, and what came too late for one with a minimum, at that invoice's.
 */
import type { Sql } from '../db/connection.ts'
import { type InvoiceToCorrect, loadInvoicesToCorrect } from '../db/invoices/changed-invoices.ts'
import { loadTaxes } from '../db/invoices/invoice-prices.ts'
import { sumOpenRollups, sumRollupsOfInvoices } from '../db/invoices/invoice-rollups.ts'
import type { InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { currencyDigits, Decimal, zero } from '../money.ts'
import { prorateMinimum } from './compose-invoice.ts'
import type { ChangedInvoice } from './correction-lines.ts'
import { readDiscounts } from './discount-lines.ts'
import type { CallSums, LineTax, Period } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import type { PeriodParts } from './period-lines.ts'

export interface OpenCalls {
  callSums: CallSums[]
  changed: ChangedInvoice[]
}

export async function findOpenCalls(
  tx: Sql,
  client: InvoicedClient,
  { period, texts }: { period: Period; texts: InvoiceTexts },
): Promise<OpenCalls> {
  const open = await sumOpenRollups(tx, { clientId: client.id, ...period })
  const ids = [...new Set(open.flatMap(({ firstInvoiceId }) => firstInvoiceId ?? []))]
  const callSums = open.filter(({ firstInvoiceId }) => firstInvoiceId === null)
  if (ids.length === 0) return { callSums, changed: [] }
  const [invoices, charged] = await Promise.all([
    loadInvoicesToCorrect(tx, ids),
    sumRollupsOfInvoices(tx, { clientId: client.id, ids }),
  ])
  const changed = invoices.map(async (one): Promise<ChangedInvoice> => {
    const { id, number } = one.invoice
    const taxes = await loadPeriodTaxes(tx, client, one)
    const ofIt = open.filter(({ firstInvoiceId }) => firstInvoiceId === id)
    const before = charged.filter(({ firstInvoiceId }) => firstInvoiceId === id)
    return {
      id,
      number: number ?? '',
      parts: gatherParts(one, client, { callSums: before, taxes, texts }),
      corrected: ofIt.filter(({ isCorrection }) => isCorrection),
      late: ofIt.filter(({ isCorrection }) => !isCorrection),
      creditedShare: (sums) => creditedShare(one, sums),
    }
  })
  return { callSums, changed: await Promise.all(changed) }
}

function gatherParts(
  { invoice, lines }: InvoiceToCorrect,
  client: InvoicedClient,
  { callSums, taxes, texts }: Pick<PeriodParts, 'callSums' | 'taxes' | 'texts'>,
): PeriodParts {
  const { terms, period } = invoice
  const priceTerms = { includesTax: client.pricesIncludeTax, digits: currencyDigits(invoice.currency) }
  const minimum = terms.minimumMonthlyAmount
  return {
    ...priceTerms,
    callSums,
    fixedCosts: lines
      .filter(({ kind }) => kind === 'fixed-cost')
      .map(({ net, gross, ...line }) => ({ ...line, price: gross ?? net })),
    discounts: readDiscounts(terms),
    minimum: prorateMinimum(
      {
        period,
        monthsFrom: terms.monthsFrom ?? period.from,
        minimumMonthlyAmount: minimum === null ? null : new Decimal(minimum),
      },
      priceTerms,
    ),
    taxes,
    texts,
  }
}

/** Of its calls as issued; where it had none, those that they would have borne. */
async function loadPeriodTaxes(
  tx: Sql,
  client: InvoicedClient,
  { invoice, lines }: InvoiceToCorrect,
): Promise<readonly LineTax[]> {
  const line = lines.find(
    ({ kind, calls, correctsInvoiceId }) =>
      (calls !== null || kind === 'minimum') && correctsInvoiceId === null,
  )
  if (line) return line.taxes
  const ids = invoice.terms.taxIds ?? client.taxIds
  const taxes = await loadTaxes(tx, { brandId: client.brandId, ids })
  return ids.flatMap((id) => taxes.get(id) ?? [])
}

/** By destination; calls to one that had no line share what was given back of all calls. */
function creditedShare({ lines, creditedQuantities }: InvoiceToCorrect, sums: CallSums): Decimal {
  const shares = lines.flatMap(({ calls, correctsInvoiceId, quantity, net }, index) => {
    if (calls === null || correctsInvoiceId !== null || quantity.isZero()) return []
    return { calls, net, share: (creditedQuantities.get(index) ?? zero).div(quantity) }
  })
  const own = shares.find(
    ({ calls }) =>
      calls.destination === sums.destination &&
      calls.isInbound === sums.isInbound &&
      calls.isEarlier === sums.isEarlier,
  )
  if (own) return own.share
  const net = shares.reduce((sum, line) => sum.plus(line.net), zero)
  if (net.isZero()) return zero
  return shares.reduce((sum, line) => sum.plus(line.net.times(line.share)), zero).div(net)
}
