import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { deleteDraft, recomputeDraft } from '../../src/invoices/draft-invoice.ts'
import { issueInvoice } from '../../src/invoices/issue-invoice.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { invoiceRecord } from '../../src/invoices/stored-invoice.ts'
import { formatAmount } from '../../src/money.ts'
import { fixedCostTerm, openOffice, refusalOf } from './office.ts'

const office = await openOffice()
const issueInvoices = suite('issueInvoice')
issueInvoices.after(() => office.close())
issueInvoices.before.each(() => office.setNow('2026-02-03T09:00:00Z'))

const january = ['2026-01-01', '2026-02-01'] as const
const pay = (id: string, amount: string, idempotencyKey: string | null = null) =>
  payInvoice(office.context, {
    ...office.request,
    id,
    amount,
    paidAt: Date.parse('2026-02-03T00:00:00Z'),
    method: 'transfer',
    reference: null,
    idempotencyKey,
  })
const credit = (id: string, lines: { index: number; quantity?: string }[] | null) =>
  creditInvoice(office.context, { ...office.request, id, lines, reason: 'wrong', numberSequenceId: null })

issueInvoices('calls, invoice and payment leave a balance of zero', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', destination: 'Spain', price: '0.3333', seconds: 61 })
  await office.call(client, { day: '2026-01-31', destination: 'Spain mobile', price: '1.005' })
  await office.call(client, { day: '2026-02-01', destination: 'Spain', price: '9' })
  const seat = await office.addFixedCost({ name: 'Seat', price: '10' })
  assert.is(await office.balance(client), '-10.3383')

  const invoice = await office.issue(client, ...january, {
    fixedCosts: [fixedCostTerm(seat, '2')],
    discounts: [{ description: 'Launch', percent: '50', amount: null }],
  })
  const record = invoiceRecord(invoice, Date.parse('2026-02-03T10:00:00Z'))
  assert.equal(
    record.lines.map((line) => [line.description, line.quantity, line.unitPrice, line.net, line.taxRate]),
    [
      ['Spain', '1', '0.3333', '0.33', '21'],
      ['Spain mobile', '1', '1.005', '1.01', '21'],
      ['Seat', '2', '10', '20', '21'],
      ['Launch', '1', '-10.67', '-10.67', '21'],
    ],
  )
  assert.equal(
    [record.net, record.tax, record.total, record.amountDue, record.status, record.prepaidAmount],
    ['10.67', '2.24', '12.91', '12.91', 'issued', '0'],
  )
  assert.equal([record.dueDay, record.dueAt], ['2026-03-05', '2026-03-05T23:00:00.000Z'])
  assert.match(record.number ?? '', /^F2026-\d{4}$/)
  // The call of 1 February is left: −9. What is behind the invoice is −12.91.
  assert.is(await office.balance(client), '-21.91')
  const [movement] = await office.sql`select amount from movements where invoice_id = ${invoice.id}`
  assert.is(formatAmount(invoice.callsAmount.minus(invoice.total)), '-11.5717')
  assert.is(Number(movement?.amount), -11.5717)

  assert.is((await pay(invoice.id, '2.91')).invoice.status, 'issued')
  const paid = await pay(invoice.id, '10')
  assert.is(paid.invoice.status, 'paid')
  assert.equal(
    paid.payments.map((payment) => formatAmount(payment.amount)),
    ['2.91', '10'],
  )
  assert.is(await office.balance(client), '-9')
})

issueInvoices(
  'an invoice that takes the balance below an alert tells it, and a payment re-arms it',
  async () => {
    const client = await office.addClient()
    await office.sql`
    insert into balance_alerts (id, client_id, threshold, email)
    values (${client.id}, ${client.id}, '-11', 'money@acme.example')`
    await office.call(client, { day: '2026-01-05', price: '10' })
    const first = await office.issue(client, ...january)
    await pay(first.id, '12.1')
    await office.call(client, { day: '2026-02-05', price: '10' })
    office.setNow('2026-03-01T09:00:00Z')
    await office.issue(client, '2026-02-01', '2026-03-01')
    const told = await office.sql`
    select m.content ->> 'balance' as balance, m.recipient from mails m
    where client_id = ${client.id} and kind = 'low-balance' order by id`
    assert.equal(
      told.map((mail) => ({ ...mail })),
      ['-12.1', '-12.1'].map((balance) => ({ balance, recipient: 'money@acme.example' })),
    )
    const facts = await office.sql`
    select body::json -> 'data' ->> 'threshold' as threshold
    from outbox where subject = ${`billing.balance.low.${client.id}`}`
    assert.equal(
      facts.map(({ threshold }) => threshold),
      ['-11', '-11'],
    )
  },
)

