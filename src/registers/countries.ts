/**
 * Which codes are countries: those that ISO 3166-1 has assigned. Not the runtime's regions, which have parts and unions
 * of countries and names that are gone.
 */
import { isSEPACountry } from 'ibantools'
import { iso31661 } from 'iso-3166'
import { addedCountries, addedSepaCountries } from './additions.ts'

const countries = new Set<string>([...iso31661.map(({ alpha2 }) => alpha2), ...addedCountries])
const laterInSepa = new Set<string>(addedSepaCountries)

export function isCountry(code: string): boolean {
  return countries.has(code)
}

/** May euros be sent to an account there by SEPA credit transfer? */
export function isInSepa(country: string): boolean {
  return isSEPACountry(country) || laterInSepa.has(country)
}

const union = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
)

export function isInEuropeanUnion(country: string): boolean {
  return union.has(country)
}

/** The Union with Iceland, Liechtenstein and Norway: banks there need no BIC beside an IBAN. */
export function isInEuropeanEconomicArea(country: string): boolean {
  return union.has(country) || ['IS', 'LI', 'NO'].includes(country)
}
