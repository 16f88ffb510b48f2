/**
 * Which country does a sheet mean by a name? ISO 3166 letters (two or three), and its names in the languages we speak. A
 * name that stands for two countries stands for none.
 */
import { iso31661 } from 'iso-3166'
import { countryPrefixes } from '../rating/country-prefixes.ts'
import { plainLetters } from './sheet-units.ts'

const languages = ['en', 'es', 'ca', 'it', 'de', 'fr', 'pt']
/** Names that carriers write and no register has, or no longer. */
const others: Readonly<Record<string, string>> = {
  UK: 'GB',
  'Great Britain': 'GB',
  'United States of America': 'US',
  Holland: 'NL',
  'Czech Republic': 'CZ',
  'Ivory Coast': 'CI',
  Turkey: 'TR',
  Macedonia: 'MK',
  Swaziland: 'SZ',
  Burma: 'MM',
  'East Timor': 'TL',
  'South Korea': 'KR',
  'North Korea': 'KP',
  'Korea South': 'KR',
  'Korea North': 'KP',
  'Congo DR': 'CD',
  'Congo Democratic Republic': 'CD',
  'Democratic Republic of Congo': 'CD',
  Ascension: 'AC',
  Kosovo: 'XK',
}

let byName: ReadonlyMap<string, string | null> | undefined

/** ISO 3166-1 alpha-2; undefined: no country with telephone numbers is called so. */
export function findCountry(text: string): string | undefined {
  byName ??= listNames()
  return byName.get(nameKey(text)) ?? undefined
}

export function countryNameInEnglish(country: string): string {
  return new Intl.DisplayNames('en', { type: 'region' }).of(country) ?? country
}

function listNames(): Map<string, string | null> {
  const letters = listLetters()
  const names = new Map<string, string | null>()
  const add = (name: string | undefined, country: string) => {
    const key = nameKey(name ?? '')
    // Letters of ISO come before what a language makes of them: RU is not "Reino Unido".
    if (key === '' || letters.has(key) || !Object.hasOwn(countryPrefixes, country)) return
    names.set(key, (names.get(key) ?? country) === country ? country : null)
  }
  const tables = languages.flatMap((language) =>
    (['long', 'short'] as const).map(
      (style) => new Intl.DisplayNames(language, { type: 'region', style, fallback: 'none' }),
    ),
  )
  for (const country of Object.keys(countryPrefixes)) {
    for (const table of tables) add(table.of(country), country)
  }
  for (const { alpha2, name } of iso31661) add(name, alpha2)
  for (const [name, country] of Object.entries(others)) add(name, country)
  return new Map([...names, ...letters])
}

function listLetters(): Map<string, string> {
  const known = iso31661.filter(({ alpha2 }) => Object.hasOwn(countryPrefixes, alpha2))
  return new Map([
    ...Object.keys(countryPrefixes).map((country): [string, string] => [nameKey(country), country]),
    ...known.map(({ alpha2, alpha3 }): [string, string] => [nameKey(alpha3), alpha2]),
  ])
}

/** Case, accents, blanks and marks do not count. */
function nameKey(text: string): string {
  return plainLetters(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
