/**
 * Calls that change after their invoice are given back or charged at the terms of that invoice, on the next one or by a
 * note issued with it: whatever the way, the client has paid what one invoice of the right calls would have said.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import type { InvoiceTerms } from '../../src/invoices/invoice-terms.ts'
import type { InvoiceWithLines } from '../../src/invoices/stored-invoice.ts'
import { formatAmount } from '../../src/money.ts'
import { callRollups } from '../../src/verify/call-rollups.ts'
import { invoices } from '../../src/verify/invoices.ts'
import { fixedCostTerm, type OfficeClient, openOffice } from './office.ts'

const office = await openOffice()
const corrections = suite('corrections of invoiced calls')
corrections.after(() => office.close())
corrections.before.each(() => office.setNow('2026-05-03T09:00:00Z'))

const half = { discounts: [{ description: 'Half', percent: '50', amount: null }] } as const
const early = ['2026-04-01', '2026-04-04'] as const
const late = ['2026-04-04', '2026-04-05'] as const
const minimum = { minimumMonthlyAmount: '31' }
const untaxed = (given: { billingMethod?: string; timeZone?: string } = {}) =>
  office.addClient({ taxIds: [], ...given })

/** Lines that correct, on the invoice or on notes issued with it, with the invoice they name. */
async function correctionsOf(client: OfficeClient, first: InvoiceWithLines): Promise<string[]> {
  const rows = await office.sql`
    select i.kind as document, l.kind, trim_scale(l.net)::text as net, l.description, l.corrects_invoice_id
    from invoice_lines l
    join invoices i on i.id = l.invoice_id
    where i.client_id = ${client.id} and l.corrects_invoice_id is not null
    order by i.issued_at, i.id, l.index`
  for (const row of rows) {
    assert.is(row.corrects_invoice_id, first.id)
    assert.match(row.description, first.number ?? '?')
  }
  return rows.map((row) => `${row.document} ${row.kind} ${row.net}`)
}

/** All that documents charged. */
async function charged(client: OfficeClient): Promise<string> {
  const [row] = await office.sql`
    select trim_scale(coalesce(sum(net), 0))::text as net from invoices
    where client_id = ${client.id} and status <> 'draft'`
  return row?.net
}

async function checkBooks(client: OfficeClient): Promise<void> {
  const wanted = { clientIds: [client.id], from: null, before: null, pricesPerClient: 0 }
  assert.equal(await invoices.find(office.sql, wanted), [])
  assert.equal(await callRollups.find(office.sql, wanted), [])
}

const issue = (
  client: OfficeClient,
  [from, to]: readonly [string, string],
  terms: Partial<InvoiceTerms> = {},
) => office.issue(client, from, to, terms)

