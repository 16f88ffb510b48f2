/**
 * What does this invoice say in the terms of EN 16931? From the same rows as the PDF, and the same for every syntax.
 *
 * Discounts become allowances of the document, or charges where a correction takes one back; sums in credit notes are positive;
 * a line that takes money back has a negative quantity, since a price may not be negative (BR-27).
 */
import { groupBy } from '../../group-by.ts'
import { currencyDigits, type Decimal, formatAmount, roundAmount, zero } from '../../money.ts'
import { readIban } from '../../registers/bank-account.ts'
import { isInSepa } from '../../registers/countries.ts'
import type { InvoiceLine, LineTax, Party, TaxGroup } from '../invoice.ts'
import type { InvoiceDocument } from '../invoice-document.ts'
import { chooseLabels } from '../invoice-labels.ts'
import { lastDayBefore } from '../invoice-texts.ts'
import { numberFormats } from '../number-formats.ts'
import { amountDueAtIssue } from '../stored-invoice.ts'
import { exemptionReason } from './exemption-reason.ts'
import { type PartyIds, partyIds, sellerIds } from './party-terms.ts'
import type { EInvoiceProfile } from './profiles.ts'
import type { Term, Terms, Values } from './terms.ts'
import { creditNoteCode } from './ubl.ts'

/** Of every amount, whatever the currency has: BR-DEC-01 to 28. */
export const maxDecimals = 2

/** What an e-invoice is made of; a draft has them, too. */
export type EInvoiceSource = Pick<InvoiceDocument, 'invoice' | 'seller' | 'buyer'> &
  Partial<Pick<InvoiceDocument, 'corrects'>>

const process = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'
const specifications: Readonly<Record<EInvoiceProfile, { id: string; process?: string }>> = {
  en16931: { id: 'urn:cen.eu:en16931:2017' },
  'peppol-bis-3': {
    id: 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0',
    process,
  },
  'xrechnung-3': {
    id: 'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0',
    process,
  },
}

export function eInvoiceTerms(source: EInvoiceSource, profile: EInvoiceProfile): Terms {
  const { invoice, seller, buyer } = source
  const isNote = invoice.kind === 'credit-note'
  const writing: Writing = {
    sign: isNote ? -1 : 1,
    digits: Math.min(maxDecimals, currencyDigits(invoice.currency)),
    hasExactPrices: profile !== 'en16931',
  }
  const lines = invoice.lines.filter((line) => line.kind !== 'discount')
  const discounts = invoice.lines.filter((line) => line.kind === 'discount')
  const isGiven = (line: InvoiceLine) => line.net.times(writing.sign).lte(0)
  const allowances = discounts.filter(isGiven)
  const charges = discounts.filter((line) => !isGiven(line))
  const { id, process } = specifications[profile]
  return {
    values: filled({
      'BT-1': invoice.number,
      'BT-2': invoice.issueDay,
      'BT-3': isNote ? creditNoteCode : '380',
      'BT-5': invoice.currency,
      'BT-9': invoice.dueDay,
      'BT-10': buyer.buyerReference,
      'BT-13': buyer.purchaseOrder,
      'BT-20': paymentTerms(source),
      'BT-22': invoice.reason,
      'BT-23': process,
      'BT-24': id,
      'BT-25': source.corrects?.number,
      'BT-26': source.corrects?.issueDay,
      'BT-73': invoice.period.from,
      'BT-74': lastDayBefore(invoice.period.to),
      ...sellerTerms(seller, keepIds(source, sellerIds(seller))),
      ...buyerTerms(buyer, keepIds(source, partyIds(buyer))),
      ...deliveryTerms(source),
      ...paymentMeans(source),
      ...totals({ source, lines, allowances, charges }, writing),
    }),
    'BG-20': allowances.map((line) => ({
      'BT-92': money(line.net.negated(), writing),
      'BT-95': findCategory(line.taxes[0]),
      ...rate('BT-96', line.taxes[0]),
      'BT-97': line.description,
    })),
    'BG-21': charges.map((line) => ({
      'BT-99': money(line.net, writing),
      'BT-102': findCategory(line.taxes[0]),
      ...rate('BT-103', line.taxes[0]),
      'BT-104': line.description,
    })),
    'BG-23': sumTaxGroups(source).map((group) =>
      filled({
        'BT-116': money(group.base, writing),
        'BT-117': money(group.amount, writing),
        'BT-118': group.category,
        // Outside the scope of VAT there is no rate; XRechnung wants one all the same (BR-DE-14).
        'BT-119': formatAmount(group.rate),
        'BT-120': group.reason,
        'BT-121': group.reasonCode,
      }),
    ),
    'BG-25': lines.map((line, i) => lineTerms(line, i + 1, writing)),
  }
}

