/**
 * What does a party call itself by to machines: its VAT number, its number in a register of companies?
 */
import { readTaxNumber } from '../../registers/tax-number.ts'
import type { Party } from '../invoice.ts'

/** Schemes of electronic addresses that are numbers of a country's register of companies (ISO 6523). */
const registersOfCompanies: Readonly<Record<string, readonly string[]>> = {
  BE: ['0208'],
  DK: ['0184'],
  EE: ['0191'],
  FI: ['0212'],
  FR: ['0002', '0009'],
  IS: ['0196'],
  NL: ['0106', '0190'],
  NO: ['0192'],
  SE: ['0007'],
}

/** Countries whose suppliers' registration has a form of its own in Peppol's rules: a tax number is none there. */
const withRegisteredNumbers = ['DK', 'IS', 'NL', 'NO', 'SE']

export interface PartyIds {
  vatId: string
  /** A number of the tax office that is no VAT number. */
  taxRegistration: string
  legalId: string
  legalScheme: string
}

export function partyIds(party: Party): PartyIds {
  const { country, taxId } = party
  const { state, vatNumber } = readTaxNumber({ country: country || null, text: taxId })
  const isOther = state === 'valid' && vatNumber === null
  return {
    vatId: taxId === '' ? '' : (vatNumber ?? withPrefix(country, taxId)),
    taxRegistration: isOther ? taxId : '',
    ...legalId(party, vatNumber),
  }
}

/** A seller's number that is no VAT number has a term of its own (BT-32). */
export function sellerIds(seller: Party): PartyIds {
  const ids = partyIds(seller)
  return ids.taxRegistration === '' ? ids : { ...ids, vatId: '' }
}

function legalId(
  { country, taxId, endpointScheme, endpointValue }: Party,
  vatNumber: string | null,
): Pick<PartyIds, 'legalId' | 'legalScheme'> {
  if (registersOfCompanies[country]?.includes(endpointScheme)) {
    return { legalId: endpointValue, legalScheme: endpointScheme }
  }
  // These VAT numbers are made of the company's.
  if (country === 'DK' && vatNumber !== null) return { legalId: vatNumber.slice(2), legalScheme: '0184' }
  if (country === 'SE' && vatNumber !== null) return { legalId: vatNumber.slice(2, 12), legalScheme: '0007' }
  return { legalId: withRegisteredNumbers.includes(country) ? '' : taxId, legalScheme: '' }
}

/** Also where it was written down before tax numbers were checked (BR-CO-09). */
function withPrefix(country: string, taxId: string): string {
  const prefix = country === 'GR' ? 'EL' : country
  const compact = taxId.toUpperCase().replaceAll(' ', '')
  return compact.startsWith(prefix) ? compact : `${prefix}${compact}`
}
