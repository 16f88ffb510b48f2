/**
 * What a credit note gives back, and which calls it leaves for another invoice: by all lines in one note, in several, by
 * quantity, in full.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { formatAmount } from '../../src/money.ts'
import { invoices } from '../../src/verify/invoices.ts'
import { fixedCostTerm, type OfficeClient, openOffice, refusalOf } from './office.ts'

const office = await openOffice()
const credits = suite('credit by line')
credits.after(() => office.close())
credits.before(() => office.correctBy('invoice'))
credits.before.each(() => office.setNow('2026-03-03T09:00:00Z'))

const january = ['2026-01-01', '2026-02-01'] as const
const february = ['2026-02-01', '2026-03-01'] as const

type Lines = { index: number; quantity?: string }[] | null
const credit = (id: string, lines: Lines, rebill?: boolean) =>
  creditInvoice(office.context, {
    ...office.request,
    id,
    lines,
    rebill,
    reason: null,
    numberSequenceId: null,
  })

const statusOf = async (id: string) =>
  (await office.sql`select status from invoices where id = ${id}`)[0]?.status

async function checkBooks(client: OfficeClient): Promise<void> {
  const found = await invoices.find(office.sql, {
    clientIds: [client.id],
    from: null,
    before: null,
    pricesPerClient: 0,
  })
  assert.equal(found, [])
}

for (const billingMethod of ['postpaid', 'prepaid', 'pseudoprepaid']) {
  for (const [spelling, lines] of [
    ['in full', null],
    ['by naming its only line', [{ index: 0 }]],
  ] as const) {
    credits(`${billingMethod}: credited ${spelling}, a call of 6.00 comes on the next invoice`, async () => {
      const client = await office.addClient({ billingMethod })
      await office.call(client, { day: '2026-01-05', price: '6' })
      const first = await office.issue(client, ...january)
      assert.is(formatAmount(first.total), '7.26')
      const note = await credit(first.id, lines && [...lines])
      assert.is(formatAmount(note.total), '-7.26')
      assert.is(await statusOf(first.id), 'credited')
      assert.is(await office.balance(client), '-6')
      const next = await office.issue(client, ...january)
      assert.is(formatAmount(next.total), '7.26')
      assert.is(await office.balance(client), '-7.26')
      await checkBooks(client)
    })
  }
}

credits('as goodwill a full credit by lines keeps its calls: nothing charges them again', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '6' })
  const first = await office.issue(client, ...january)
  await credit(first.id, [{ index: 0 }], false)
  assert.is(await statusOf(first.id), 'credited')
  assert.is(await office.balance(client), '0')
  assert.is((await office.issue(client, ...january)).lines.length, 0)
  await checkBooks(client)
})

credits('after goodwill for calls a later full note frees the others alone', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '6', destination: 'A' })
  await office.call(client, { day: '2026-01-05', price: '2', destination: 'B' })
  const first = await office.issue(client, ...january)
  assert.is(formatAmount((await credit(first.id, [{ index: 0 }])).total), '-7.26')
  assert.is(await statusOf(first.id), 'issued')
  assert.is(formatAmount((await credit(first.id, null)).total), '-2.42')
  assert.is(await statusOf(first.id), 'credited')
  assert.is(await office.balance(client), '-2')
  const next = await office.issue(client, ...january)
  assert.equal(
    next.lines.map((line) => [line.description, formatAmount(line.net)]),
    [['B', '2']],
  )
  await checkBooks(client)
})

credits('lines named in several notes are credited in full by the last, and are goodwill', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '6', destination: 'A' })
  await office.call(client, { day: '2026-01-05', price: '2', destination: 'B' })
  const first = await office.issue(client, ...january)
  await credit(first.id, [{ index: 1 }])
  await credit(first.id, [{ index: 0 }])
  assert.is(await statusOf(first.id), 'credited')
  assert.is(await office.balance(client), '0')
  assert.is((await office.issue(client, ...january)).lines.length, 0)
  await checkBooks(client)
})

credits('with rebill, each note frees the calls of the lines that it takes whole', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '6', destination: 'A' })
  await office.call(client, { day: '2026-01-05', price: '2', destination: 'B' })
  await office.call(client, { day: '2026-01-06', price: '2', destination: 'B' })
  const first = await office.issue(client, ...january)
  await credit(first.id, [{ index: 0 }, { index: 1, quantity: '1' }], true)
  assert.is(await office.balance(client), '-8.42')
  const next = await office.issue(client, ...february)
  assert.equal(
    next.lines.map((line) => [line.kind, formatAmount(line.net)]),
    [['earlier-calls', '6']],
  )
  // What is left of the line was given back in part before: none of its calls is charged again.
  await credit(first.id, [{ index: 1 }], true)
  assert.is(await office.balance(client), '-7.26')
  await checkBooks(client)
})

const discounted = async () => {
  const client = await office.addClient({ taxIds: [vat20] })
  const fixedCosts = [small, middle, large].map((id) => fixedCostTerm(id))
  const discounts = [{ description: 'Ten', percent: null, amount: '10' }]
  const invoice = await office.issue(client, ...january, { fixedCosts, discounts })
  assert.is(formatAmount(invoice.total), '334.38')
  return { client, id: invoice.id }
}
const [small, middle, large, vat20] = await Promise.all([
  office.addFixedCost({ name: 'Small', price: '19.99' }),
  office.addFixedCost({ name: 'Middle', price: '68.33' }),
  office.addFixedCost({ name: 'Large', price: '200.33' }),
  office.addTax({ name: 'VAT 20 %', rate: '20', category: 'S' }),
])

for (const [spelling, notes, totals] of [
  ['one after the other', [[{ index: 0 }], [{ index: 1 }], [{ index: 2 }]], ['-23.16', '-79.15', '-232.07']],
  [
    'from the last to the first',
    [[{ index: 2 }], [{ index: 1 }], [{ index: 0 }]],
    ['-232.07', '-79.15', '-23.16'],
  ],
  ['by all lines at once', [[{ index: 0 }, { index: 1 }, { index: 2 }]], ['-334.38']],
  ['in full', [null], ['-334.38']],
  [
    'by quantity, the rest in full',
    [[{ index: 0, quantity: '0.5' }], [{ index: 2, quantity: '0.25' }], null],
    ['-11.58', '-58.02', '-264.78'],
  ],
] as const) {
  credits(`19.99, 68.33 and 200.33 less 10.00, with 20 %, are given back ${spelling}`, async () => {
    const { client, id } = await discounted()
    const given: string[] = []
    for (const lines of notes) given.push(formatAmount((await credit(id, lines && [...lines])).total))
    assert.equal(given, totals)
    assert.is(await statusOf(id), 'credited')
    assert.is(await office.balance(client), '0')
    await checkBooks(client)
  })
}

credits('a discount over two taxes is given back with the lines that bore it', async () => {
  const reduced = await office.addTax({ name: 'VAT 10 %', rate: '10', category: 'S' })
  const book = await office.addFixedCost({ name: 'Book', price: '30', taxId: reduced })
  const desk = await office.addFixedCost({ name: 'Desk', price: '60' })
  const client = await office.addClient()
  const invoice = await office.issue(client, ...january, {
    fixedCosts: [fixedCostTerm(desk), fixedCostTerm(book)],
    discounts: [{ description: 'Half', percent: '50', amount: null }],
  })
  assert.is(formatAmount(invoice.total), '52.8')
  assert.is(formatAmount((await credit(invoice.id, [{ index: 1 }])).total), '-16.5')
  assert.is(formatAmount((await credit(invoice.id, [{ index: 0 }])).total), '-36.3')
  assert.is(await statusOf(invoice.id), 'credited')
})

credits('notes are numbered in the series of the brand, or in the one that is asked for', async () => {
  const [ofBrand, asked] = ['0197c0de-0000-7000-8000-00000000c001', '0197c0de-0000-7000-8000-00000000c002']
  await office.sql`
    insert into invoice_number_sequences (id, brand_id, name, prefix, width)
    values (${ofBrand}, ${office.brandId}, 'notes', 'R', 4), (${asked}, ${office.brandId}, 'others', 'X', 4)`
  await office.sql`update brands set credit_note_sequence_id = ${ofBrand} where id = ${office.brandId}`
  const client = await office.addClient()
  const seat = await office.addFixedCost({ name: 'Seat, numbered', price: '5' })
  const { id } = await office.issue(client, ...january, { fixedCosts: [fixedCostTerm(seat, '2')] })
  assert.is((await credit(id, [{ index: 0, quantity: '1' }])).number, 'R0001')
  const { number } = await creditInvoice(office.context, {
    ...office.request,
    id,
    lines: null,
    reason: null,
    numberSequenceId: asked,
  })
  assert.is(number, 'X0001')
  await office.sql`update brands set credit_note_sequence_id = null where id = ${office.brandId}`
})

credits('a note names no more of a line than is left', async () => {
  const { id } = await discounted()
  await credit(id, [{ index: 0, quantity: '0.5' }])
  const refusal = await refusalOf(credit(id, [{ index: 0, quantity: '0.6' }]))
  assert.equal([refusal.code, refusal.errors[0]?.pointer], ['invalid_request', '/lines/0/quantity'])
})

credits.run()