issueInvoices(
  'a payment with the same key counts once, and more decimals than are paid with are refused',
  async () => {
    const client = await office.addClient()
    await office.call(client, { day: '2026-01-05', price: '10' })
    const invoice = await office.issue(client, ...january)
    await pay(invoice.id, '2.10', 'once')
    await pay(invoice.id, '2.10', 'once')
    assert.is(await office.balance(client), '-10')
    assert.is((await refusalOf(pay(invoice.id, '1.001'))).code, 'invalid_request')
  },
)

issueInvoices('issuing twice gives the same invoice and one movement', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '10' })
  const draft = await office.draft(client, ...january)
  assert.is(draft.number, null)
  const [one, other] = await Promise.all([
    issueInvoice(office.context, { ...office.request, id: draft.id }),
    issueInvoice(office.context, { ...office.request, id: draft.id }),
  ])
  assert.is(one.number, other.number)
  assert.is(await office.balance(client), '-12.1')
})

issueInvoices(
  'for a prepaid client whose balance covers it the invoice is a statement with nothing due',
  async () => {
    const client = await office.addClient({ billingMethod: 'prepaid' })
    await office.topUp(client, '20')
    await office.call(client, { day: '2026-01-05', price: '10' })
    const invoice = await office.issue(client, ...january)
    const record = invoiceRecord(invoice, 0)
    assert.equal(
      [record.status, record.total, record.prepaidAmount, record.amountDue],
      ['paid', '12.1', '12.1', '0'],
    )
    assert.is(await office.balance(client), '7.9')
  },
)

issueInvoices('calls that end after the issue come on the next invoice as lines of their own', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-30', price: '1' })
  await office.issue(client, ...january)
  await office.call(client, { day: '2026-01-31', price: '2' })
  await office.call(client, { day: '2026-02-02', price: '4' })
  office.setNow('2026-03-01T09:00:00Z')
  const next = await office.issue(client, '2026-02-01', '2026-03-01')
  assert.equal(
    next.lines.map((line) => [line.kind, formatAmount(line.net)]),
    [
      ['calls', '4'],
      ['earlier-calls', '2'],
    ],
  )
})

issueInvoices('calls of the period without a price block the issue by name', async () => {
  const client = await office.addClient()
  const callId = await office.call(client, { day: '2026-01-07', status: 'rejected' })
  await office.call(client, { day: '2026-02-01', status: 'rejected' })
  const refusal = await refusalOf(office.issue(client, ...january))
  assert.is(refusal.code, 'unpriced_calls')
  assert.equal(
    refusal.errors.map((fault) => fault.detail),
    [`call ${callId} of 2026-01-07: destination_not_priced`],
  )
})

issueInvoices('a call that runs over the end of the month blocks it, or comes on the next one', async () => {
  const client = await office.addClient()
  // 23:59:50 on 31 January in Madrid.
  const running = await office.call(client, {
    day: '',
    status: 'started',
    answeredAt: '2026-01-31T22:59:50Z',
  })
  const refusal = await refusalOf(office.issue(client, ...january))
  assert.is(refusal.code, 'calls_running')
  assert.equal(
    refusal.errors.map((fault) => fault.detail),
    [`call ${running}`],
  )
  const issued = await office.issue(client, ...january, { runningCalls: 'next' })
  assert.is(issued.lines.length, 0)
})

issueInvoices('a call that began after the end of the period does not block it', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '', status: 'started', answeredAt: '2026-01-31T23:00:00Z' })
  assert.is((await office.issue(client, ...january)).status, 'paid')
})

issueInvoices('days that stand on another invoice are refused with its number', async () => {
  const client = await office.addClient()
  const first = await office.issue(client, '2026-01-01', '2026-01-16')
  const refusal = await refusalOf(office.issue(client, '2026-01-15', '2026-02-01'))
  assert.is(refusal.code, 'period_overlap')
  assert.match(refusal.errors[0]?.detail ?? '', first.number ?? '?')
  assert.ok(await office.issue(client, '2026-01-16', '2026-02-01'))
})

