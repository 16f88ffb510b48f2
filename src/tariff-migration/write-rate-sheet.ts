/**
 * A deck's rates as the CSV that imports take: a row per step, the first with what belongs to the whole rate.
 */
import { stringify } from 'csv-stringify/sync'
import type { Rate } from '../rating/rate.ts'

const heading =
  'prefix,destination,rate,per_seconds,increment,interval_start,connect_fee,minimum_price,maximum_price,maximum_price_action\n'

/** In pieces of some thousand rows. */
export function* writeRateSheet(rates: Iterable<Rate>): Generator<string> {
  yield heading
  let rows: (string | number)[][] = []
  for (const rate of rates) {
    for (const [i, { fromSecond, rate: price, perSeconds, incrementSeconds }] of rate.steps.entries()) {
      const whole =
        i === 0
          ? [rate.connectFee, rate.minimumPrice ?? '', rate.maximumPrice ?? '', rate.maximumPriceAction]
          : ['', '', '', '']
      rows.push([rate.prefix, rate.destination, price, perSeconds, incrementSeconds, fromSecond, ...whole])
    }
    if (rows.length >= 5000) {
      yield stringify(rows)
      rows = []
    }
  }
  if (rows.length > 0) yield stringify(rows)
}
