/**
 * What could a minute to a destination cost? Invented: real names have no public prices, so these come from a
 * seeded model of how prices lie (near and rich countries cheap, mobiles dearer than fixed lines, carriers apart
 * by a few percent, satellites out of reach). The same seed gives the same sheet.
 */
import { Decimal } from '../src/money.ts'
import type { Destination } from './list-destinations.ts'
import { shareOf } from './seeded-random.ts'

export interface ModelPrice {
  /** Per minute, in the model's currency (EUR). */
  perMinute: Decimal
  connectFee: Decimal
  initialIncrementSeconds: number
  incrementSeconds: number
  blocked: boolean
}

const nextDoor = 'US CA'.split(' ')
const near = (
  'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK CH ' +
  'AU NZ JP KR SG HK TW IL BR MX CN IN'
).split(' ')

/** Cents a minute to fixed lines, from and to; how many times that a mobile costs, from and to. */
function rangesOf(country: string): { fixed: [number, number]; mobile: [number, number] } {
  if (nextDoor.includes(country)) return { fixed: [0.6, 1], mobile: [1, 1.1] }
  if (near.includes(country)) return { fixed: [0.9, 2.4], mobile: [1.8, 3.2] }
  return { fixed: [3, 26], mobile: [1.1, 1.7] }
}

export function priceOf({ country, kind, name }: Destination, seed: number): ModelPrice {
  const shareFor = (what: string) => shareOf(`${seed} ${what}`)
  if (country === '001') {
    const perMinute = new Decimal((450 + 400 * shareFor(name)).toFixed(0)).div(100)
    return { perMinute, connectFee: new Decimal(1), ...increments(0.99), blocked: true }
  }
  const { fixed, mobile } = rangesOf(country)
  let cents = between(fixed, shareFor(`${country} fixed`))
  if (kind === 'mobile')
    cents *= between(mobile, shareFor(`${country} mobile`)) * (0.95 + 0.1 * shareFor(name))
  else if (shareFor(name) > 0.92) cents *= 1.25 // remote places
  const hasFee = shareFor(`${country} fee`) > 0.88
  return {
    perMinute: new Decimal(cents.toFixed(2)).div(100),
    connectFee: new Decimal(hasFee ? 0.02 : 0),
    ...increments(shareFor(`${country} increments`)),
    blocked: false,
  }
}

function between([from, to]: [number, number], share: number): number {
  return from + (to - from) * share
}

function increments(share: number) {
  if (share < 0.5) return { initialIncrementSeconds: 1, incrementSeconds: 1 }
  if (share < 0.7) return { initialIncrementSeconds: 60, incrementSeconds: 1 }
  if (share < 0.85) return { initialIncrementSeconds: 30, incrementSeconds: 6 }
  return { initialIncrementSeconds: 60, incrementSeconds: 60 }
}
