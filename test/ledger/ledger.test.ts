import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Ledger } from '../../src/ledger/ledger.ts'
import type { AccountOwner } from '../../src/ledger/movement.ts'
import type { Reservation } from '../../src/ledger/reservation.ts'
import { Decimal, formatAmount, zero } from '../../src/money.ts'

const test = suite('ledger')
const now = Date.parse('2026-01-14T10:00:00Z')
const day = '2026-01-14'

const owner: AccountOwner = {
  id: 'acme',
  brandId: 'telco',
  name: 'Acme',
  currency: 'EUR',
  language: 'en',
  terms: [{ effectiveAt: 0, timeZone: 'UTC' }],
  balanceAlerts: [{ id: 'low', threshold: new Decimal(1), email: 'billing@acme.example.com' }],
}

function aLedger(balance: string): Ledger {
  const ledger = new Ledger(now)
  const account = { clientId: 'acme', reserved: zero, runningCalls: 0, seq: 7, hasRemovedCalls: false }
  ledger.addAccounts([{ ...account, balance: new Decimal(balance) }])
  ledger.addBrandCounters(new Map([['telco', 3]]))
  ledger.days.add([{ clientId: 'acme', day }], [])
  return ledger
}

function aCall(): Reservation {
  return {
    clientId: 'acme',
    brandId: 'telco',
    holdsClientSlot: false,
    holdsBrandSlot: false,
    reserved: zero,
    reservedDay: null,
    reservedSeconds: 0,
    heldAllowances: null,
    allowances: null,
  }
}

/** Running calls of client and brand, money held of the balance and of the day. */
function heldOf(ledger: Ledger) {
  const { runningCalls, reserved } = ledger.getAccount('acme')
  const onDay = ledger.days.get('acme', day).reserved
  return [runningCalls, ledger.brandRunningCalls('telco'), formatAmount(reserved), formatAmount(onDay)]
}

test('what a call holds replaces what it held, and is released once', () => {
  const ledger = aLedger('10')
  const call = aCall()
  const slots = { clientSlot: true, brandSlot: true, day }
  ledger.hold(call, { ...slots, reserved: new Decimal('0.5'), seconds: 30 })
  assert.equal(heldOf(ledger), [1, 4, '0.5', '0.5'])
  ledger.hold(call, { ...slots, reserved: new Decimal('0.8'), seconds: 60 })
  assert.equal(heldOf(ledger), [1, 4, '0.8', '0.8'])
  ledger.release(call)
  ledger.release(call)
  assert.equal(heldOf(ledger), [0, 3, '0', '0'])
})

for (const [balance, credit, price, movements] of [
  ['10', null, '0.3', ['charge -0.3 → 9.7']],
  ['0', null, '0.3', ['charge -0.3 → -0.3']],
  ['0.2', '0', '0.3', ['charge -0.2 → 0', 'overrun -0.1 → -0.1']],
  ['0.2', '0.1', '0.3', ['charge -0.3 → -0.1']],
  ['-5', '1', '0.3', ['overrun -0.3 → -5.3']],
  ['0', '0', '0', []],
] as const) {
  test(`${price} of a balance of ${balance} with a credit of ${credit}: ${movements.join(', ')}`, () => {
    const ledger = aLedger(balance)
    const posted: string[] = []
    const post = ledger.post.bind(ledger)
    ledger.post = (...given) => {
      const movement = post(...given)
      const [amount, after] = [formatAmount(movement.amount), formatAmount(movement.balanceAfter)]
      posted.push(`${movement.kind} ${amount} → ${after}`)
      return movement
    }
    const isOver = ledger.charge(owner, {
      callId: 'a',
      source: 'call:a',
      price: new Decimal(price),
      credit: credit === null ? null : new Decimal(credit),
    })
    assert.equal(posted, movements)
    assert.is(
      isOver,
      movements.some((movement) => movement.startsWith('overrun')),
    )
  })
}

test('movements are numbered, and tell of a low balance once per crossing', () => {
  const ledger = aLedger('1.2')
  const post = (amount: string) =>
    ledger.post(owner, { kind: 'adjustment', source: amount, amount: new Decimal(amount) })
  assert.equal([post('-0.1').seq, ledger.news], [8, { facts: false, mails: false }])
  assert.equal([post('-0.2').seq, ledger.news], [9, { facts: true, mails: true }])
  assert.is(post('-0.5').seq, 10)
  assert.is(formatAmount(ledger.getAccount('acme').balance), '0.4')
})

test('what is not locked cannot be changed', () => {
  const ledger = aLedger('10')
  const amount = new Decimal(1)
  const stranger = { ...aCall(), clientId: 'stranger' }
  const hold = { clientSlot: true, brandSlot: false, reserved: amount, seconds: 1, day }
  assert.throws(() => ledger.hold(stranger, hold), /not locked/)
  assert.throws(
    () => ledger.hold({ ...aCall(), brandId: 'other' }, { ...hold, brandSlot: true }),
    /not locked/,
  )
  assert.throws(() => ledger.spend('acme', '2026-01-15', amount), /not loaded/)
  assert.throws(
    () => ledger.post({ ...owner, id: 'stranger' }, { kind: 'top-up', source: 'x', amount }),
    /not locked/,
  )
})

test.run()