interface Writing {
  /** −1 turns the signs of a credit note. */
  sign: 1 | -1
  digits: number
  /** Quantity × price must come to the line's net, to the cent, whatever the currency rounds to (PEPPOL-EN16931-R120). */
  hasExactPrices: boolean
}

function money(amount: Decimal, { sign, digits }: Writing): string {
  return amount.times(sign).plus(0).toFixed(digits)
}

/** Without those that say nothing: the profiles refuse an empty element. */
function filled(values: Partial<Record<Term, string | null | undefined>>): Values {
  return Object.fromEntries(Object.entries(values).filter(([, text]) => text && text.trim() !== ''))
}

/** A line without a tax is outside the scope of VAT. */
export function findCategory(tax: LineTax | undefined): LineTax['category'] {
  return tax?.category ?? 'O'
}

/** Outside the scope of VAT lines have no rate (BR-O-05). */
function rate(term: Term, tax: LineTax | undefined): Values {
  return tax && tax.category !== 'O' ? { [term]: formatAmount(tax.rate) } : {}
}

/** Outside the scope of VAT the parties have no VAT numbers (BR-O-02). */
export function keepIds({ invoice }: EInvoiceSource, ids: PartyIds): PartyIds {
  const isOutside = invoice.lines.every((line) => findCategory(line.taxes[0]) === 'O')
  return isOutside ? { ...ids, vatId: '', taxRegistration: '' } : ids
}

function sellerTerms(seller: Party, ids: PartyIds): Partial<Record<Term, string>> {
  return {
    'BT-27': seller.name,
    'BT-30': ids.legalId,
    'BT-30-1': ids.legalScheme,
    'BT-31': ids.vatId,
    'BT-32': ids.taxRegistration,
    'BT-33': seller.registration,
    'BT-34': seller.endpointValue,
    'BT-34-1': seller.endpointScheme,
    'BT-35': seller.address,
    'BT-37': seller.town,
    'BT-38': seller.postalCode,
    'BT-39': seller.province,
    'BT-40': seller.country,
    'BT-41': seller.contactName,
    'BT-42': seller.phone,
    'BT-43': seller.email,
  }
}

function buyerTerms(buyer: Party, ids: PartyIds): Partial<Record<Term, string>> {
  return {
    'BT-44': buyer.name,
    'BT-47': ids.legalId,
    'BT-47-1': ids.legalScheme,
    'BT-48': ids.vatId,
    'BT-49': buyer.endpointValue,
    'BT-49-1': buyer.endpointScheme,
    'BT-50': buyer.address,
    'BT-52': buyer.town,
    'BT-53': buyer.postalCode,
    'BT-54': buyer.province,
    'BT-55': buyer.country,
    'BT-56': buyer.contactName,
    'BT-58': buyer.email,
  }
}

/** Of a supply within the Union, which says where it went and by when (BR-IC-11, BR-IC-12). */
function deliveryTerms({ invoice, buyer }: EInvoiceSource): Partial<Record<Term, string>> {
  if (!invoice.lines.some((line) => findCategory(line.taxes[0]) === 'K')) return {}
  return {
    'BT-72': lastDayBefore(invoice.period.to),
    'BT-77': buyer.town,
    'BT-78': buyer.postalCode,
    'BT-80': buyer.country,
  }
}

function paymentTerms({ invoice }: EInvoiceSource): string | undefined {
  if (invoice.dueDay === null || amountDueAtIssue(invoice).lte(0)) return undefined
  return `${chooseLabels(invoice.language).dueOn}: ${numberFormats(invoice).day(invoice.dueDay)}`
}

