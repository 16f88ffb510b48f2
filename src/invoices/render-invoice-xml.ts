/**
 * The invoice as a European e-invoice: EN 16931 in the UBL 2.1 syntax, from the same rows as the PDF.
 *
 * Discounts become allowances of the document, sums in credit notes are positive, and a line that takes money back
 * has a negative quantity, since a price may not be negative (BR-27). Throws `Conflict` for a draft,
 * `Unprocessable` (`invoice_not_representable`) with the place for what the standard has no words for.
 */
import { Conflict, type InputFault, Unprocessable } from '../errors.ts'
import { groupBy } from '../group-by.ts'
import { currencyDigits, Decimal, formatAmount, zero } from '../money.ts'
import { readIban } from '../registers/bank-account.ts'
import { isInSepa } from '../registers/countries.ts'
import { readTaxNumber } from '../registers/tax-number.ts'
import type { InvoiceLine, LineTax, Party, TaxGroup } from './invoice.ts'
import type { InvoiceDocument } from './invoice-document.ts'
import { chooseLabels } from './invoice-labels.ts'
import { lastDayBefore } from './invoice-texts.ts'
import { amountDueAtIssue } from './stored-invoice.ts'
import { element, textElement, writeXml, type XmlElement } from './xml-element.ts'

interface Writing {
  document: InvoiceDocument
  /** −1 turns the signs of a credit note. */
  sign: 1 | -1
  money: (name: string, amount: Decimal) => XmlElement
}

/** Of every amount, whatever the currency has: BR-DEC-01 to 28. */
const maxDecimals = 2

export function renderInvoiceXml(document: InvoiceDocument): string {
  const { invoice, seller, buyer } = document
  if (invoice.issueDay === null || invoice.number === null) {
    throw new Conflict('invoice_not_issued', 'A draft has no e-invoice: issue it first.')
  }
  refuseWhatCannotBeSaid(document)
  const isNote = invoice.kind === 'credit-note'
  const digits = Math.min(maxDecimals, currencyDigits(invoice.currency))
  const sign = isNote ? -1 : 1
  const money = (name: string, amount: Decimal) =>
    element(name, { currencyID: invoice.currency }, amount.times(sign).plus(0).toFixed(digits))
  const writing: Writing = { document, sign, money }
  const name = isNote ? 'CreditNote' : 'Invoice'
  const lines = invoice.lines.filter((line) => line.kind !== 'discount')
  return writeXml(
    element(
      name,
      {
        xmlns: `urn:oasis:names:specification:ubl:schema:xsd:${name}-2`,
        'xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
        'xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
      },
      element('cbc:CustomizationID', {}, 'urn:cen.eu:en16931:2017'),
      element('cbc:ID', {}, invoice.number),
      element('cbc:IssueDate', {}, invoice.issueDay),
      !isNote && invoice.dueDay !== null && element('cbc:DueDate', {}, invoice.dueDay),
      element(isNote ? 'cbc:CreditNoteTypeCode' : 'cbc:InvoiceTypeCode', {}, isNote ? '381' : '380'),
      textElement('cbc:Note', invoice.reason),
      element('cbc:DocumentCurrencyCode', {}, invoice.currency),
      element(
        'cac:InvoicePeriod',
        {},
        element('cbc:StartDate', {}, invoice.period.from),
        element('cbc:EndDate', {}, lastDayBefore(invoice.period.to)),
      ),
      document.corrects !== null &&
        element(
          'cac:BillingReference',
          {},
          element(
            'cac:InvoiceDocumentReference',
            {},
            element('cbc:ID', {}, document.corrects.number),
            element('cbc:IssueDate', {}, document.corrects.issueDay),
          ),
        ),
      element('cac:AccountingSupplierParty', {}, partyElement(seller, writing)),
      element('cac:AccountingCustomerParty', {}, partyElement(buyer, writing)),
      paymentMeans(seller, invoice.currency),
      ...invoice.lines.filter((line) => line.kind === 'discount').map((line) => allowance(line, writing)),
      element(
        'cac:TaxTotal',
        {},
        money('cbc:TaxAmount', invoice.tax),
        ...listTaxGroups(document).map((group) => taxSubtotal(group, writing)),
      ),
      totals(writing, lines),
      ...lines.map((line, i) => lineElement(line, i + 1, writing)),
    ),
  )
}

