/**
 * Which row counts where a sheet gives one interval of a prefix several times? None, unless the rows are equal or the
 * mapping decides. Rows that take the prefix out of the deck are equal among themselves.
 */
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import { Decimal } from '../money.ts'
import { readRateTerms } from '../shapes/rate-terms.ts'
import type { Duplicates } from './sheet-mapping.ts'

/** `rows` of one prefix and instant, ascending by interval start and line. */
export function dropDuplicates(rows: readonly StagedRate[], duplicates: Duplicates): readonly StagedRate[] {
  const kept: StagedRate[] = []
  for (const row of rows) {
    const former = kept.at(-1)
    const isRepeated =
      former !== undefined &&
      former.intervalStart === row.intervalStart &&
      (former.isRemoval ?? false) === (row.isRemoval ?? false)
    const winner = isRepeated ? choose(former, row, duplicates) : undefined
    if (winner === undefined) kept.push(row)
    else kept[kept.length - 1] = winner
  }
  return kept
}

/** Undefined: neither; both stay, and are told. */
function choose(former: StagedRate, row: StagedRate, duplicates: Duplicates): StagedRate | undefined {
  if (row.isRemoval || duplicates === 'last') return row
  if (duplicates === 'refuse') return undefined
  if (duplicates === 'dearest') return priceOfMinute(row).lt(priceOfMinute(former)) ? former : row
  return former.terms === row.terms && former.destination === row.destination ? former : undefined
}

/** Of 60 seconds from the interval's start on, with the fee, unrounded: to compare, not to charge. */
function priceOfMinute({ terms }: StagedRate): Decimal {
  const { connectFee, steps } = readRateTerms(terms)
  const start = steps[0]?.fromSecond ?? 0
  let price = new Decimal(connectFee)
  for (const [place, { fromSecond, rate, perSeconds, incrementSeconds }] of steps.entries()) {
    const from = fromSecond - start
    if (from >= 60) break
    const until = Math.min(60, (steps[place + 1]?.fromSecond ?? Infinity) - start)
    const charged = Math.ceil((until - from) / incrementSeconds) * incrementSeconds
    price = price.plus(new Decimal(rate).times(charged).div(perSeconds))
  }
  return price
}
