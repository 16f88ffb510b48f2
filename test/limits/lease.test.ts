import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findSurplus, sizeLease } from '../../src/limits/lease.ts'
import { Decimal } from '../../src/money.ts'

const test = suite('how much a replica leases')

const demand = (perSecond: number) => ({ perSecond, money: new Decimal('0.06') })
const amounts = (lease: { money: Decimal; clientSlots: number; brandSlots: number } | null) =>
  lease && { ...lease, money: lease.money.toFixed() }
const left = (balance: string) => ({
  ...{ ofBalance: new Decimal(balance), ofDay: null },
  ...{ clientSlots: null, brandSlots: null },
})
const held = (money: string, slots = 0) => ({
  ...{ money: new Decimal(money), clientSlots: slots, brandSlots: 0 },
})

test('a lease is for ten seconds of asks, and a quarter of what is left at most', () => {
  assert.equal(amounts(sizeLease(demand(11), left('60'))), { money: '6.6', clientSlots: 0, brandSlots: 0 })
  assert.equal(amounts(sizeLease(demand(11), left('6'))), { money: '1.5', clientSlots: 0, brandSlots: 0 })
})

test('nothing is leased near the limit, nor to a client that asks rarely', () => {
  assert.is(sizeLease(demand(11), left('1.91')), null)
  assert.is(sizeLease(demand(0.4), left('60')), null)
})

const money = { ofBalance: new Decimal('60'), ofDay: null }
const nothing = { money: '0', clientSlots: 0, brandSlots: 0 }

test('a lease of twice what is asked for is kept, of more it is cut to what is asked for', () => {
  // Two asks a second for ten seconds: 1.2.
  assert.is(findSurplus(demand(2), held('2.4'), money), null)
  assert.equal(amounts(findSurplus(demand(2), held('2.5'), money)), { ...nothing, money: '1.3' })
})

test('slots are cut as money is', () => {
  assert.is(findSurplus(demand(2), held('0', 40), { ofBalance: null, ofDay: null }), null)
  const surplus = findSurplus(demand(2), held('0', 41), { ofBalance: null, ofDay: null })
  assert.equal(amounts(surplus), { ...nothing, clientSlots: 21 })
})

test('near the limit of balance or day all of a lease is given back', () => {
  const near = new Decimal('1.91')
  const all = { money: '0.72', clientSlots: 12, brandSlots: 0 }
  assert.equal(amounts(findSurplus(demand(2), held('0.72', 12), { ofBalance: near, ofDay: null })), all)
  assert.equal(amounts(findSurplus(demand(2), held('0.72', 12), { ...money, ofDay: near })), all)
})

test.run()
