/**
 * Prices that include their tax: what calls cost is what the invoice comes to.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { formatAmount } from '../../src/money.ts'
import { fixedCostTerm, type OfficeClient, openOffice } from './office.ts'

const office = await openOffice()
const gross = suite('prices with tax')
gross.after(() => office.close())
gross.before(() => office.correctBy('invoice'))
gross.before.each(() => office.setNow('2026-03-03T09:00:00Z'))

const january = ['2026-01-01', '2026-02-01'] as const

async function grossClient(given: Parameters<typeof office.addClient>[0] = {}): Promise<OfficeClient> {
  const client = await office.addClient(given)
  await office.sql`update clients set prices_include_tax = true where id = ${client.id}`
  return client
}

const sumsOf = ({
  net,
  tax,
  total,
}: {
  net: Parameters<typeof formatAmount>[0]
  tax: typeof net
  total: typeof net
}) => [net, tax, total].map(formatAmount).join(' + ')

for (const billingMethod of ['postpaid', 'prepaid', 'pseudoprepaid']) {
  gross(`prices with tax cover it: 36.30 of calls are an invoice of 36.30, ${billingMethod}`, async () => {
    const client = await grossClient({ billingMethod })
    await office.call(client, { day: '2026-01-05', price: '36.3' })
    const invoice = await office.issue(client, ...january)
    assert.is(sumsOf(invoice), '30 + 6.3 + 36.3')
    assert.is(await office.balance(client), '-36.3')
  })
}

gross('calls, fixed costs, discounts and minimums are gross, and lines are shown net', async () => {
  const client = await grossClient()
  await office.call(client, { day: '2026-01-05', price: '0.3333', destination: 'A' })
  await office.call(client, { day: '2026-01-05', price: '1.005', destination: 'B' })
  const seat = await office.addFixedCost({ name: 'Seat', price: '12.1' })
  const invoice = await office.issue(client, ...january, {
    fixedCosts: [fixedCostTerm(seat)],
    discounts: [{ description: 'Off', percent: null, amount: '2.42' }],
    minimumMonthlyAmount: '24.2',
  })
  // 13.4383 − 2.42 is 11.02; to 24.20 are missing 13.18. 24.20 ÷ 1.21 is 20.00.
  assert.is(sumsOf(invoice), '20 + 4.2 + 24.2')
  assert.equal(
    invoice.lines.map((line) => [line.kind, formatAmount(line.net)]),
    [
      ['calls', '0.28'],
      ['calls', '0.83'],
      ['fixed-cost', '10'],
      ['discount', '-2'],
      ['minimum', '10.89'],
    ],
  )
})

gross('nothing but a sum is rounded: 2 % off 14.069 + 29.85 + 0.80645 leave 43.83, not 43.84', async () => {
  const client = await grossClient({
    taxIds: [await office.addTax({ name: 'Ten', rate: '10', category: 'S' })],
  })
  await office.call(client, { day: '2026-01-05', price: '14.069' })
  const costs = await Promise.all(
    ['29.85', '0.80645'].map((price) => office.addFixedCost({ name: `At ${price}`, price })),
  )
  const invoice = await office.issue(client, ...january, {
    fixedCosts: costs.map((cost) => fixedCostTerm(cost)),
    discounts: [{ description: 'Two', percent: '2', amount: null }],
  })
  // 44.72545 less 0.894509 is 43.830941.
  assert.is(sumsOf(invoice), '39.85 + 3.98 + 43.83')
})

gross('what is missing to a minimum is exact: 10.00 and an earlier call of 1.002 are 11.00', async () => {
  const client = await grossClient({ taxIds: [] })
  await office.call(client, { day: '2025-12-20', price: '1.002' })
  await office.call(client, { day: '2026-01-05', price: '3.334' })
  const invoice = await office.issue(client, ...january, { minimumMonthlyAmount: '10' })
  assert.is(sumsOf(invoice), '11 + 0 + 11')
  assert.equal(
    invoice.lines.map((line) => [line.kind, formatAmount(line.net), formatAmount(line.unitPrice)]),
    [
      ['calls', '3.33', '3.334'],
      ['earlier-calls', '1', '1.002'],
      ['minimum', '6.67', '6.67'],
    ],
  )
})

for (const [kind, rate] of [
  ['without tax', null],
  ['at zero', '0'],
] as const) {
  gross(`${kind} gross is net: two destinations of 1.005 are 2.01, as the account says`, async () => {
    const taxIds = rate === null ? [] : [await office.addTax({ name: `Zero ${kind}`, rate, category: 'Z' })]
    const client = await grossClient({ taxIds })
    for (const destination of ['A', 'B']) {
      await office.call(client, { day: '2026-01-05', price: '1.005', destination })
    }
    assert.is(sumsOf(await office.issue(client, ...january)), '2.01 + 0 + 2.01')
    assert.is(await office.balance(client), '-2.01')
  })
}

gross('the largest line takes the cent: three of 0.10 at 21 % are 0.25 and 0.05', async () => {
  const client = await grossClient()
  for (const destination of ['A', 'B', 'C']) {
    await office.call(client, { day: '2026-01-05', price: '0.1', destination })
  }
  const invoice = await office.issue(client, ...january)
  assert.is(sumsOf(invoice), '0.25 + 0.05 + 0.3')
  assert.equal(
    invoice.lines.map(({ net }) => formatAmount(net)),
    ['0.09', '0.08', '0.08'],
  )
})

gross('the largest is the dearest: of 0.10 and 0.102, both shown as 0.08, the second is 0.09', async () => {
  const client = await grossClient()
  await office.call(client, { day: '2026-01-05', price: '0.1', destination: 'A' })
  await office.call(client, { day: '2026-01-05', price: '0.102', destination: 'B' })
  const invoice = await office.issue(client, ...january)
  assert.is(sumsOf(invoice), '0.17 + 0.03 + 0.2')
  assert.equal(
    invoice.lines.map(({ net }) => formatAmount(net)),
    ['0.08', '0.09'],
  )
})

gross('several taxes on a line divide by their sum, and without tax gross is net', async () => {
  const [one, other] = await Promise.all([
    office.addTax({ name: 'State 10 %', rate: '10', category: 'S' }),
    office.addTax({ name: 'City 5 %', rate: '5', category: 'S' }),
  ])
  const taxed = await grossClient({ taxIds: [one, other] })
  await office.call(taxed, { day: '2026-01-05', price: '11.5' })
  const both = await office.issue(taxed, ...january)
  assert.is(sumsOf(both), '10 + 1.5 + 11.5')
  assert.equal(
    both.taxes.map(({ base, amount }) => [base, amount].map(formatAmount)),
    [
      ['10', '1'],
      ['10', '0.5'],
    ],
  )
  const untaxed = await grossClient({ taxIds: [] })
  await office.call(untaxed, { day: '2026-01-05', price: '11.5' })
  assert.is(sumsOf(await office.issue(untaxed, ...january)), '11.5 + 0 + 11.5')
})

for (const [spelling, notes] of [
  ['in full', [null]],
  ['line by line', [[{ index: 0 }], [{ index: 1 }]]],
  ['in parts', [[{ index: 1, quantity: '1' }], [{ index: 1, quantity: '1' }], null]],
] as const) {
  gross(
    `credited ${spelling}, a discounted invoice with tax in its prices is given back exactly`,
    async () => {
      const client = await grossClient()
      await office.call(client, { day: '2026-01-05', price: '0.1' })
      const seat = await office.addFixedCost({ name: `Seat, ${spelling}`, price: '3.33' })
      const invoice = await office.issue(client, ...january, {
        fixedCosts: [fixedCostTerm(seat, '3')],
        discounts: [{ description: 'A third', percent: '33', amount: null }],
      })
      // 10.09 less 3.33.
      assert.is(sumsOf(invoice), '5.59 + 1.17 + 6.76')
      for (const lines of notes) {
        await creditInvoice(office.context, {
          ...office.request,
          id: invoice.id,
          lines: lines && [...lines],
          rebill: false,
          reason: null,
          numberSequenceId: null,
        })
      }
      const [left] = await office.sql`
      select sum(net)::text as net, sum(tax)::text as tax, count(*)::integer as documents from invoices
      where client_id = ${client.id} and status <> 'draft'`
      assert.equal([Number(left?.net), Number(left?.tax), left?.documents], [0, 0, notes.length + 1])
      assert.is(await office.balance(client), '0')
    },
  )
}

gross('a correction is gross as its invoice was: 36.30 corrected to 12.10 gives back 24.20', async () => {
  const client = await grossClient()
  const callId = await office.call(client, { day: '2026-01-05', price: '36.3' })
  await office.issue(client, ...january)
  await office.correct(client, callId, { price: '12.1', seconds: 20 })
  const next = await office.issue(client, '2026-02-01', '2026-03-01')
  assert.is(sumsOf(next), '-20 + -4.2 + -24.2')
  assert.is(await office.balance(client), '-12.1')
})

gross.run()
