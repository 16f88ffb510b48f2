/**
 * Which numbers are a favourite of toll fraud? By libphonenumber's own types of numbers, and by the codes that ITU gives to
 * no country.
 *
 * Of a country its premium numbers, where their first digits are no other type's: a prefix that ground lines or mobiles
 * share would stop calls that are everybody's.
 */
import metadata from 'libphonenumber-js/max/metadata'
import { prefixesOfPattern } from './numbering-data.ts'

/** Places of the types in a country's record, in libphonenumber's order. */
const placeOfTypes = 11
const premiumRate = 3
const otherTypes = [0, 1, 2, 4, 5, 6, 7, 8, 9]

/**
 * Source: ITU-T E.164 Annex of the Operational Bulletin, "List of ITU-T Recommendation E.164 assigned country codes". 878 (universal personal
 * numbers) and 888 (humanitarian relief) have no numbers in use, 800 is free of charge.
 */
export const sharedCodes: Readonly<Record<string, string>> = {
  808: 'international shared cost',
  870: 'Inmarsat: satellite',
  881: 'global mobile satellite systems',
  882: 'international networks',
  883: 'international networks',
  979: 'international premium rate',
}

type CountryRecord = readonly unknown[]
const countries = metadata.countries as unknown as Record<string, CountryRecord>

/** Country → prefixes of its premium numbers in ascending order, without the `+`. Countries without any are left out. */
export function premiumPrefixes(): Record<string, string[]> {
  const found = Object.keys(countries)
    .sort()
    .map((country): [string, string[]] => [country, premiumPrefixesOf(country)])
  return Object.fromEntries(found.filter(([, prefixes]) => prefixes.length > 0))
}

function premiumPrefixesOf(country: string): string[] {
  const record = countries[country] ?? []
  const callingCode = String(record[0])
  const types = (record[placeOfTypes] ?? []) as ([string] | 0)[]
  const prefixes = (place: number) => {
    const pattern = types[place]
    return pattern ? prefixesOfPattern(pattern[0]).filter((digits) => digits !== '') : []
  }
  const others = otherTypes.flatMap(prefixes)
  const own = prefixes(premiumRate).filter(
    (premium) => !others.some((other) => other.startsWith(premium) || premium.startsWith(other)),
  )
  return withoutCovered([...new Set(own)].sort()).map((digits) => callingCode + digits)
}

/** Without what a shorter one covers. */
function withoutCovered(prefixes: readonly string[]): string[] {
  return prefixes.filter((prefix) => !prefixes.some((other) => other !== prefix && prefix.startsWith(other)))
}
