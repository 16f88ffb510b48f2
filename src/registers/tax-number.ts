/**
 * Is this the tax number of a company or person of this country, and how is it written as a VAT number?
 *
 * VAT numbers are written without blanks, in capitals, and across borders with a prefix: the country's code, but EL for
 * Greece, XI for Northern Ireland (a part of GB), GB for the Isle of Man and FR for Monaco (Directive 2006/112/EC, article
 * 215; Protocol on Northern Ireland). Not everybody has one: another number that the country gives is taken as it stands.
 */
import { stdnum } from 'stdnum'

/** A country's names of its numbers, as `stdnum` has them. */
interface TaxNumbers {
  /** Before a VAT number; none where the number itself begins with it. The first is how it is written. */
  prefixes: readonly string[]
  vat: readonly string[]
  others?: readonly string[]
}

const taxNumbers: Readonly<Record<string, TaxNumbers>> = {
  AT: { prefixes: ['AT'], vat: ['uid'], others: ['tin', 'businessid'] },
  BE: { prefixes: ['BE'], vat: ['vat'], others: ['nn', 'bis'] },
  BG: { prefixes: ['BG'], vat: ['vat'], others: ['egn', 'pnf'] },
  CH: { prefixes: [], vat: ['vat', 'uid'] },
  CY: { prefixes: ['CY'], vat: ['vat'] },
  CZ: { prefixes: ['CZ'], vat: ['dic'], others: ['ico'] },
  DE: { prefixes: ['DE'], vat: ['vat'], others: ['stnr', 'idnr'] },
  DK: { prefixes: ['DK'], vat: ['cvr'], others: ['cpr'] },
  EE: { prefixes: ['EE'], vat: ['kmkr'], others: ['registrikood', 'ik'] },
  ES: { prefixes: ['ES'], vat: ['nif'] },
  FI: { prefixes: ['FI'], vat: ['alv'], others: ['ytunnus', 'hetu'] },
  FR: { prefixes: ['FR'], vat: ['tva'], others: ['siren', 'siret', 'nif'] },
  GB: { prefixes: ['GB', 'XI'], vat: ['vat'], others: ['utr', 'nino'] },
  GR: { prefixes: ['EL', 'GR'], vat: ['vat'] },
  HR: { prefixes: ['HR'], vat: ['oib'] },
  HU: { prefixes: ['HU'], vat: ['anum'] },
  IE: { prefixes: ['IE'], vat: ['vat'], others: ['pps'] },
  IT: { prefixes: ['IT'], vat: ['iva'], others: ['codicefiscale'] },
  LT: { prefixes: ['LT'], vat: ['pvm'], others: ['asmens'] },
  LU: { prefixes: ['LU'], vat: ['tva'] },
  LV: { prefixes: ['LV'], vat: ['pvn'] },
  MT: { prefixes: ['MT'], vat: ['vat'] },
  NL: { prefixes: ['NL'], vat: ['btw'], others: ['bsn'] },
  NO: { prefixes: ['NO'], vat: ['mva'], others: ['orgnr'] },
  PL: { prefixes: ['PL'], vat: ['nip'], others: ['pesel', 'regon'] },
  PT: { prefixes: ['PT'], vat: ['nif'] },
  RO: { prefixes: ['RO'], vat: ['cif'], others: ['cnp'] },
  SE: { prefixes: ['SE'], vat: ['vat'], others: ['orgnr', 'personnummer'] },
  SI: { prefixes: ['SI'], vat: ['ddv'] },
  SK: { prefixes: ['SK'], vat: ['dph'], others: ['rc'] },
}
/** Territories that tax as another country does. */
const taxedAs: Readonly<Record<string, string>> = { IM: 'GB', MC: 'FR' }
const countryOfPrefix = new Map(
  Object.entries(taxNumbers).flatMap(([country, { prefixes }]) =>
    prefixes.map((prefix): [string, string] => [prefix, country]),
  ),
)
/** On Hungarian invoices the number of a company goes on: type of taxation and county. */
const hungarian = /^(\d{8})[1-5]\d{2}$/

export interface TaxNumber {
  /** `unknown-form`: nothing is known of the country's numbers, or there is none. */
  state: 'valid' | 'wrong-check-digit' | 'impossible' | 'unknown-form'
  /** To be kept: as it was sent where it is no VAT number. */
  text: string
  /** With its prefix; null: it is no VAT number. */
  vatNumber: string | null
}

/** `country`: of the party, ISO 3166-1; null: not known, then only a prefix tells. */
export function readTaxNumber({ country, text }: { country: string | null; text: string }): TaxNumber {
  const sent = text.trim()
  const compact = sent.toUpperCase().replaceAll(/[\s./–-]/g, '')
  const home = country === null ? undefined : (taxedAs[country] ?? country)
  const prefixed = countryOfPrefix.get(compact.slice(0, 2))
  const readings: TaxNumber[] = []
  for (const code of new Set([home, prefixed])) {
    const numbers = code === undefined ? undefined : taxNumbers[code]
    if (code !== undefined && numbers) {
      readings.push(...readingsIn(code, numbers, { sent, compact }, code === home))
    }
  }
  const hasForm = prefixed !== undefined || (home !== undefined && home in taxNumbers)
  if (compact === '' || !hasForm) return { state: 'unknown-form', text: sent, vatNumber: null }
  const best =
    readings.find(({ state }) => state === 'valid') ??
    readings.find(({ state }) => state === 'wrong-check-digit')
  if (best) return best
  // Of a country whose numbers are not known, what looks like a prefix may be something else.
  const isForeign = home !== undefined && !(home in taxNumbers)
  return { state: isForeign ? 'unknown-form' : 'impossible', text: sent, vatNumber: null }
}

/** What the text may be in a country: its VAT number with and without the prefix, or another number of it. */
function readingsIn(
  country: string,
  { prefixes, vat, others = [] }: TaxNumbers,
  { sent, compact }: { sent: string; compact: string },
  isHome: boolean,
): TaxNumber[] {
  const readings: TaxNumber[] = []
  const [written = ''] = prefixes
  const prefix = prefixes.find((one) => compact.startsWith(one))
  for (const name of vat) {
    if (prefix !== undefined) {
      const number = compact.slice(prefix.length)
      const reading = check(country, name, number)
      // Else `FRfr…` would be one: the check takes a prefix away itself.
      if (!reading || prefixes.some((one) => number === one + reading.text)) continue
      const text = (prefix === 'XI' ? prefix : written) + reading.text
      readings.push({ ...reading, text, vatNumber: text })
    } else if (isHome) {
      const reading = check(country, name, compact)
      if (reading) readings.push({ ...reading, vatNumber: written + reading.text })
    }
  }
  if (!isHome) return readings
  for (const name of others) {
    const reading = check(country, name, compact)
    if (reading) readings.push({ ...reading, text: sent, vatNumber: null })
  }
  if (country === 'HU') {
    const company = hungarian.exec(compact)?.[1]
    const reading = company && check(country, 'anum', company)
    if (reading) readings.push({ ...reading, text: sent, vatNumber: null })
  }
  return readings
}

/** Undefined where the form is impossible. */
function check(country: string, name: string, number: string): Pick<TaxNumber, 'state' | 'text'> | undefined {
  const validator = stdnum[country]?.[name]
  if (!validator) throw new Error(`stdnum does not know ${country} ${name}`)
  const { isValid, error } = validator.validate(number)
  if (!isValid && error?.name !== 'InvalidChecksum') return undefined
  return { state: isValid ? 'valid' : 'wrong-check-digit', text: validator.compact(number) }
}
