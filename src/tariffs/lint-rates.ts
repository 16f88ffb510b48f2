/**
 * What in a rate sheet is allowed but looks like a mistake? Said, never refused.
 *
 * - a prefix ten times dearer or cheaper than the next shorter one of the deck
 * - one destination name under several country codes
 * - a prefix that no number can begin with
 * - a price ten times the deck's median
 *
 * Prices are compared per minute of the first step, as JavaScript numbers: they decide on a hint, not on money.
 */
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min'
import type { Tx } from '../db/connection.ts'
import type { ImportWarning } from '../db/tariffs/imports.ts'
import { type DeckRow, findMedianPrice, streamDifferences } from '../db/tariffs/rate-differences.ts'

const suspiciousFactor = 10
/** Per code; then only how many more there are. */
const maxNamed = 100
const maxE164Digits = 15
/** Codes of no country: freephone, shared cost, satellites, networks. */
const globalCodes = ['800', '808', '870', '878', '881', '882', '883', '888', '979']
const callingCodes = new Set<string>([
  ...getCountries().map((country) => getCountryCallingCode(country)),
  ...globalCodes,
])

/** Looks at the compared rates of this transaction. */
export async function lintRates(tx: Tx): Promise<ImportWarning[]> {
  const lint = new Lint(await findMedianPrice(tx))
  for await (const rows of streamDifferences(tx)) for (const row of rows) lint.look(row)
  return lint.list()
}

class Lint {
  readonly #median: number
  readonly #warnings: ImportWarning[] = []
  readonly #counts = new Map<string, number>()
  /** The shorter prefixes of the row before, shortest first. */
  readonly #parents: DeckRow[] = []
  /** null: its countries were told. */
  readonly #codeOfName = new Map<string, string | null>()

  constructor(median: number) {
    this.#median = median
  }

  /** Rows come in the order of their prefixes. */
  look(row: DeckRow): void {
    while (this.#parents.length > 0 && !row.prefix.startsWith(this.#parents.at(-1)?.prefix ?? ''))
      this.#parents.pop()
    const parent = this.#parents.at(-1)
    if (row.prefix !== '*') this.#parents.push(row)
    // Rates that a merge leaves alone are here only as parents of others.
    if (row.line === null || row.prefix === '*') return
    this.#lookAtNumber(row)
    if (row.isBlocked || row.price === 0) return
    if (parent && !parent.isBlocked && parent.price > 0) this.#lookAtParent(row, parent)
    if (this.#median > 0 && row.price >= this.#median * suspiciousFactor) {
      this.#warn(
        row,
        'far_above_median',
        `${row.prefix} costs ${plain(row.price)} a minute, the deck's median is ${plain(this.#median)}.`,
      )
    }
  }

  #lookAtParent(row: DeckRow, parent: DeckRow): void {
    const factor = row.price / parent.price
    if (factor < suspiciousFactor && factor > 1 / suspiciousFactor) return
    const word = factor > 1 ? 'dearer' : 'cheaper'
    this.#warn(
      row,
      `much_${word}_than_parent`,
      `${row.prefix} is much ${word} than ${parent.prefix}: ${plain(row.price)} and ${plain(parent.price)} a minute.`,
    )
  }

  #lookAtNumber({ prefix, destination, line }: DeckRow): void {
    const code = findCallingCode(prefix)
    if (code === undefined || prefix.length > maxE164Digits) {
      this.#warn({ line }, 'undialable_prefix', `No number begins with ${prefix}.`)
      return
    }
    const former = this.#codeOfName.get(destination)
    if (former === undefined) this.#codeOfName.set(destination, code)
    else if (former !== null && former !== code && !code.startsWith(former) && !former.startsWith(code)) {
      this.#codeOfName.set(destination, null)
      const detail = `"${destination}" names prefixes of +${former} and +${code}.`
      this.#warn({ line }, 'destination_in_several_countries', detail)
    }
  }

  #warn({ line }: { line: number | null }, code: string, detail: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count <= maxNamed) this.#warnings.push({ line, code, detail })
  }

  list(): ImportWarning[] {
    const more = [...this.#counts]
      .filter(([, count]) => count > maxNamed)
      .map(([code, count]) => ({ line: null, code, detail: `… and ${count - maxNamed} more of these.` }))
    return [...this.#warnings, ...more]
  }
}

function plain(price: number): string {
  return String(Number(price.toPrecision(6)))
}

/** The calling code a prefix stands under; of a prefix shorter than its codes the prefix itself. */
function findCallingCode(prefix: string): string | undefined {
  for (let digits = Math.min(3, prefix.length); digits > 0; digits--) {
    const code = prefix.slice(0, digits)
    if (callingCodes.has(code)) return code
  }
  if (prefix.length >= 3) return undefined
  for (const code of callingCodes) if (code.startsWith(prefix)) return prefix
  return undefined
}
