/** The rules of allowances once more, as slowly as possible: one increment after another asks one item after another. */
import type { Allowance } from '../../src/rating/allowance.ts'
import {
  type NaiveCall,
  type NaiveFraction,
  type NaiveTariffs,
  naivePrice,
} from '../../src/verify/naive-price.ts'

export interface NaiveCovered {
  price: string
  coveredSeconds: number
  /** By `allowanceId item`: seconds, calls, or money exactly. */
  drawn: Map<string, NaiveFraction>
}

export function naiveCovered(
  tariffs: NaiveTariffs,
  call: NaiveCall,
  allowances: readonly Allowance[],
): NaiveCovered {
  const drawn = new Map<string, NaiveFraction>()
  let coveredSeconds = 0
  const without = naivePrice(tariffs, call)
  if (!/^\d/.test(without) || without === '0') return { price: without, coveredSeconds, drawn }
  // One that has nothing left is over: it does not even pay an increment that costs nothing beside a fee.
  const items = inOrder(
    allowances.filter(
      ({ left, prefixes }) =>
        !/^0(\.0*)?$/.test(left.toFixed()) && prefixes.some((one) => one === '*' || call.to.startsWith(one)),
    ),
  )
  let isFirst = true
  let whole: Allowance | undefined
  const price = naivePrice(tariffs, call, ({ seconds, price: [n, d], fee }) => {
    const wasFirst = isFirst
    isFirst = false
    if (n === 0n && fee === null) return { increment: false, fee: false }
    for (const item of whole ? [whole] : items) {
      const key = `${item.allowanceId} ${item.name}`
      const before = drawn.get(key) ?? [0n, 1n]
      const isFeeOfIt = fee !== null && item.coversConnectFee
      const left = fractionOf(item.left.toFixed())
      let takes: NaiveFraction
      if (item.unit === 'seconds') takes = [BigInt(seconds), 1n]
      else if (item.unit === 'calls') {
        if (!wasFirst && whole !== item) continue
        takes = [whole === item ? 0n : 1n, 1n]
      } else takes = isFeeOfIt ? add([n, d], fee) : [n, d]
      const after = add(before, takes)
      if (after[0] * left[1] > left[0] * after[1]) continue
      drawn.set(key, after)
      coveredSeconds += seconds
      if (item.unit === 'calls') whole = item
      return { increment: true, fee: isFeeOfIt }
    }
    return { increment: false, fee: false }
  })
  return { price, coveredSeconds, drawn }
}

function inOrder(allowances: readonly Allowance[]): Allowance[] {
  const left = [...allowances]
  const ordered: Allowance[] = []
  while (left.length > 0) {
    let best = 0
    for (let i = 1; i < left.length; i += 1) {
      const [one, other] = [left[i], left[best]]
      if (one && other && isBefore(one, other)) best = i
    }
    ordered.push(...left.splice(best, 1))
  }
  return ordered
}

function isBefore(one: Allowance, other: Allowance): boolean {
  if (one.weight !== other.weight) return one.weight > other.weight
  if (one.to !== other.to) return one.to < other.to
  if (one.subscribedFrom !== other.subscribedFrom) return one.subscribedFrom < other.subscribedFrom
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt
  if (one.allowanceId !== other.allowanceId) return one.allowanceId < other.allowanceId
  return one.place < other.place
}

export function fractionOf(text: string): NaiveFraction {
  const [whole = '0', decimals = ''] = text.split('.')
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)]
}

function add([n, d]: NaiveFraction, [m, e]: NaiveFraction): NaiveFraction {
  return [n * e + m * d, d * e]
}