for (const [way, correctBy, country] of [
  ['on the next invoice', 'invoice', 'PT'],
  ['by a note, as the brand says', 'credit-note', 'PT'],
  ['by a note, as Spanish law says', 'invoice', 'ES'],
] as const) {
  const document = way.startsWith('on') ? 'invoice' : 'credit-note'

  for (const [billingMethod, timeZone] of [
    ['postpaid', 'Europe/Madrid'],
    ['pseudoprepaid', 'Pacific/Auckland'],
    ['prepaid', 'America/Los_Angeles'],
  ] as const) {
    corrections(
      `${way}, ${billingMethod} in ${timeZone}: 6.00 at half price, corrected to 0.60, ends at 0.30`,
      async () => {
        await office.correctBy(correctBy, country)
        const client = await untaxed({ billingMethod, timeZone })
        const callId = await office.call(client, { day: '2026-04-02', price: '6' })
        const first = await issue(client, early, { ...half, discounts: [...half.discounts] })
        assert.is(formatAmount(first.net), '3')
        await office.correct(client, callId, { price: '0.6', seconds: 6 })
        await issue(client, late)
        assert.equal(await correctionsOf(client, first), [`${document} correction -2.7`])
        assert.is(await charged(client), '0.3')
        assert.is(await office.balance(client), '-0.3')
        await checkBooks(client)
      },
    )
  }

  corrections(`${way}: a minimum of 31 a month, 6.00 corrected to 0.60, is 3.10 and 1.03`, async () => {
    await office.correctBy(correctBy, country)
    const client = await untaxed()
    const callId = await office.call(client, { day: '2026-04-02', price: '6' })
    const first = await issue(client, early, minimum)
    assert.is(formatAmount(first.net), '6')
    await office.correct(client, callId, { price: '0.6', seconds: 6 })
    await issue(client, late, minimum)
    assert.equal(await correctionsOf(client, first), [`${document} correction -2.9`])
    assert.is(await charged(client), '4.13')
    assert.is(await office.balance(client), '-4.13')
    await checkBooks(client)
  })

  corrections(`${way}: corrected up and down again, each difference is charged and given back`, async () => {
    await office.correctBy(correctBy, country)
    const client = await office.addClient()
    const callId = await office.call(client, { day: '2026-04-02', price: '6' })
    const first = await issue(client, early, { ...half, discounts: [...half.discounts] })
    assert.is(formatAmount(first.total), '3.63')
    await office.correct(client, callId, { price: '10', seconds: 100 })
    await issue(client, late)
    await office.correct(client, callId, { price: '1', seconds: 10 })
    await issue(client, ['2026-04-05', '2026-04-06'])
    assert.equal(await correctionsOf(client, first), [
      `${document} correction 2`,
      `${document} correction -4.5`,
    ])
    assert.is(await charged(client), '0.5')
    assert.is(await office.balance(client), '-0.6')
    await checkBooks(client)
  })
}

corrections(
  'a late call within a minimum that was charged costs nothing, until its period exceeds it',
  async () => {
    await office.correctBy('invoice')
    const client = await untaxed()
    const first = await issue(client, early, minimum)
    assert.is(formatAmount(first.net), '3.1')
    await office.call(client, { day: '2026-04-02', price: '3' })
    const second = await issue(client, late, minimum)
    assert.equal(
      second.lines.map((line) => [line.kind, formatAmount(line.net), line.calls?.calls ?? null]),
      [
        ['minimum', '1.03', null],
        ['earlier-calls', '0', 1],
      ],
    )
    await office.call(client, { day: '2026-04-03', price: '3' })
    await issue(client, ['2026-04-05', '2026-04-06'])
    assert.equal(await correctionsOf(client, first), ['invoice earlier-calls 0', 'invoice earlier-calls 2.9'])
    assert.is(await charged(client), '7.03')
    assert.is(await office.balance(client), '-7.03')
    await checkBooks(client)
  },
)

corrections(
  'a late call counts for its own period, not for the minimum of the one that lists it',
  async () => {
    await office.correctBy('invoice')
    const client = await untaxed()
    await issue(client, early)
    await office.call(client, { day: '2026-04-02', price: '3' })
    const second = await issue(client, late, minimum)
    assert.equal(
      second.lines.map((line) => [line.kind, formatAmount(line.net)]),
      [
        ['earlier-calls', '3'],
        ['minimum', '1.03'],
      ],
    )
  },
)

corrections(
  'a late call of a period with a minimum bears the taxes of its period, not of the next invoice',
  async () => {
    await office.correctBy('invoice')
    const [ten, zero] = await Promise.all([
      office.addTax({ name: 'Ten of its period', rate: '10', category: 'S' }),
      office.addTax({ name: 'Zero of the next', rate: '0', category: 'Z' }),
    ])
    const client = await office.addClient({ taxIds: [zero] })
    const seat = await office.addFixedCost({ name: 'Seat above the minimum', price: '5' })
    await issue(client, early, { ...minimum, taxIds: [ten], fixedCosts: [fixedCostTerm(seat)] })
    await office.call(client, { day: '2026-04-02', price: '3' })
    const next = await issue(client, late)
    assert.equal(
      next.taxes.map(({ rate, base, amount }) => [rate, base, amount].map(formatAmount)),
      [['10', '3', '0.3']],
    )
  },
)

