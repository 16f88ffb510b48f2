/**
 * How large is a compiled deck of 250,000 real prefixes, how long does it take to build, how fast is it asked?
 */
import { listDestinations } from '../demo/list-destinations.ts'
import { priceOf } from '../demo/price-model.ts'
import { seededRandom } from '../demo/seeded-random.ts'
import type { Rate } from '../src/rating/rate.ts'
import { RateTable } from '../src/rating/rate-table.ts'
import { type Figure, median } from './figures.ts'

const prefixes = 250_000
const lookups = 500_000

export async function benchTable(): Promise<Figure[]> {
  const destinations = listDestinations().slice(0, prefixes)
  const rates: Rate[] = destinations.map((destination) => {
    const price = priceOf(destination, 7)
    return {
      prefix: destination.prefix,
      destination: destination.name,
      connectFee: price.connectFee.toFixed(),
      steps: [
        {
          fromSecond: 0,
          rate: price.perMinute.toFixed(),
          perSeconds: 60,
          incrementSeconds: price.incrementSeconds,
        },
      ],
      minimumPrice: null,
      maximumPrice: null,
      maximumPriceAction: 'free',
      blocked: false,
      graceSeconds: 0,
      highRisk: null,
    }
  })
  const startedAt = performance.now()
  const table = RateTable.compile(rates)
  const buildSeconds = (performance.now() - startedAt) / 1000

  const random = seededRandom(1)
  const numbers = Array.from(
    { length: 50_000 },
    () => `${random.pick(destinations).prefix}${random.between(10_000, 99_999)}`,
  )
  const speeds: number[] = []
  for (let round = 0; round < 7; round += 1) {
    const from = performance.now()
    let found = 0
    for (let i = 0; i < lookups; i += 1)
      if (table.longestMatch(numbers[i % numbers.length] ?? '') >= 0) found += 1
    if (found !== lookups) throw new Error(`${lookups - found} numbers were not found`)
    if (round > 1) speeds.push(lookups / ((performance.now() - from) / 1000))
  }
  return [
    {
      name: 'compiled table of 250,000 prefixes',
      value: table.byteLength / 2 ** 20,
      unit: 'MiB',
      target: { atMost: 64 },
    },
    { name: 'build, rates in memory', value: buildSeconds, unit: 's' },
    { name: 'lookups', value: median(speeds), unit: '/s', target: { atLeast: 1_500_000 } },
  ]
}
