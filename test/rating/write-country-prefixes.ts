/**
 * Writes `src/rating/country-prefixes.ts` from the installed libphonenumber-js: `npm run numbering:generate`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { prefixesOfCountries } from './numbering-data.ts'

const file = new URL('../../src/rating/country-prefixes.ts', import.meta.url)

export function countryPrefixesFile(): string {
  const { version } = JSON.parse(
    readFileSync(new URL('../../node_modules/libphonenumber-js/package.json', import.meta.url), 'utf8'),
  )
  const lines = Object.entries(prefixesOfCountries()).map(
    ([country, prefixes]) => `  ${country}: '${prefixes.join(' ')}',`,
  )
  return `/**
 * Country (ISO 3166-1 alpha-2) → the first digits of its E.164 numbers, separated by blanks.
 *
 * Made of the data of libphonenumber-js ${version} by \`npm run numbering:generate\`. Not to be edited by hand.
 */
export const countryPrefixes: Readonly<Record<string, string>> = {
${lines.join('\n')}
}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, countryPrefixesFile())