/** UNCL 4461. An account that is none is not paid to. */
export function paymentMeans({ invoice, seller, buyer }: EInvoiceSource): Partial<Record<Term, string>> {
  if (buyer.mandateId !== '') {
    return {
      'BT-81': '59',
      'BT-83': invoice.number ?? '',
      'BT-89': buyer.mandateId,
      'BT-90': seller.creditorId,
      'BT-91': buyer.iban,
    }
  }
  const iban = readIban(seller.iban)
  if (iban === undefined) return {}
  // 58 is a SEPA credit transfer, of euros alone; 30 any credit transfer.
  const isSepa = invoice.currency === 'EUR' && isInSepa(iban.slice(0, 2))
  return {
    'BT-81': isSepa ? '58' : '30',
    'BT-83': invoice.number ?? '',
    'BT-84': iban,
    'BT-85': seller.name,
    'BT-86': seller.bic,
  }
}

/**
 * The standard knows one group for each category and rate (BR-E-01, BR-AE-01, BR-S-08), so grounds that differ stand in one,
 * with a code where it is the same. Lines outside the scope of VAT have a group, too, whether a tax says so or none.
 */
function sumTaxGroups({ invoice }: EInvoiceSource): Omit<TaxGroup, 'name'>[] {
  const { language } = invoice
  if (invoice.taxes.every(({ category }) => category === 'O')) {
    const reasons = invoice.taxes.length === 0 ? [undefined] : invoice.taxes
    const group = { category: 'O', rate: zero, base: invoice.net, amount: zero } as const
    return [{ ...group, ...joinReasons(reasons, language) }]
  }
  const groups = groupBy(invoice.taxes, ({ category, rate }) => `${category} ${rate.toFixed()}`)
  return [...groups.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const { category, rate } = first
    const base = same.reduce((sum, group) => sum.plus(group.base), zero)
    const amount = same.reduce((sum, group) => sum.plus(group.amount), zero)
    return { category, rate, base, amount, ...joinReasons(same, language) }
  })
}

function joinReasons(
  taxes: readonly (LineTax | undefined)[],
  language: string,
): Pick<TaxGroup, 'reason' | 'reasonCode'> {
  const reasons = new Set(taxes.flatMap((tax) => exemptionReason(tax, language) ?? []))
  const [code, ...others] = new Set(taxes.map((tax) => tax?.reasonCode))
  return {
    reason: reasons.size > 0 ? [...reasons].join('; ') : null,
    ...(code !== undefined && others.length === 0 && { reasonCode: code }),
  }
}

interface Summed {
  source: EInvoiceSource
  lines: readonly InvoiceLine[]
  allowances: readonly InvoiceLine[]
  charges: readonly InvoiceLine[]
}

function totals({ source: { invoice }, lines, allowances, charges }: Summed, writing: Writing): Values {
  const sumOf = (some: readonly InvoiceLine[]) => some.reduce((sum, line) => sum.plus(line.net), zero)
  const due = amountDueAtIssue(invoice)
  const settled = invoice.total.minus(due)
  return {
    'BT-106': money(sumOf(lines), writing),
    ...(allowances.length > 0 && { 'BT-107': money(sumOf(allowances).negated(), writing) }),
    ...(charges.length > 0 && { 'BT-108': money(sumOf(charges), writing) }),
    'BT-109': money(invoice.net, writing),
    'BT-110': money(invoice.tax, writing),
    'BT-112': money(invoice.total, writing),
    ...(!settled.isZero() && { 'BT-113': money(settled, writing) }),
    'BT-115': money(due, writing),
  }
}

function lineTerms(line: InvoiceLine, id: number, writing: Writing): Values {
  const flips = line.unitPrice.isNegative() ? -1 : 1
  return {
    'BT-126': String(id),
    'BT-129': formatAmount(line.quantity.times(writing.sign).times(flips)),
    // UN/ECE Recommendation 20: one.
    'BT-130': 'C62',
    'BT-131': money(line.net, writing),
    'BT-146': formatAmount(writePrice(line, writing)),
    'BT-151': findCategory(line.taxes[0]),
    ...rate('BT-152', line.taxes[0]),
    'BT-153': line.description,
  }
}

/** A price keeps its decimals, unless they are too few for a net of whole yen. */
function writePrice({ quantity, unitPrice, net }: InvoiceLine, { hasExactPrices }: Writing): Decimal {
  const isClose = quantity.times(unitPrice).minus(net).abs().lte('0.02')
  if (!hasExactPrices || isClose || quantity.isZero()) return unitPrice.abs()
  const decimals = 3 + quantity.abs().trunc().toFixed().length
  return roundAmount(net.div(quantity).abs(), { mode: 'half-up', decimals })
}
