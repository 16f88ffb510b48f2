/**
 * A deck's rates as the CSV that imports take: a row per step, the first with what belongs to the whole rate.
 */
import { stringify } from 'csv-stringify/sync'
import type { Rate } from '../rating/rate.ts'
import { rateFieldNames, rateFields } from '../rating/rate-fields.ts'

const columns = rateFieldNames.map((name) => rateFields[name].column)
const heading = `prefix,destination,rate,per_seconds,increment,interval_start,${columns.join()}\n`

/** In pieces of some thousand rows. */
export function* writeRateSheet(rates: Iterable<Rate>): Generator<string> {
  yield heading
  let rows: (string | number)[][] = []
  for (const rate of rates) {
    for (const [i, { fromSecond, rate: price, perSeconds, incrementSeconds }] of rate.steps.entries()) {
      const whole = rateFieldNames.map((name) => (i === 0 ? String(rate[name] ?? '') : ''))
      rows.push([rate.prefix, rate.destination, price, perSeconds, incrementSeconds, fromSecond, ...whole])
    }
    if (rows.length >= 5000) {
      yield stringify(rows)
      rows = []
    }
  }
  if (rows.length > 0) yield stringify(rows)
}