issueInvoices('a period is open until the local day after it begins', async () => {
  const client = await office.addClient({ timeZone: 'America/New_York' })
  office.setNow('2026-02-01T04:59:59Z')
  assert.is((await refusalOf(office.issue(client, ...january))).code, 'period_open')
  office.setNow('2026-02-01T05:00:00Z')
  assert.ok(await office.issue(client, ...january))
})

issueInvoices('a note in full reverses the invoice and frees its calls for another', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '10.004' })
  const seat = await office.addFixedCost({ name: 'Seat, full', price: '5' })
  const first = await office.issue(client, ...january, { fixedCosts: [fixedCostTerm(seat)] })
  assert.is(await office.balance(client), '-18.15')
  const note = invoiceRecord(await credit(first.id, null), 0)
  assert.equal([note.net, note.tax, note.total, note.amountDue], ['-15', '-3.15', '-18.15', '0'])
  assert.is(note.creditsInvoiceId, first.id)
  assert.is(await office.balance(client), '-10.004')
  assert.is((await refusalOf(credit(first.id, null))).code, 'invoice_is_final')

  // A late call of the same day and destination opens a row of its own beside the freed one.
  await office.call(client, { day: '2026-01-05', price: '1' })
  const second = await office.issue(client, ...january)
  assert.is(formatAmount(second.total), '13.31')
  assert.is(await office.balance(client), '-13.31')
  await credit(second.id, null)
  assert.is(await office.balance(client), '-11.004')
})

issueInvoices('a note by line gives its amount back and the calls stay', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '10' })
  const seat = await office.addFixedCost({ name: 'Seat, by line', price: '5' })
  const invoice = await office.issue(client, ...january, { fixedCosts: [fixedCostTerm(seat, '3')] })
  assert.is(await office.balance(client), '-30.25')
  const note = await credit(invoice.id, [{ index: 1, quantity: '2' }])
  assert.is(formatAmount(note.total), '-12.1')
  assert.is(await office.balance(client), '-18.15')
  assert.is((await pay(invoice.id, '18.15')).invoice.status, 'paid')
  assert.is(await office.balance(client), '0')
  // What is left in full: the calls are free again, the payment stays with the client.
  await credit(invoice.id, null)
  assert.is(await office.balance(client), '8.15')
  const [row] = await office.sql`select status, credited_amount from invoices where id = ${invoice.id}`
  assert.equal([row?.status, Number(row?.credited_amount)], ['credited', 30.25])
})

issueInvoices('a line is credited with its share of the discounts, and a discount is not named', async () => {
  const client = await office.addClient()
  const seat = await office.addFixedCost({ name: 'Seat, discounted', price: '10' })
  const discounts = [{ description: 'Half', percent: '50', amount: null }]
  const invoice = await office.issue(client, ...january, { fixedCosts: [fixedCostTerm(seat)], discounts })
  assert.is(formatAmount(invoice.total), '6.05')
  const refusal = await refusalOf(credit(invoice.id, [{ index: 1 }]))
  assert.equal([refusal.code, refusal.errors[0]?.pointer], ['invalid_request', '/lines/0/index'])
  assert.is(await office.balance(client), '-6.05')
  assert.is(formatAmount((await credit(invoice.id, [{ index: 0 }])).total), '-6.05')
  assert.is(await office.balance(client), '0')
})

