/**
 * Every real prefix once, with its country and the name it has on a rate sheet: "Spain mobile, Vodafone",
 * "United States, Bay City, MI", and "Spain" for the calling code alone.
 */
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { type PrefixName, readPrefixNames } from './read-prefix-names.ts'

export interface Destination {
  prefix: string
  name: string
  /** ISO 3166-1 alpha-2; `001` for networks of no country, such as satellites. */
  country: string
  kind: 'mobile' | 'fixed'
}

/** In prefix order. About 295,000. */
export function listDestinations(): Destination[] {
  const countries = new CountryFinder()
  const destinations = new Map<string, Destination>()
  const add = ({ callingCode, prefix, kind, name }: PrefixName) => {
    if (destinations.has(prefix)) return
    const country = countries.find(callingCode, prefix)
    destinations.set(prefix, { prefix, country, kind, name: destinationName(country, kind, name) })
  }
  for (const callingCode of countries.callingCodes()) {
    add({ callingCode, prefix: callingCode, kind: 'fixed', name: '' })
  }
  // Where a range has a carrier and a place, the carrier is what a price depends on.
  for (const found of readPrefixNames('mobile')) add(found)
  for (const found of readPrefixNames('fixed')) add(found)
  return [...destinations.values()].sort((one, other) => (one.prefix < other.prefix ? -1 : 1))
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' })

export function countryName(country: string): string {
  return country === '001' ? 'International networks' : (countryNames.of(country) ?? country)
}

const longestName = 100

function destinationName(country: string, kind: Destination['kind'], fullName: string): string {
  const nation = countryName(country)
  const name = fullName.length <= longestName ? fullName : someOf(fullName)
  if (kind === 'mobile' && country !== '001') return `${nation} mobile, ${name}`
  return name === '' || name === nation ? nation : `${nation}, ${name}`
}

/** Rural exchanges of Australia serve dozens of places, all of them in the name: "Baldry/Neville/Oberon/…". */
function someOf(places: string): string {
  const cut = Math.max(places.lastIndexOf('/', longestName), places.lastIndexOf(',', longestName))
  return `${places.slice(0, cut < 0 ? longestName : cut)} and others`
}

/** Calling codes that many countries share by the digits behind them. */
const sharedCallingCodes = new Set(['1', '7'])

class CountryFinder {
  readonly #mainCountries = new Map<string, string>()
  readonly #byArea = new Map<string, string>()

  constructor() {
    for (const country of getCountries()) {
      const code = getCountryCallingCode(country)
      if (!this.#mainCountries.has(code)) this.#mainCountries.set(code, country)
    }
    // The largest of those that share a code, where the alphabet would put another first.
    const largest = { '1': 'US', '7': 'RU', '39': 'IT', '44': 'GB', '47': 'NO', '61': 'AU', '358': 'FI' }
    for (const [code, country] of Object.entries(largest)) this.#mainCountries.set(code, country)
    for (const [code, country] of [
      ['212', 'MA'],
      ['262', 'RE'],
      ['590', 'GP'],
      ['599', 'CW'],
    ] as const) {
      this.#mainCountries.set(code, country)
    }
  }

  callingCodes(): string[] {
    return [...this.#mainCountries.keys()].sort()
  }

  find(callingCode: string, prefix: string): string {
    const main = this.#mainCountries.get(callingCode) ?? '001'
    if (!sharedCallingCodes.has(callingCode)) return main
    const area = prefix.slice(0, callingCode.length + 3)
    const known = this.#byArea.get(area)
    if (known !== undefined) return known
    // Any number of the area tells: its digits behind the area do not matter.
    const country = parsePhoneNumberFromString(`+${area.padEnd(callingCode.length + 10, '2345678')}`)?.country
    this.#byArea.set(area, country ?? main)
    return country ?? main
  }
}
