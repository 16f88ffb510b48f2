/**
 * Writes `src/rating/high-risk-prefixes.ts` from the installed libphonenumber-js: `npm run numbering:generate`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { premiumPrefixes, sharedCodes } from './high-risk-data.ts'

const file = new URL('../../src/rating/high-risk-prefixes.ts', import.meta.url)

export function highRiskPrefixesFile(): string {
  const { version } = JSON.parse(
    readFileSync(new URL('../../node_modules/libphonenumber-js/package.json', import.meta.url), 'utf8'),
  )
  const codes = Object.entries(sharedCodes).map(([code, what]) => `  /** ${what} */\n  '${code}',`)
  const lines = Object.entries(premiumPrefixes()).map(
    ([country, prefixes]) => `  ${country}: '${prefixes.join(' ')}',`,
  )
  return `/**
 * Prefixes of numbers that toll fraud likes: codes of no country, and premium numbers of countries.
 *
 * Made by \`npm run numbering:generate\`. Not to be edited by hand. Sources: ITU-T's list of E.164 country codes, and the type
 * "premium rate" of libphonenumber-js ${version}, where its first digits are no other type's.
 */
export const sharedCodes: readonly string[] = [
${codes.join('\n')}
]

/** Country (ISO 3166-1 alpha-2) → the first digits of its premium numbers, separated by blanks. */
export const premiumPrefixes: Readonly<Record<string, string>> = {
${lines.join('\n')}
}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, highRiskPrefixesFile())
