/**
 * Which prefixes does a sheet mean by a name, where it has names and no codes? Those of the mapping's own list, or a country's
 * by the numbering data.
 */
import { countryPrefixes } from '../rating/country-prefixes.ts'
import { countryNameInEnglish, findCountry } from './country-names.ts'
import type { SheetMapping } from './sheet-mapping.ts'

export interface NamedPrefixes {
  name: string
  prefixes: readonly string[]
}

export interface FoundPrefixes {
  prefixes: readonly string[]
  /** Countries some of whose numbers begin with these, too, by their names. */
  others: readonly string[]
}

export class PrefixTable {
  readonly #list: ReadonlyMap<string, FoundPrefixes> | undefined
  readonly #countries = new Map<string, FoundPrefixes>()

  constructor(table: NonNullable<SheetMapping['prefixTable']>) {
    if (table === 'numbering') return
    this.#list = new Map(table.map(({ name, prefixes }) => [listKey(name), { prefixes, others: [] }]))
  }

  /** Undefined: nothing is called so. */
  find(name: string): FoundPrefixes | undefined {
    if (this.#list) return this.#list.get(listKey(name))
    const country = findCountry(name)
    if (country === undefined) return undefined
    const known = this.#countries.get(country) ?? listPrefixes(country)
    this.#countries.set(country, known)
    return known
  }

  /** What is told of a name that is not found. */
  get faultDetail(): string {
    return this.#list
      ? 'No entry of prefixTable is called so.'
      : 'No country that the numbering data know is called so: correct it, or give its prefixes in a prefixTable.'
  }
}

/** As two names of a list are compared: blanks around and the case of letters do not count. */
export function listKey(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase()
}

function listPrefixes(country: string): FoundPrefixes {
  const prefixes = (countryPrefixes[country] ?? '').split(' ')
  const others = Object.entries(countryPrefixes)
    .filter(([other, list]) => other !== country && list.split(' ').some((one) => isBelow(one, prefixes)))
    .map(([other]) => countryNameInEnglish(other))
  return { prefixes, others }
}

function isBelow(prefix: string, above: readonly string[]): boolean {
  return above.some((one) => prefix.length > one.length && prefix.startsWith(one))
}