function refuseWhatCannotBeSaid({ invoice, seller, buyer }: InvoiceDocument): void {
  const errors: InputFault[] = []
  if (!invoice.lines.some((line) => line.kind !== 'discount')) {
    errors.push({ pointer: '/lines', detail: 'an e-invoice has at least one line (BR-16)' })
  }
  const isTaxed = invoice.taxes.length > 0
  for (const [i, line] of invoice.lines.entries()) {
    if (line.net.decimalPlaces() > maxDecimals) {
      errors.push({ pointer: `/lines/${i}/net`, detail: 'has more than two decimals (BR-DEC-23)' })
    }
    if (isTaxed && line.taxes.length === 0) {
      errors.push({
        pointer: `/lines/${i}`,
        detail: 'is outside the scope of tax, and others are not (BR-O-11, BR-O-12)',
      })
    }
    if (line.taxes.length > 1) {
      errors.push({
        pointer: `/lines/${i}`,
        detail: 'a line of an e-invoice has one tax, this one has several',
      })
    }
  }
  for (const [i, group] of invoice.taxes.entries()) {
    if (group.amount.decimalPlaces() > maxDecimals) {
      errors.push({ pointer: `/taxes/${i}/amount`, detail: 'has more than two decimals (BR-DEC-20)' })
    }
  }
  for (const [role, party] of [
    ['seller', seller],
    ['buyer', buyer],
  ] as const) {
    if (!party.country) errors.push({ pointer: `/${role}/country`, detail: 'is missing (BR-9, BR-11)' })
  }
  if (!seller.taxId) errors.push({ pointer: '/seller/taxId', detail: 'is missing (BR-CO-26)' })
  if (!buyer.taxId && invoice.lines.some((line) => line.taxes[0]?.category === 'AE')) {
    errors.push({ pointer: '/buyer/taxId', detail: 'is missing, and reverse charge needs it (BR-AE-2)' })
  }
  if (errors.length === 0) return
  throw new Unprocessable('invoice_not_representable', 'This invoice cannot be written as EN 16931.', errors)
}

/**
 * Lines outside the scope of tax have a group of their own in the standard. It knows one group for each category and
 * rate (BR-E-01, BR-AE-01, BR-S-08), so grounds that differ stand in one.
 */
function listTaxGroups({ invoice }: InvoiceDocument): (TaxGroup | undefined)[] {
  if (invoice.taxes.length === 0) return [undefined]
  const groups = groupBy(invoice.taxes, ({ category, rate }) => `${category} ${rate.toFixed()}`)
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const reasons = [first, ...others].flatMap((group) => exemptionReason(group, invoice.language) ?? [])
    return {
      ...first,
      base: others.reduce((sum, { base }) => sum.plus(base), first.base),
      amount: others.reduce((sum, { amount }) => sum.plus(amount), first.amount),
      reason: reasons.length === 0 ? first.reason : reasons.join('; '),
    }
  })
}

function taxCategory(name: string, tax: LineTax | undefined, reason?: string): XmlElement {
  return element(
    name,
    {},
    element('cbc:ID', {}, tax?.category ?? 'O'),
    tax && element('cbc:Percent', {}, formatAmount(tax.rate)),
    textElement('cbc:TaxExemptionReason', reason),
    element('cac:TaxScheme', {}, element('cbc:ID', {}, 'VAT')),
  )
}

function taxSubtotal(group: TaxGroup | undefined, { document, money }: Writing): XmlElement {
  const { invoice } = document
  return element(
    'cac:TaxSubtotal',
    {},
    money('cbc:TaxableAmount', group?.base ?? invoice.net),
    money('cbc:TaxAmount', group?.amount ?? zero),
    taxCategory('cac:TaxCategory', group, exemptionReason(group, invoice.language)),
  )
}

/** Exempt, reverse charge and out of scope say why; standard and zero rate must not. */
export function exemptionReason(tax: LineTax | undefined, language: string): string | undefined {
  const labels = chooseLabels(language)
  if (!tax) return 'Not subject to VAT'
  if (tax.category === 'AE') return tax.reason ?? labels.reverseCharge
  if (tax.category === 'E') return tax.reason ?? labels.exempt
  return undefined
}

