/**
 * The parallel run before a switch: do we price these calls as the other system did?
 *
 * Each row is answered as it comes, so files of any size pass through; sums follow at the end, by currency. Equal
 * means equal to the last digit, unless a tolerance is given. Priced by the function that charges.
 */
import { type Decimal, formatAmount, zero } from '../money.ts'
import type { ExplanationPart } from '../rating/explanation.ts'
import type { Configuration } from '../tariffs/configuration.ts'
import { type PricedAsOf, simulatePrice } from '../tariffs/simulate-price.ts'
import type { ChargedCall, ChargedRow } from './read-charged-calls.ts'

/** `not-rated`: the other system has no price for it; ours is told beside it. */
export const comparisonResults = ['equal', 'different', 'unpriceable', 'not-rated', 'invalid'] as const
export type ComparisonResult = (typeof comparisonResults)[number]

export interface PriceComparison {
  line: number
  callId: string | null
  result: ComparisonResult
  /** Why it cannot be priced, or what is wrong with the row. */
  reason: string | null
  client: string | null
  to: string | null
  currency: string | null
  /** What the other system charged; null: it did not rate the call. */
  theirs: string | null
  ours: string | null
  /** Ours less theirs. */
  difference: string | null
  billedSeconds: number | null
  explanation: ExplanationPart[]
}

export interface ComparisonSums {
  counts: Record<ComparisonResult, number>
  /** Of the calls that both priced; `theirs` of unpriceable ones stands apart. */
  sums: { currency: string; theirs: string; ours: string; difference: string }[]
  theirsUnpriceable: string
}

export interface ComparisonOptions {
  /** Whose clients may be named; null: everybody's. */
  brandId: string | null
  /** Prices this far apart still count as equal. */
  tolerance: Decimal
  /** By which versions of decks and plans. */
  asOf: PricedAsOf
}

/** Yields a comparison per row and one `ComparisonSums` at the end. */
export async function* comparePrices(
  configuration: Configuration,
  rows: AsyncIterable<ChargedRow>,
  options: ComparisonOptions,
): AsyncGenerator<PriceComparison | ComparisonSums> {
  const counts = { equal: 0, different: 0, unpriceable: 0, 'not-rated': 0, invalid: 0 }
  const sums = new Map<string, { theirs: Decimal; ours: Decimal }>()
  let unpriceable = zero
  for await (const row of rows) {
    const compared = 'fault' in row ? invalid(row) : await compare(configuration, row, options)
    counts[compared.result] += 1
    const price = 'fault' in row ? null : row.price
    if (price !== null && compared.ours !== null && compared.currency !== null) {
      const sum = sums.get(compared.currency) ?? { theirs: zero, ours: zero }
      sums.set(compared.currency, { theirs: sum.theirs.plus(price), ours: sum.ours.plus(compared.ours) })
    } else if (price !== null) unpriceable = unpriceable.plus(price)
    yield compared
  }
  yield {
    counts,
    sums: [...sums].map(([currency, { theirs, ours }]) => ({
      currency,
      theirs: formatAmount(theirs),
      ours: formatAmount(ours),
      difference: formatAmount(ours.minus(theirs)),
    })),
    theirsUnpriceable: formatAmount(unpriceable),
  }
}

const nothing = { currency: null, ours: null, difference: null, billedSeconds: null, explanation: [] }

function invalid({
  line,
  callId,
  fault,
}: {
  line: number
  callId: string | null
  fault: string
}): PriceComparison {
  return { line, callId, result: 'invalid', reason: fault, client: null, to: null, theirs: null, ...nothing }
}

async function compare(
  configuration: Configuration,
  call: ChargedCall,
  { brandId, tolerance, asOf }: ComparisonOptions,
): Promise<PriceComparison> {
  const { line, callId, client: reference, to, answeredAt, durationSeconds, price } = call
  const facts = { line, callId, client: reference, to, theirs: price && formatAmount(price) }
  const withoutOurs = price === null ? 'not-rated' : 'unpriceable'
  const client = configuration.findClient(reference, answeredAt)
  if (!client || (brandId !== null && client.brandId !== brandId)) {
    return { ...facts, result: withoutOurs, reason: 'unknown_client', ...nothing }
  }
  const subject = { clientId: client.id }
  const priced = await simulatePrice(configuration, {
    ...{ subject, to, answeredAt, durationSeconds, brandId, asOf },
  })
  if (!priced.priced) {
    const { reason, explanation } = priced
    return { ...facts, result: withoutOurs, reason, ...nothing, explanation }
  }
  const difference = price?.negated().plus(priced.price)
  return {
    ...facts,
    result: !difference ? 'not-rated' : difference.abs().lte(tolerance) ? 'equal' : 'different',
    reason: null,
    currency: priced.currency,
    ours: priced.price,
    difference: difference ? formatAmount(difference) : null,
    billedSeconds: priced.billedSeconds,
    explanation: priced.explanation,
  }
}
