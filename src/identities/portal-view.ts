/**
 * What may the one who asks see of a client's invoices, rating profiles and call prices?
 *
 * Operators, finance and engines see all. Keys and admins of the client itself see what its `portalVisibility`
 * says, in answers and exports alike: a hidden field is absent, a hidden list is no list.
 * Source: DOMAIN "Invoice data … visibility switches", contract "portalVisibility".
 */
import type { Identity } from './identity.ts'

/** The client's switches. */
export interface PortalVisibility {
  invoices: boolean
  ratingProfiles: boolean
  callPrices: boolean
}

export interface PortalView extends PortalVisibility {
  /** What carriers take for a call: no switch shows it to a client. */
  costs: boolean
}

export const wholeView: PortalView = { invoices: true, ratingProfiles: true, callPrices: true, costs: true }
export const emptyView: PortalView = {
  invoices: false,
  ratingProfiles: false,
  callPrices: false,
  costs: false,
}

/** `visibility`: undefined where the client is not known (any more). */
export function portalView(identity: Identity, visibility: PortalVisibility | undefined): PortalView {
  return identity.role === 'client' ? { ...emptyView, ...visibility } : wholeView
}

/**
 * Fields of calls, running calls and exported rows per call, by the switch that hides them. How long a call may last is
 * what the balance buys of it: with the balance it tells the rate.
 */
const fieldsBehind: Record<keyof PortalView, readonly string[]> = {
  invoices: ['invoiceId'],
  ratingProfiles: ['ratingPlanId', 'ratingProfileId', 'rateDeckId', 'explanation'],
  callPrices: [
    'price',
    'amount',
    'priceSoFar',
    'reserved',
    'explanation',
    'maxDurationSeconds',
    'allowances',
  ],
  costs: ['carrier', 'carrierId', 'cost', 'costCurrency', 'costReason', 'margin'],
}
/** Names of the fields of a call, or of a column per call, that this view does not have. */
export function hiddenCallFields(view: PortalView): ReadonlySet<string> {
  const hidden = new Set<string>()
  for (const name of ['invoices', 'ratingProfiles', 'callPrices', 'costs'] as const) {
    if (!view[name]) for (const field of fieldsBehind[name]) hidden.add(field)
  }
  return hidden
}

/** What is used of an item that holds money is what calls cost. */
export function showsAllowanceItem(view: Pick<PortalView, 'callPrices'>, unit: string): boolean {
  return view.callPrices || unit !== 'money'
}

/** A copy without the hidden fields. */
export function withoutFields<Shown extends object>(
  shown: Shown,
  hidden: ReadonlySet<string>,
): Partial<Shown> {
  if (hidden.size === 0) return shown
  const rest: Partial<Shown> = { ...shown }
  for (const field of Object.keys(rest) as (keyof Shown & string)[]) if (hidden.has(field)) delete rest[field]
  return rest
}

/**
 * The reference of a movement that belongs to no invoice, for a view without invoices: null where it names one of
 * `numbers`, in any case of letters. Rather one reference too few than a number shown.
 */
export function referenceWithoutInvoices(
  reference: string | null,
  numbers: readonly string[],
): string | null {
  const text = reference?.toLowerCase()
  return text !== undefined && numbers.some((number) => text.includes(number.toLowerCase()))
    ? null
    : reference
}
