import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findSurplus, sizeLease } from '../../src/limits/lease.ts'
import type { LeaseAmounts } from '../../src/limits/leased.ts'
import { Decimal } from '../../src/money.ts'
import { type Draw, noDraws } from '../../src/rating/allowance.ts'

const test = suite('how much a replica leases')

const demand = (perSecond: number, allowances: readonly Draw[] = []) => ({
  ...{ perSecond, money: new Decimal('0.06'), allowances },
})
const amounts = (lease: LeaseAmounts | null) => {
  if (!lease) return null
  const { allowances, ...others } = lease
  const drawn = allowances.map(({ item, amount }) => [item, amount.toFixed()])
  return { ...others, money: lease.money.toFixed(), ...(drawn.length > 0 && { drawn }) }
}
const minutes = (amount: number, item = 'minutes'): Draw => ({
  ...{ allowanceId: 'a', from: '2026-01-01', item, unit: 'seconds' },
  amount: new Decimal(amount),
})
const left = (balance: string) => ({
  ...{ ofBalance: new Decimal(balance), ofDay: null },
  ...{ clientSlots: null, brandSlots: null, ofAllowances: noDraws },
})
const held = (money: string, slots = 0) => ({
  ...{ money: new Decimal(money), clientSlots: slots, brandSlots: 0, allowances: noDraws },
})

test('a lease is for ten seconds of asks, and a quarter of what is left at most', () => {
  assert.equal(amounts(sizeLease(demand(11), left('60'))), { money: '6.6', clientSlots: 0, brandSlots: 0 })
  assert.equal(amounts(sizeLease(demand(11), left('6'))), { money: '1.5', clientSlots: 0, brandSlots: 0 })
})

test('nothing is leased near the limit, nor to a client that asks rarely', () => {
  assert.is(sizeLease(demand(11), left('1.91')), null)
  assert.is(sizeLease(demand(0.4), left('60')), null)
})

const money = { ofBalance: new Decimal('60'), ofDay: null, ofAllowances: noDraws }
const nothing = { money: '0', clientSlots: 0, brandSlots: 0 }

test('a lease of twice what is asked for is kept, of more it is cut to what is asked for', () => {
  // Two asks a second for ten seconds: 1.2.
  assert.is(findSurplus(demand(2), held('2.4'), money), null)
  assert.equal(amounts(findSurplus(demand(2), held('2.5'), money)), { ...nothing, money: '1.3' })
})

test('slots are cut as money is', () => {
  assert.is(findSurplus(demand(2), held('0', 40), { ...money, ofBalance: null }), null)
  const surplus = findSurplus(demand(2), held('0', 41), { ...money, ofBalance: null })
  assert.equal(amounts(surplus), { ...nothing, clientSlots: 21 })
})

test('near the limit of balance or day all of a lease is given back', () => {
  const near = new Decimal('1.91')
  const all = { money: '0.72', clientSlots: 12, brandSlots: 0 }
  assert.equal(amounts(findSurplus(demand(2), held('0.72', 12), { ...money, ofBalance: near })), all)
  assert.equal(amounts(findSurplus(demand(2), held('0.72', 12), { ...money, ofDay: near })), all)
})

test('of an item is leased what ten seconds of legs draw, a quarter of it at most, and nothing near its end', () => {
  const asked = demand(11, [minutes(55)])
  const size = (seconds: number, balance = '60') =>
    amounts(sizeLease(asked, { ...left(balance), ofAllowances: [minutes(seconds), minutes(9999, 'others')] }))
  assert.equal(size(100_000)?.drawn, [['minutes', '6050']])
  assert.equal(size(5500)?.drawn, [['minutes', '1375']])
  assert.equal(size(1759), { ...nothing, money: '6.6' }, 'for seven legs')
})

test('who has no money, or little, is leased what its allowances have, and nothing where they have not', () => {
  const ofAllowances = [minutes(100_000)]
  const asked = demand(11, [minutes(55)])
  const leased = { ...nothing, drawn: [['minutes', '6050']] }
  assert.equal(amounts(sizeLease(asked, { ...left('1.91'), ofAllowances })), leased)
  const free = { ...asked, money: new Decimal(0) }
  assert.equal(amounts(sizeLease(free, { ...left('0'), ofAllowances })), leased)
  assert.is(sizeLease(free, { ...left('0'), ofAllowances: [minutes(1759)] }), null)
})

test('an item is cut as money is, and near its end all of it is given back', () => {
  const asked = demand(2, [minutes(60)])
  const cut = (seconds: number, of = 100_000) =>
    amounts(
      findSurplus(
        asked,
        { ...held('1.2'), allowances: [minutes(seconds)] },
        { ...money, ofAllowances: [minutes(of)] },
      ),
    )
  assert.is(cut(2400), null)
  assert.equal(cut(2401), { ...nothing, drawn: [['minutes', '1201']] })
  assert.equal(cut(300, 1919), { ...nothing, drawn: [['minutes', '300']] })
})

test.run()
