/**
 * What would the client's invoice of this period be now? Reads calls, taxes and fixed costs and composes them.
 *
 * Draft, preview, schedule and issue all come here, so that what is previewed is computed by what is issued.
 * Throws `InvalidRequest` with the place of what the brand does not have, `CurrencyMismatch`.
 */
import type { Sql } from '../db/connection.ts'
import { loadFixedCosts, loadTaxes, type PricedFixedCost } from '../db/invoices/invoice-prices.ts'
import { sumOpenRollups } from '../db/invoices/invoice-rollups.ts'
import type { InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { CurrencyMismatch, InvalidRequest } from '../errors.ts'
import { Decimal } from '../money.ts'
import { composeInvoice } from './compose-invoice.ts'
import type { FixedCostItem } from './fixed-cost-lines.ts'
import type { InvoiceSums, LineTax, Period } from './invoice.ts'
import type { FixedCostTerm, InvoiceTerms } from './invoice-terms.ts'
import { invoiceTexts } from './invoice-texts.ts'

export async function computeInvoice(
  tx: Sql,
  client: InvoicedClient,
  { period, terms }: { period: Period; terms: InvoiceTerms },
): Promise<InvoiceSums> {
  const { brandId } = client
  const [callSums, fixedCosts] = await Promise.all([
    sumOpenRollups(tx, { clientId: client.id, ...period }),
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
    callSums,
    fixedCosts: terms.fixedCosts.map((term, i) =>
      fixedCostItem(term, { client, i, fixedCosts, getTax, invoiceTaxes }),
    ),
    discounts: terms.discounts.map(({ description, percent, amount }) => ({
      description,
      percent: percent === null ? null : new Decimal(percent),
      amount: amount === null ? null : new Decimal(amount),
    })),
    minimumMonthlyAmount:
      terms.minimumMonthlyAmount === null ? null : new Decimal(terms.minimumMonthlyAmount),
    taxes: invoiceTaxes,
    texts: invoiceTexts(client),
  })
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
  const ruled = fixedCost.quantityRule === 'maxCalls' ? client.maxCalls : 1
  const taxId = term.taxId ?? fixedCost.taxId
  return {
    name: fixedCost.name,
    price: fixedCost.price,
    quantity: new Decimal(term.quantity ?? ruled),
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
