/**
 * Which digits after a calling code belong to which country? From the number patterns of libphonenumber's data.
 *
 * A country's prefixes are the digits that its patterns fix before they allow any. A code that is one country's needs no
 * more than the code. Where countries share one, the longest prefix decides. An equal one is the code's main country's; ground
 * lines are the other's where two share a code, since Morocco's data list those of Western Sahara, too. Prefixes that a
 * shorter one answers equally are left out.
 */
import metadata from 'libphonenumber-js/max/metadata'

/** In the order of a country's record: what its numbers may look like, by their kind. */
const placeOfLeadingDigits = 10
const placeOfKinds = 11
const [groundLines, groundAndMobile, allKinds] = [1, 2, 10]

type CountryRecord = readonly unknown[]
const countries = metadata.countries as unknown as Record<string, CountryRecord>

/** Country → its prefixes in ascending order, without the `+`. */
export function prefixesOfCountries(): Record<string, string[]> {
  const found = new Map<string, string>()
  for (const [code, sharing] of Object.entries(metadata.country_calling_codes)) {
    const [main = ''] = sharing
    // What is no known area of North America is not the United States'.
    if (code !== '1') found.set(code, main)
    if (sharing.length === 1) continue
    const ofCode = new Map<string, string>()
    const others = sharing.filter((country) => country !== main).reverse()
    for (const country of others)
      for (const digits of prefixesOf(country, groundAndMobile)) ofCode.set(digits, country)
    const onlyOther = others.length === 1 ? new Set(prefixesOf(String(others[0]), groundLines)) : new Set()
    for (const digits of prefixesOf(main, allKinds)) if (!onlyOther.has(digits)) ofCode.set(digits, main)
    for (const [digits, country] of wholeAreas(ofCode)) found.set(code + digits, country)
  }
  const needed = [...found].filter(([prefix, country]) => countryBy(found, prefix.slice(0, -1)) !== country)
  return Object.fromEntries(
    [...new Set(found.values())]
      .sort()
      .map((country) => [country, needed.flatMap(([prefix, of]) => (of === country ? [prefix] : [])).sort()]),
  )
}

/** Where all that begins alike is one country's, so is what is not given out yet: 1481 is Guernsey's as a whole. */
function wholeAreas(prefixes: ReadonlyMap<string, string>): Map<string, string> {
  const beginnings = (digits: string) => Array.from(digits, (_, i) => digits.slice(0, i + 1))
  const countriesUnder = new Map<string, Set<string>>()
  for (const [digits, country] of prefixes) {
    for (const area of beginnings(digits)) {
      countriesUnder.set(area, (countriesUnder.get(area) ?? new Set()).add(country))
    }
  }
  return new Map(
    [...prefixes].map(([digits, country]) => {
      const areas = beginnings(digits)
      const isPartOfOther = areas.slice(0, -1).some((area) => prefixes.has(area))
      const area = isPartOfOther ? undefined : areas.find((one) => countriesUnder.get(one)?.size === 1)
      return [area ?? digits, country]
    }),
  )
}

function countryBy(found: ReadonlyMap<string, string>, digits: string): string | undefined {
  for (let length = digits.length; length > 0; length--) {
    const country = found.get(digits.slice(0, length))
    if (country !== undefined) return country
  }
  return undefined
}

/**
 * Of its first kinds of numbers: lines of the ground and mobile ones tell where somebody is, freephone and the like are
 * written alike for all who share a code.
 */
function prefixesOf(country: string, kinds: number): string[] {
  const record = countries[country] ?? []
  const patterns = ((record[placeOfKinds] ?? []) as ([string] | 0)[]).slice(0, kinds)
  const leading = record[placeOfLeadingDigits] as string | 0 | undefined
  const texts = [
    ...patterns.flatMap((pattern) => (pattern === 0 ? [] : [pattern[0]])),
    ...(leading ? [leading] : []),
  ]
  return [...new Set(texts.flatMap(prefixesOfPattern))].filter((prefix) => prefix !== '')
}

/** `2[34]\d{5}|7` → `23`, `24`, `7`. Digits, `\d`, `[…]`, `(?:…|…)`, `{n}`, `{n,m}` and `?` are all that patterns have. */
export function prefixesOfPattern(pattern: string): string[] {
  let at = 0
  const texts = alternatives()
  if (at < pattern.length) throw new Error(`cannot read ${pattern} from ${at}`)
  return [...new Set(texts.map((text) => text.replace(/d+$/, '')).flatMap(withAnyDigit))]

  function alternatives(): string[] {
    const all = sequence()
    while (pattern[at] === '|') {
      at++
      all.push(...sequence())
    }
    return all
  }

  function sequence(): string[] {
    let texts = ['']
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      const next = repeated(oneOf())
      texts = texts.flatMap((text) => next.map((more) => text + more))
    }
    return texts
  }

  function oneOf(): string[] {
    if (pattern.startsWith('(?:', at)) {
      at += 3
      const all = alternatives()
      at++
      return all
    }
    if (pattern.startsWith('\\d', at)) {
      at += 2
      return ['d']
    }
    const read = /^(?:\d|\[[\d-]+\])/.exec(pattern.slice(at))?.[0]
    if (read === undefined) throw new Error(`cannot read ${pattern} from ${at}`)
    at += read.length
    return [...'0123456789'].filter((digit) => new RegExp(read).test(digit))
  }

  function repeated(texts: string[]): string[] {
    const count = /^(?:\?|\{(\d+)(?:,(\d+))?\})/.exec(pattern.slice(at))
    if (!count) return texts
    at += count[0].length
    const [min, max] = count[0] === '?' ? [0, 1] : [Number(count[1]), Number(count[2] ?? count[1])]
    const all: string[] = []
    for (let times = min; times <= max; times++) {
      let some = ['']
      for (let i = 0; i < times; i++) some = some.flatMap((text) => texts.map((more) => text + more))
      all.push(...some)
    }
    return [...new Set(all)]
  }
}

/** Any digit before a fixed one is each of the ten. */
function withAnyDigit(text: string): string[] {
  const place = text.indexOf('d')
  if (place < 0) return [text]
  return [...'0123456789'].flatMap((digit) =>
    withAnyDigit(text.slice(0, place) + digit + text.slice(place + 1)),
  )
}