function partyElement(party: Party, { document }: Writing): XmlElement {
  const isTaxed = document.invoice.taxes.length > 0
  return element(
    'cac:Party',
    {},
    element(
      'cac:PostalAddress',
      {},
      textElement('cbc:StreetName', party.address),
      textElement('cbc:CityName', party.town),
      textElement('cbc:PostalZone', party.postalCode),
      textElement('cbc:CountrySubentity', party.province),
      element('cac:Country', {}, element('cbc:IdentificationCode', {}, party.country)),
    ),
    isTaxed &&
      party.taxId !== '' &&
      element(
        'cac:PartyTaxScheme',
        {},
        element('cbc:CompanyID', {}, readVatId(party)),
        element('cac:TaxScheme', {}, element('cbc:ID', {}, 'VAT')),
      ),
    element(
      'cac:PartyLegalEntity',
      {},
      element('cbc:RegistrationName', {}, party.name),
      textElement('cbc:CompanyID', party.taxId),
    ),
    (party.phone !== '' || party.email !== '') &&
      element(
        'cac:Contact',
        {},
        textElement('cbc:Telephone', party.phone),
        textElement('cbc:ElectronicMail', party.email),
      ),
  )
}

/** With the country before it (BR-CO-09), also where it was written down before tax numbers were checked. */
function readVatId({ country, taxId }: Party): string {
  const { vatNumber } = readTaxNumber({ country: country || null, text: taxId })
  if (vatNumber !== null) return vatNumber
  const prefix = country === 'GR' ? 'EL' : country
  const compact = taxId.toUpperCase().replaceAll(' ', '')
  return compact.startsWith(prefix) ? compact : `${prefix}${compact}`
}

/** An account that is none is not paid to. */
function paymentMeans(seller: Party, currency: string): XmlElement | undefined {
  const iban = readIban(seller.iban)
  if (iban === undefined) return undefined
  return element(
    'cac:PaymentMeans',
    {},
    element('cbc:PaymentMeansCode', {}, paymentMeansCode(iban, currency)),
    element(
      'cac:PayeeFinancialAccount',
      {},
      element('cbc:ID', {}, iban),
      seller.bic !== '' && element('cac:FinancialInstitutionBranch', {}, element('cbc:ID', {}, seller.bic)),
    ),
  )
}

/** UNCL 4461: 58 is a SEPA credit transfer, of euros alone; 30 any credit transfer. */
function paymentMeansCode(iban: string, currency: string): '58' | '30' {
  return currency === 'EUR' && isInSepa(iban.slice(0, 2)) ? '58' : '30'
}

function allowance(line: InvoiceLine, { money }: Writing): XmlElement {
  return element(
    'cac:AllowanceCharge',
    {},
    element('cbc:ChargeIndicator', {}, 'false'),
    element('cbc:AllowanceChargeReason', {}, line.description),
    money('cbc:Amount', line.net.negated()),
    taxCategory('cac:TaxCategory', line.taxes[0]),
  )
}

function totals({ document, money }: Writing, lines: readonly InvoiceLine[]): XmlElement {
  const { invoice } = document
  const lineSum = lines.reduce((sum, line) => sum.plus(line.net), zero)
  const allowances = lineSum.minus(invoice.net)
  const due = amountDueAtIssue(invoice)
  const settled = invoice.total.minus(due)
  return element(
    'cac:LegalMonetaryTotal',
    {},
    money('cbc:LineExtensionAmount', lineSum),
    money('cbc:TaxExclusiveAmount', invoice.net),
    money('cbc:TaxInclusiveAmount', invoice.total),
    !allowances.isZero() && money('cbc:AllowanceTotalAmount', allowances),
    !settled.isZero() && money('cbc:PrepaidAmount', settled),
    money('cbc:PayableAmount', due),
  )
}

function lineElement(line: InvoiceLine, id: number, { sign, money }: Writing): XmlElement {
  const flips = line.unitPrice.isNegative() ? -1 : 1
  const quantity = line.quantity.times(sign).times(flips)
  const isNote = sign === -1
  return element(
    isNote ? 'cac:CreditNoteLine' : 'cac:InvoiceLine',
    {},
    element('cbc:ID', {}, String(id)),
    element(
      isNote ? 'cbc:CreditedQuantity' : 'cbc:InvoicedQuantity',
      { unitCode: 'C62' },
      formatAmount(quantity),
    ),
    money('cbc:LineExtensionAmount', line.net),
    element(
      'cac:Item',
      {},
      element('cbc:Name', {}, line.description),
      taxCategory('cac:ClassifiedTaxCategory', line.taxes[0]),
    ),
    element('cac:Price', {}, priceAmount(line.unitPrice.abs(), money('cbc:PriceAmount', zero))),
  )
}

/** A price keeps its decimals. */
function priceAmount(price: Decimal, like: XmlElement): XmlElement {
  return { ...like, children: [formatAmount(new Decimal(price))] }
}