corrections(
  'a freed call of a period with a minimum is charged anew: 100 and 19, whatever was freed',
  async () => {
    await office.correctBy('invoice')
    const client = await untaxed()
    await office.call(client, { day: '2026-04-02', price: '100' })
    const first = await issue(client, early, { minimumMonthlyAmount: '1190' })
    assert.is(await charged(client), '119')
    await creditInvoice(office.context, {
      ...office.request,
      ...{ id: first.id, lines: [{ index: 0 }], rebill: true, reason: null, numberSequenceId: null },
    })
    assert.is(await charged(client), '19')
    await issue(client, late)
    assert.is(await charged(client), '119')
    await checkBooks(client)
  },
)

corrections('a late call is charged, though the line of its destination was given back', async () => {
  await office.correctBy('invoice')
  const client = await untaxed()
  await office.call(client, { day: '2026-04-02', price: '6' })
  const first = await issue(client, early, minimum)
  await creditInvoice(office.context, {
    ...office.request,
    id: first.id,
    lines: [{ index: 0 }],
    rebill: false,
    reason: null,
    numberSequenceId: null,
  })
  // Given back, it leaves nothing of the invoice.
  assert.is(await charged(client), '0')
  await office.call(client, { day: '2026-04-02', price: '1' })
  await issue(client, late)
  assert.is(await charged(client), '1')
  await checkBooks(client)
})

corrections('a call given back as goodwill is neither given back again nor charged', async () => {
  await office.correctBy('invoice')
  for (const price of ['0.6', '9']) {
    const client = await untaxed()
    const callId = await office.call(client, { day: '2026-04-02', price: '6' })
    const first = await issue(client, early)
    await creditInvoice(office.context, {
      ...office.request,
      id: first.id,
      lines: [{ index: 0 }],
      rebill: false,
      reason: null,
      numberSequenceId: null,
    })
    await office.correct(client, callId, { price, seconds: 6 })
    await issue(client, late)
    assert.is(await charged(client), '0', price)
    assert.is(await office.balance(client), '0', price)
    await checkBooks(client)
  }
})

corrections('an invoice credited in full frees its calls as they are now', async () => {
  for (const [correctBy, issuedBetween] of [
    ['invoice', false],
    ['credit-note', true],
  ] as const) {
    await office.correctBy(correctBy)
    const client = await untaxed()
    const callId = await office.call(client, { day: '2026-04-02', price: '6' })
    const first = await issue(client, early, { ...half, discounts: [...half.discounts] })
    await office.correct(client, callId, { price: '0.6', seconds: 6 })
    if (issuedBetween) await issue(client, late)
    await creditInvoice(office.context, {
      ...office.request,
      id: first.id,
      lines: null,
      reason: null,
      numberSequenceId: null,
    })
    assert.is(await charged(client), '0')
    assert.is(await office.balance(client), '-0.6')
    await issue(client, early)
    assert.is(await charged(client), '0.6')
    assert.is(await office.balance(client), '-0.6')
    await checkBooks(client)
  }
})

corrections('a correction keeps the tax of its invoice, whatever the client bears since', async () => {
  await office.correctBy('invoice')
  const client = await office.addClient()
  const callId = await office.call(client, { day: '2026-04-02', price: '6' })
  const first = await issue(client, early)
  assert.is(formatAmount(first.total), '7.26')
  await office.correct(client, callId, { price: '0.6', seconds: 6 })
  const reduced = await office.addTax({ name: 'IVA 10 %', rate: '10', category: 'S' })
  const seat = await office.addFixedCost({ name: 'Seat', price: '10' })
  const next = await issue(client, late, { taxIds: [reduced], fixedCosts: [fixedCostTerm(seat)] })
  assert.equal(
    next.taxes.map(({ rate, base, amount }) => [rate, base, amount].map(formatAmount)),
    [
      ['21', '-5.4', '-1.13'],
      ['10', '10', '1'],
    ],
  )
  assert.is(await office.balance(client), '-11.73')
})

corrections.run()
