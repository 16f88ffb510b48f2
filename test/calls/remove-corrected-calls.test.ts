/**
 * A call that was corrected after its invoice stands in two books: its details stay until both are paid, and then go
 * from both.
 */
import { Counter, Registry } from 'prom-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { removeOldCalls } from '../../src/calls/retention/remove-old-calls.ts'
import { streamReadOnly } from '../../src/db/stream-batches.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { loadInvoiceDocument, streamItems } from '../../src/invoices/invoice-document.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { formatAmount } from '../../src/money.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { type OfficeClient, openOffice } from '../invoices/office.ts'

const office = await openOffice()
await office.sql`update brands set retention_days = 30 where id = ${office.brandId}`
const test = suite('removing corrected calls')
test.after(() => office.close())
test.before(() => office.correctBy('invoice'))
test.before.each(() => office.setNow('2026-03-03T09:00:00Z'))

const removed = new Counter({ name: 'removed', help: 'removed', registers: [new Registry()] })
const remove = () =>
  removeOldCalls({
    db: office.db,
    clock: office.context.clock,
    log: { info() {}, warn() {}, error() {} },
    metrics: { removed } as never,
  })

const pay = (id: string, amount: string) =>
  payInvoice(office.context, {
    ...office.request,
    id,
    amount,
    paidAt: office.context.clock(),
    method: null,
    reference: null,
    idempotencyKey: null,
  })

/** 1.00 of January (1.21 with tax), corrected to 1.40 in March: 0.40 (0.48) on the invoice of February. */
async function aCorrectedCall() {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '1', seconds: 60, callId: 'lost' })
  const january = await office.issue(client, '2026-01-01', '2026-02-01')
  await office.correct(client, 'lost', { price: '1.4', seconds: 84 })
  const february = await office.issue(client, '2026-02-01', '2026-03-01')
  return { client, january, february }
}

async function annex(id: string) {
  const document = await loadInvoiceDocument(office.sql, { id, scope: office.request.scope })
  const items: string[] = []
  for await (const page of streamReadOnly(office.sql, (tx) => streamItems(tx, document))) {
    for (const { from, to, answeredAt, billedSeconds, price } of page) {
      const details = `${from ?? ''}>${to} ${answeredAt === null ? 'no time' : 'timed'}`
      items.push(`${details} ${billedSeconds} s ${formatAmount(price)}`)
    }
  }
  return items
}

async function isKept(client: OfficeClient) {
  return (await office.sql`select 1 from calls where client_id = ${client.id}`).length === 1
}

async function differences(client: OfficeClient) {
  const found: string[] = []
  const scope = { from: null, before: null, pricesPerClient: 0 }
  for await (const { check, differences } of verifyBooks(office.db, scope)) {
    const its = differences.filter(({ where }) => JSON.stringify(where).includes(client.id))
    found.push(...its.map(({ detail }) => `${check.id} ${detail}`))
  }
  return found
}

test('it stays while the invoice that listed it first is unpaid, though the later one is paid', async () => {
  const { client, january, february } = await aCorrectedCall()
  await pay(february.id, '0.48')
  await remove()
  assert.ok(await isKept(client))
  assert.equal(await annex(january.id), ['+34911000111>+34600111222 timed 60 s 1'])

  await pay(january.id, '1.21')
  await remove()
  assert.not(await isKept(client))
})

test('it stays while the invoice of its correction is unpaid', async () => {
  const { client, january } = await aCorrectedCall()
  await pay(january.id, '1.21')
  await remove()
  assert.ok(await isKept(client))
})

test('it stays while its first invoice is credited and no other has taken it', async () => {
  const { client, january, february } = await aCorrectedCall()
  await pay(february.id, '0.48')
  await creditInvoice(office.context, {
    ...office.request,
    id: january.id,
    lines: null,
    reason: null,
    numberSequenceId: null,
  })
  await remove()
  assert.ok(await isKept(client))
})

test('no number and no time of it is left anywhere, and both annexes still add up', async () => {
  const { client, january, february } = await aCorrectedCall()
  await pay(january.id, '1.21')
  await pay(february.id, '0.48')
  await remove()
  const left = await office.sql`
    select to_jsonb(c)::text as row from corrected_calls c where client_id = ${client.id}
    union all
    select to_jsonb(r)::text from removed_calls r where client_id = ${client.id}`
  assert.is(left.length, 2)
  for (const { row } of left) assert.not.match(row, /34911|34600|T12:00/)

  assert.equal(await annex(january.id), ['> no time 60 s 1'])
  assert.equal(await annex(february.id), ['> no time -60 s -1', '> no time 84 s 1.4'])
  assert.equal(await differences(client), [])
})

async function refusalOf(query: PromiseLike<unknown>): Promise<string> {
  try {
    await query
    return 'none'
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('what was kept of a correction cannot lose its details early, nor its sum ever', async () => {
  const { client, january, february } = await aCorrectedCall()
  const { sql } = office
  const forget = () =>
    sql`update corrected_calls
        set from_number = null, to_number = '', to_normalized = null, answered_at = null
        where client_id = ${client.id}`
  assert.is(await refusalOf(forget()), '23001')
  await pay(january.id, '1.21')
  await pay(february.id, '0.48')
  await remove()
  assert.is(
    await refusalOf(sql`update corrected_calls set price = 0 where client_id = ${client.id}`),
    '42501',
  )
  const rename = sql`update corrected_calls set to_number = '+34600' where client_id = ${client.id}`
  assert.is(await refusalOf(rename), '23001')
  assert.is(await refusalOf(sql`delete from corrected_calls where client_id = ${client.id}`), '42501')
})

test.run()
