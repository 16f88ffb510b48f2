/** Who is invoiced: the client, with the references that were asked for on this invoice instead of its own. */
import type { Party } from './invoice.ts'
import type { InvoiceTerms } from './invoice-terms.ts'

export function invoicedBuyer(
  party: Party,
  { buyerReference, purchaseOrder }: Pick<InvoiceTerms, 'buyerReference' | 'purchaseOrder'>,
): Party {
  return {
    ...party,
    buyerReference: buyerReference ?? party.buyerReference,
    purchaseOrder: purchaseOrder ?? party.purchaseOrder,
  }
}
