/**
 * An invoice is a snapshot: what it listed it lists for ever, whatever is corrected later, and the invoice that
 * charges the correction adds up too.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { streamReadOnly } from '../../src/db/stream-batches.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { loadInvoiceDocument, streamItems } from '../../src/invoices/invoice-document.ts'
import { Decimal, formatAmount } from '../../src/money.ts'
import { callRollups } from '../../src/verify/call-rollups.ts'
import { type OfficeClient, openOffice } from './office.ts'

const office = await openOffice()
const correctedCalls = suite('calls corrected after the issue')
correctedCalls.after(() => office.close())
correctedCalls.before(() => office.correctBy('invoice'))
correctedCalls.before.each(() => office.setNow('2026-03-03T09:00:00Z'))

const january = ['2026-01-01', '2026-02-01'] as const
const february = ['2026-02-01', '2026-03-01'] as const

async function annex(id: string) {
  const document = await loadInvoiceDocument(office.sql, { id, scope: office.request.scope })
  const items: string[] = []
  let sum = new Decimal(0)
  for await (const page of streamReadOnly(office.sql, (tx) => streamItems(tx, document))) {
    for (const item of page) {
      items.push(`${item.callId} ${item.billedSeconds} s ${formatAmount(item.price)}`)
      sum = sum.plus(item.price)
    }
  }
  return { items, sum: formatAmount(sum), callsAmount: formatAmount(document.invoice.callsAmount) }
}

const credit = (id: string) =>
  creditInvoice(office.context, {
    ...office.request,
    id,
    lines: null,
    reason: null,
    numberSequenceId: null,
  })

const unevenRollups = (client: OfficeClient) =>
  callRollups.find(office.sql, { clientIds: [client.id], from: null, before: null, pricesPerClient: 0 })

async function invoicedClient() {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '1', seconds: 60, callId: 'lost' })
  await office.call(client, { day: '2026-01-06', price: '0.5', seconds: 30, callId: 'other' })
  const invoice = await office.issue(client, ...january)
  return { client, invoice }
}
const asIssued = { items: ['lost 60 s 1', 'other 30 s 0.5'], sum: '1.5', callsAmount: '1.5' }

correctedCalls(
  'the invoice still lists the call as it was, the next one takes it back and lists it anew',
  async () => {
    const { client, invoice } = await invoicedClient()
    assert.equal(await annex(invoice.id), asIssued)
    await office.correct(client, 'lost', { price: '0.4', seconds: 24 })
    await office.call(client, { day: '2026-02-02', price: '0.2', seconds: 12, callId: 'later' })
    assert.equal(await annex(invoice.id), asIssued)

    const draft = await office.draft(client, ...february)
    const expected = {
      items: ['lost -60 s -1', 'lost 24 s 0.4', 'later 12 s 0.2'],
      sum: '-0.4',
      callsAmount: '-0.4',
    }
    assert.equal(await annex(draft.id), expected)
    const next = await office.issue(client, ...february)
    assert.equal(await annex(next.id), expected)
    assert.equal(await annex(invoice.id), asIssued)
    assert.equal(await unevenRollups(client), [])
  },
)

correctedCalls('twice corrected, each invoice lists what it charged', async () => {
  const { client, invoice } = await invoicedClient()
  await office.correct(client, 'lost', { price: '0.4', seconds: 24 })
  const second = await office.issue(client, ...february)
  await office.correct(client, 'lost', { price: '0.7', seconds: 42 })
  office.setNow('2026-04-03T09:00:00Z')
  const third = await office.issue(client, '2026-03-01', '2026-04-01')
  assert.equal(await annex(invoice.id), asIssued)
  assert.equal(await annex(second.id), {
    items: ['lost -60 s -1', 'lost 24 s 0.4'],
    sum: '-0.6',
    callsAmount: '-0.6',
  })
  assert.equal(await annex(third.id), {
    items: ['lost -24 s -0.4', 'lost 42 s 0.7'],
    sum: '0.3',
    callsAmount: '0.3',
  })
  assert.equal(await unevenRollups(client), [])
})

correctedCalls(
  'an invoice credited before the correction still lists what it listed, its successor the truth',
  async () => {
    const { client, invoice } = await invoicedClient()
    await credit(invoice.id)
    await office.correct(client, 'lost', { price: '0.4', seconds: 24 })
    const successor = await office.issue(client, ...january)
    assert.equal(await annex(invoice.id), asIssued)
    assert.equal(await annex(successor.id), {
      items: ['lost 24 s 0.4', 'other 30 s 0.5'],
      sum: '0.9',
      callsAmount: '0.9',
    })
    assert.equal(await unevenRollups(client), [])
  },
)

correctedCalls('where notes correct, the note lists what the invoice would, and each adds up', async () => {
  await office.correctBy('credit-note')
  const { client, invoice } = await invoicedClient()
  await office.correct(client, 'lost', { price: '0.4', seconds: 24 })
  await office.call(client, { day: '2026-02-02', price: '0.2', seconds: 12, callId: 'later' })
  const later = { items: ['later 12 s 0.2'], sum: '0.2', callsAmount: '0.2' }
  assert.equal(await annex((await office.draft(client, ...february)).id), later)
  const next = await office.issue(client, ...february)
  assert.equal(await annex(next.id), later)
  const [note] = await office.sql`select id from invoices where credits_invoice_id = ${invoice.id}`
  assert.equal(await annex(note?.id), {
    items: ['lost -60 s -1', 'lost 24 s 0.4'],
    sum: '-0.6',
    callsAmount: '-0.6',
  })
  assert.equal(await unevenRollups(client), [])
  await office.correctBy('invoice')
})

correctedCalls('a call corrected before any invoice stands on it once', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '1', seconds: 60, callId: 'early' })
  await office.correct(client, 'early', { price: '0.4', seconds: 24 })
  const { id } = await office.issue(client, ...january)
  assert.equal(await annex(id), { items: ['early 24 s 0.4'], sum: '0.4', callsAmount: '0.4' })
  const kept = await office.sql`select 1 from corrected_calls where client_id = ${client.id}`
  assert.is(kept.length, 0)
})

correctedCalls('what was kept cannot be changed', async () => {
  const { client } = await invoicedClient()
  await office.correct(client, 'lost', { price: '0.4', seconds: 24 })
  let refusal = ''
  try {
    await office.sql`update corrected_calls set price = 0 where client_id = ${client.id}`
  } catch (error) {
    refusal = String(error)
  }
  assert.match(refusal, /permission denied|append-only|cannot be changed/)
})

correctedCalls.run()
