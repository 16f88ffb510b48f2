/**
 * What has the standard, or the profile, no words for in this invoice? Each with its place and the rule that forbids it.
 */
import type { InputFault } from '../../errors.ts'
import type { TaxCategory } from '../invoice.ts'
import { amountDueAtIssue } from '../stored-invoice.ts'
import { type EInvoiceSource, findCategory, keepIds, maxDecimals, paymentMeans } from './e-invoice-terms.ts'
import { findMissing } from './party-rules.ts'
import { partyIds, sellerIds } from './party-terms.ts'
import type { EInvoiceProfile } from './profiles.ts'

export function findUnrepresentable(source: EInvoiceSource, profile: EInvoiceProfile): InputFault[] {
  return [
    ...findLineFaults(source),
    ...findTaxFaults(source),
    ...findIdFaults(source),
    ...findPeppolFaults(source, profile),
    ...findMissing(source, profile).map(({ of, field, detail }) => ({ pointer: `/${of}/${field}`, detail })),
  ]
}

function findLineFaults({ invoice }: EInvoiceSource): InputFault[] {
  const errors: InputFault[] = []
  if (!invoice.lines.some((line) => line.kind !== 'discount')) {
    errors.push({ pointer: '/lines', detail: 'an e-invoice has at least one line (BR-16)' })
  }
  const isTaxed = invoice.lines.some((line) => findCategory(line.taxes[0]) !== 'O')
  for (const [i, line] of invoice.lines.entries()) {
    if (line.net.decimalPlaces() > maxDecimals) {
      errors.push({ pointer: `/lines/${i}/net`, detail: 'has more than two decimals (BR-DEC-23)' })
    }
    if (isTaxed && findCategory(line.taxes[0]) === 'O') {
      errors.push({
        pointer: `/lines/${i}`,
        detail: 'is outside the scope of tax, and others are not (BR-O-11, BR-O-12)',
      })
    }
    if (line.taxes.length > 1) {
      errors.push({
        pointer: `/lines/${i}`,
        detail: 'a line of an e-invoice has one tax, this one has several (UBL-SR-48)',
      })
    }
  }
  return errors
}

function findTaxFaults({ invoice }: EInvoiceSource): InputFault[] {
  return invoice.taxes.flatMap(({ category, rate, amount }, i): InputFault[] => {
    const place = `/taxes/${i}`
    const tooExact = { pointer: `${place}/amount`, detail: 'has more than two decimals (BR-DEC-20)' }
    const noRate = { pointer: `${place}/rate`, detail: 'is 0, which is category Z (BR-S-05)' }
    return [
      ...(amount.decimalPlaces() > maxDecimals ? [tooExact] : []),
      ...(category === 'S' && rate.isZero() ? [noRate] : []),
    ]
  })
}

/** Whose VAT number a category asks for, and the rule that does. */
const idRules: Readonly<
  Partial<Record<TaxCategory, { seller?: string; buyer?: string; buyerLegal?: string }>>
> = {
  S: { seller: 'BR-S-02' },
  AE: { seller: 'BR-AE-02', buyerLegal: 'BR-AE-02' },
  K: { seller: 'BR-IC-02', buyer: 'BR-IC-02' },
  G: { seller: 'BR-G-02' },
}

function findIdFaults(source: EInvoiceSource): InputFault[] {
  const seller = keepIds(source, sellerIds(source.seller))
  const buyer = keepIds(source, partyIds(source.buyer))
  // With a tax number that may not be written (BR-O-02), or none that a register gave.
  const isNamed = [seller.vatId, seller.legalId].some((id) => id !== '') || source.seller.taxId === ''
  const unnamed = { pointer: '/seller/endpointId', detail: 'is not of the register of companies (BR-CO-26)' }
  const categories = new Set(source.invoice.lines.map((line) => findCategory(line.taxes[0])))
  const missing = [...categories].flatMap((category): InputFault[] => {
    const rules = idRules[category] ?? {}
    const missing: InputFault[] = []
    const isSellerKnown =
      seller.vatId !== '' || (seller.taxRegistration !== '' && category !== 'G' && category !== 'K')
    if (rules.seller && !isSellerKnown && source.seller.taxId !== '') {
      missing.push({
        pointer: '/seller/taxId',
        detail: `is not a VAT number, and ${reasons[category]} (${rules.seller})`,
      })
    }
    if (rules.buyer && buyer.vatId === '') {
      missing.push({
        pointer: '/buyer/taxId',
        detail: `is missing, and ${reasons[category]} (${rules.buyer})`,
      })
    }
    if (rules.buyerLegal && buyer.vatId === '' && buyer.legalId === '') {
      missing.push({
        pointer: '/buyer/taxId',
        detail: `is missing, and ${reasons[category]} (${rules.buyerLegal})`,
      })
    }
    return missing
  })
  return isNamed ? missing : [...missing, unnamed]
}

const reasons: Readonly<Partial<Record<TaxCategory, string>>> = {
  S: 'tax is charged',
  AE: 'reverse charge needs it',
  K: 'a supply within the Union needs it',
  G: 'an export needs it',
}

/** Peppol's rules of single countries that an invoice breaks, whoever the parties are. */
function findPeppolFaults(source: EInvoiceSource, profile: EInvoiceProfile): InputFault[] {
  const { invoice, seller, buyer } = source
  if (profile !== 'peppol-bis-3') return []
  const errors: InputFault[] = []
  if (seller.country === 'SE') {
    for (const [i, { category, rate }] of invoice.taxes.entries()) {
      if (category !== 'S' || [6, 12, 25].some((known) => rate.eq(known))) continue
      errors.push({ pointer: `/taxes/${i}/rate`, detail: 'is not a Swedish rate: 6, 12 or 25 (SE-R-006)' })
    }
  }
  if (seller.country === 'DK' && buyer.country === 'DK' && paymentMeans(source)['BT-81'] === '30') {
    errors.push({
      pointer: '/seller/iban',
      detail: 'is paid to by a means that Denmark does not take at home (DK-R-005)',
    })
  }
  const isNote = invoice.kind === 'credit-note'
  // A note's amounts turn their signs: one that charges is below 0.
  if (seller.country === 'DK' && isNote && amountDueAtIssue(invoice).gt(0)) {
    errors.push({ pointer: '/total', detail: 'a Danish credit note cannot charge (DK-R-016)' })
  }
  return errors
}

/** CEN's rules for this syntax alone refuse IGIC of 0 %. */
export function findCiiFaults({ invoice }: EInvoiceSource): InputFault[] {
  return invoice.taxes.flatMap(({ category, rate }, i) =>
    category === 'L' && rate.isZero()
      ? [{ pointer: `/taxes/${i}/rate`, detail: 'is 0, and IGIC is more in this syntax (BR-AF-05)' }]
      : [],
  )
}
