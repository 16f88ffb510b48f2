/**
 * What would the client's invoice of this period be now? Reads calls, taxes and fixed costs and composes them.
 *
 * Draft, preview, schedule and issue all come here, so that what is previewed is computed by what is issued.
 * Throws `InvalidRequest` with the place of what the brand does not have, `CurrencyMismatch`.
 */
import type { Sql } from '../db/connection.ts'
import { loadOpenFees } from '../db/invoices/allowance-fees.ts'
import { loadFixedCosts, loadTaxes, type PricedFixedCost } from '../db/invoices/invoice-prices.ts'
import type { InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { CurrencyMismatch, type InputFault, InvalidRequest } from '../errors.ts'
import { Decimal } from '../money.ts'
import { composeInvoice } from './compose-invoice.ts'
import { changeLines } from './correction-lines.ts'
import { readDiscounts } from './discount-lines.ts'
import { feeLines } from './fee-lines.ts'
import { findOpenCalls } from './find-changes.ts'
import type { FixedCostItem } from './fixed-cost-lines.ts'
import type { InvoiceSums, LineTax, Period } from './invoice.ts'
import type { FixedCostTerm, InvoiceTerms } from './invoice-terms.ts'
import { invoiceTexts } from './invoice-texts.ts'
import type { PricedLine } from './priced-line.ts'
import { intersect } from './prorate.ts'

export async function computeInvoice(
  tx: Sql,
  client: InvoicedClient,
  { period, terms }: { period: Period; terms: InvoiceTerms },
): Promise<InvoiceSums> {
  const { brandId } = client
  const texts = invoiceTexts(client)
  const [open, fees, fixedCosts] = await Promise.all([
    findOpenCalls(tx, client, { period, texts }),
    loadOpenFees(tx, { clientId: client.id, to: period.to }),
    loadFixedCosts(tx, { brandId, ids: terms.fixedCosts.map((term) => term.fixedCostId) }),
  ])
  const taxIds = terms.taxIds ?? client.taxIds
  const ownTaxIds = terms.fixedCosts.map((term) => term.taxId ?? fixedCosts.get(term.fixedCostId)?.taxId)
  const named = [...taxIds, ...ownTaxIds.filter((id) => id != null)]
  const taxes = await loadTaxes(tx, { brandId, ids: [...new Set(named)] })
  const getTax = (id: string, pointer: string) => {
    const tax = taxes.get(id)
    if (!tax) throw missing(pointer, 'tax')
    return tax
  }
  const invoiceTaxes = taxIds.map((id, i) => getTax(id, `/taxIds/${i}`))
  return composeInvoice({
    currency: client.currency,
    period,
    monthsFrom: terms.monthsFrom ?? period.from,
    includesTax: client.pricesIncludeTax,
    callSums: open.callSums,
    fixedCosts: terms.fixedCosts.map((term, i) =>
      fixedCostItem(term, { client, i, fixedCosts, getTax, invoiceTaxes }),
    ),
    fees: feeLines(fees, { taxes: invoiceTaxes, texts }),
    discounts: readDiscounts(terms),
    minimumMonthlyAmount:
      terms.minimumMonthlyAmount === null ? null : new Decimal(terms.minimumMonthlyAmount),
    taxes: invoiceTaxes,
    corrections: open.changed.flatMap((changed) => {
      const { corrections, late } = changeLines(changed, texts)
      return client.brand.corrections === 'invoice' || isNothing(corrections)
        ? [...corrections, ...late]
        : late
    }),
    texts,
  })
}

/** A note of nothing is no document: its calls stand on the invoice. */
export function isNothing(corrections: readonly PricedLine[]): boolean {
  return corrections.every(({ price }) => price.isZero())
}

/** A span of days that is backwards, or, where `period` is given, has no day of it. */
export function checkSpans(fixedCosts: readonly FixedCostTerm[], period: Period | null): void {
  const errors = fixedCosts.flatMap(({ from, to }, i): InputFault[] => {
    const pointer = `/fixedCosts/${i}/${to === null ? 'from' : 'to'}`
    if (from !== null && to !== null && from >= to) {
      return [{ pointer, detail: 'is the first day after the span, so it must be later than "from"' }]
    }
    if (period === null) return []
    const days = intersect({ from: from ?? period.from, to: to ?? period.to }, period)
    return days ? [] : [{ pointer, detail: `leaves no day between ${period.from} and ${period.to}` }]
  })
  if (errors.length > 0)
    throw new InvalidRequest('The days of a fixed cost are not days of the period.', errors)
}

function fixedCostItem(
  term: FixedCostTerm,
  known: {
    client: InvoicedClient
    i: number
    fixedCosts: ReadonlyMap<string, PricedFixedCost>
    getTax: (id: string, pointer: string) => LineTax
    invoiceTaxes: readonly LineTax[]
  },
): FixedCostItem {
  const { client, i } = known
  const fixedCost = known.fixedCosts.get(term.fixedCostId)
  if (!fixedCost) throw missing(`/fixedCosts/${i}/fixedCostId`, 'fixed cost')
  if (fixedCost.currency !== client.currency) throw new CurrencyMismatch(fixedCost.currency, client.currency)
  const isRuled = fixedCost.quantityRule === 'maxCalls' && term.quantity === null
  if (isRuled && client.maxCalls === 0) {
    const detail = 'is needed: the fixed cost counts channels, and the client has no Max calls'
    throw new InvalidRequest('The client has unlimited channels, which cannot be counted.', [
      { pointer: `/fixedCosts/${i}/quantity`, detail },
    ])
  }
  const taxId = term.taxId ?? fixedCost.taxId
  return {
    name: fixedCost.name,
    price: fixedCost.price,
    quantity: new Decimal(isRuled ? client.maxCalls : (term.quantity ?? 1)),
    prorate: fixedCost.prorate,
    days: { ...(term.from !== null && { from: term.from }), ...(term.to !== null && { to: term.to }) },
    taxes: taxId === null ? known.invoiceTaxes : [known.getTax(taxId, `/fixedCosts/${i}/taxId`)],
  }
}

function missing(pointer: string, what: string): InvalidRequest {
  return new InvalidRequest(`The brand has no such ${what}.`, [
    { pointer, detail: `is not a known ${what} of the brand` },
  ])
}