issueInvoices('an issued invoice and its lines refuse every change, a draft does not', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '10' })
  const draft = await office.draft(client, ...january)
  await office.call(client, { day: '2026-01-06', price: '1' })
  const again = await recomputeDraft(office.context, { ...office.request, id: draft.id })
  assert.is(formatAmount(again.net), '11')
  const { id } = await issueInvoice(office.context, { ...office.request, id: draft.id })
  const { sql } = office
  for (const change of [
    sql`update invoices set total = 1, net = 1, tax = 0 where id = ${id}`,
    sql`update invoices set buyer = '{}' where id = ${id}`,
    sql`update invoices set status = 'draft', number = null, issued_at = null where id = ${id}`,
    sql`delete from invoices where id = ${id}`,
    sql`update invoice_lines set net = 0 where invoice_id = ${id}`,
    sql`delete from invoice_lines where invoice_id = ${id}`,
    sql`insert into invoice_lines select invoice_id, 9, kind, description, quantity, unit_price, net, taxes
        from invoice_lines where invoice_id = ${id}`,
    sql`update invoice_series set last_number = last_number + 2`,
  ]) {
    assert.match(
      String(
        await change.then(
          () => 'done',
          (error) => error.message,
        ),
      ),
      /issued|follow one another/,
    )
  }
  assert.is(
    (await refusalOf(recomputeDraft(office.context, { ...office.request, id }))).code,
    'invoice_is_final',
  )
  assert.is(
    (await refusalOf(deleteDraft(office.context, { ...office.request, id }))).code,
    'invoice_is_final',
  )
})

issueInvoices("another brand's invoice does not exist", async () => {
  const client = await office.addClient()
  const draft = await office.draft(client, ...january)
  const scope = { brandId: '0197c0de-0000-7000-8000-000000000000', clientId: null }
  assert.is(
    (await refusalOf(issueInvoice(office.context, { id: draft.id, scope, actor: 'x' }))).code,
    'not_found',
  )
})

issueInvoices('yen, dinars and euros each keep their digits, and each balance adds up', async () => {
  for (const [currency, price, total, balance] of [
    ['JPY', '104.5', '127', '-127'],
    ['KWD', '1.2345', '1.494', '-1.494'],
    ['EUR', '1.0049', '1.21', '-1.21'],
  ] as const) {
    const client = await office.addClient({ currency })
    await office.call(client, { day: '2026-01-05', price })
    const invoice = await office.issue(client, ...january)
    assert.is(formatAmount(invoice.total), total)
    assert.is(await office.balance(client), balance)
  }
})

issueInvoices('an issue tells the broker and writes one mail to each address', async () => {
  const client = await office.addClient({ email: 'accounts@acme.example.com' })
  await office.call(client, { day: '2026-01-05', price: '10' })
  const { id } = await office.draft(client, ...january)
  const invoice = await issueInvoice(office.context, {
    ...office.request,
    id,
    email: 'boss@acme.example.com',
  })
  const [fact] =
    await office.sql`select body from outbox where subject = ${`billing.invoices.issued.${client.id}`}`
  assert.is(JSON.parse(fact?.body).data.number, invoice.number)
  const mails =
    await office.sql`select recipient, attachments from mails where client_id = ${client.id} order by 1`
  assert.equal(
    mails.map((mail) => mail.recipient),
    ['accounts@acme.example.com', 'boss@acme.example.com'],
  )
})

issueInvoices(
  'twenty at once get the numbers 1 to n, and a new year begins at 1 where the series says so',
  async () => {
    const sequenceId = '0197c0de-0000-7000-8000-00000000abcd'
    await office.sql`
    insert into invoice_number_sequences (id, brand_id, name, prefix, width, reset_yearly)
    values (${sequenceId}, ${office.brandId}, 'yearly', ${'Y{yy}/'}, 3, true)`
    const clients = await Promise.all(Array.from({ length: 20 }, () => office.addClient()))
    const drafts = await Promise.all(clients.map((client) => office.draft(client, ...january)))
    await office.sql`update invoices set number_sequence_id = ${sequenceId} where id = any(${drafts.map((d) => d.id)})`
    const issued = await Promise.all(
      drafts.map(({ id }) => issueInvoice(office.context, { ...office.request, id })),
    )
    assert.equal(
      issued.map(({ number }) => number).sort(),
      Array.from({ length: 20 }, (_, i) => `Y26/${String(i + 1).padStart(3, '0')}`),
    )
    const [client] = clients
    assert.ok(client)
    // 23:30 UTC on 31 December is next year in Madrid.
    office.setNow('2026-12-31T23:30:00Z')
    const draft = await office.draft(client, '2026-02-01', '2026-12-31')
    await office.sql`update invoices set number_sequence_id = ${sequenceId} where id = ${draft.id}`
    const next = await issueInvoice(office.context, { ...office.request, id: draft.id })
    assert.is(next.number, 'Y27/001')
  },
)

issueInvoices.run()
