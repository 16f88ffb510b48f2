/**
 * Calls that change when a credit note has given back or freed a part of their invoice: what was given back is neither given
 * back nor charged again, what was freed is charged as it is now, and together documents come to what the calls cost.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import type { InvoiceTerms } from '../../src/invoices/invoice-terms.ts'
import type { InvoiceWithLines } from '../../src/invoices/stored-invoice.ts'
import { formatAmount } from '../../src/money.ts'
import { callRollups } from '../../src/verify/call-rollups.ts'
import { invoices } from '../../src/verify/invoices.ts'
import { receivables } from '../../src/verify/receivables.ts'
import { type OfficeClient, openOffice } from './office.ts'

const office = await openOffice()
const changes = suite('changes after a credit note')
changes.after(() => office.close())
changes.before.each(async () => {
  office.setNow('2026-05-03T09:00:00Z')
  await office.correctBy('invoice')
})

const april = ['2026-04-01', '2026-04-04'] as const
/** The invoices after it, a day each. */
const days = [4, 5, 6, 7, 8].map((day) => [`2026-04-0${day}`, `2026-04-0${day + 1}`] as const)
const untaxed = () => office.addClient({ taxIds: [] })

const issue = async (
  client: OfficeClient,
  [from, to]: readonly [string, string],
  terms: Partial<InvoiceTerms> = {},
) => tick(() => office.issue(client, from, to, terms))

const credit = (
  { id }: InvoiceWithLines,
  lines: { index: number; quantity?: string }[] | null,
  rebill?: boolean,
) =>
  tick(() =>
    creditInvoice(office.context, {
      ...office.request,
      ...{ id, lines, reason: null, numberSequenceId: null, rebill },
    }),
  )

/** Documents are issued one after another. */
let seconds = 0
function tick<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  office.setNow(new Date(Date.parse('2026-05-03T09:00:00Z') + ++seconds * 1000).toISOString())
  return work()
}

const correct = (client: OfficeClient, callId: string, price: string) =>
  office.correct(client, callId, { price, seconds: 6 })

/** All that documents charge, and what the account says of it; the service finds no fault in either. */
async function checkCharged(client: OfficeClient, expected: string): Promise<void> {
  const [row] = await office.sql`
    select trim_scale(coalesce(sum(net), 0))::text as net from invoices
    where client_id = ${client.id} and status <> 'draft'`
  assert.is(row?.net, expected)
  assert.is(await office.balance(client), expected === '0' ? '0' : `-${expected}`)
  const wanted = { clientIds: [client.id], from: null, before: null, pricesPerClient: 0 }
  for (const check of [invoices, callRollups, receivables])
    assert.equal(await check.find(office.sql, wanted), [])
}

changes('a change that waits goes with its call when a note frees the line', async () => {
  const client = await untaxed()
  const call = await office.call(client, { day: '2026-04-02', price: '6' })
  await office.call(client, { day: '2026-04-02', price: '1', destination: 'France' })
  const first = await issue(client, april)
  await correct(client, call, '4')
  await credit(first, [{ index: 1 }], true)
  await issue(client, days[0] ?? april)
  await checkCharged(client, '5')
})

changes(
  'a change of a part is a part: half of 6.00 given back, and the other half of 0.60 stays',
  async () => {
    const client = await untaxed()
    const calls = [
      await office.call(client, { day: '2026-04-02', price: '6' }),
      await office.call(client, { day: '2026-04-02', price: '6' }),
    ]
    const first = await issue(client, april)
    await credit(first, [{ index: 0, quantity: '1' }])
    for (const call of calls) await correct(client, call, '0.6')
    await issue(client, days[0] ?? april)
    await checkCharged(client, '0.6')
  },
)

changes('what a change came to is remembered by the minimum of its period: 10, 8, and 9', async () => {
  const client = await untaxed()
  const calls = [
    await office.call(client, { day: '2026-04-02', price: '5' }),
    await office.call(client, { day: '2026-04-02', price: '5' }),
  ]
  // Three days of thirty: 7.
  const first = await issue(client, april, { minimumMonthlyAmount: '70' })
  await credit(first, [{ index: 0, quantity: '1' }])
  await correct(client, calls[0] ?? '', '1')
  const second = await issue(client, days[0] ?? april)
  assert.is(formatAmount(second.net), '-2')
  await correct(client, calls[0] ?? '', '3')
  const third = await issue(client, days[1] ?? april)
  assert.is(formatAmount(third.net), '1')
  await checkCharged(client, '4')
})

changes('a period ends at its minimum, whichever of its corrections is charged anew: 12, 10', async () => {
  const client = await untaxed()
  const call = await office.call(client, { day: '2026-04-02', price: '12' })
  await issue(client, april, { minimumMonthlyAmount: '100' })
  await correct(client, call, '8')
  const second = await issue(client, days[0] ?? april)
  assert.is(formatAmount(second.net), '-2')
  await correct(client, call, '7')
  await issue(client, days[1] ?? april)
  await credit(second, null)
  const again = await issue(client, days[2] ?? april)
  assert.is(formatAmount(again.net), '-2')
  await checkCharged(client, '10')
})

changes('a change charged anew goes with its call, which its own note had freed: 6, 4', async () => {
  for (const lines of [null, [{ index: 0 }]]) {
    const client = await untaxed()
    const call = await office.call(client, { day: '2026-04-02', price: '6' })
    const first = await issue(client, april)
    await correct(client, call, '4')
    const second = await issue(client, days[0] ?? april)
    await credit(first, lines, true)
    const third = await issue(client, days[1] ?? april)
    assert.is(formatAmount(third.net), '6')
    await credit(second, null)
    const fourth = await issue(client, days[2] ?? april)
    assert.is(formatAmount(fourth.net), '-2')
    // What changes now is of the invoice that has the call.
    await correct(client, call, '3')
    const fifth = await issue(client, days[3] ?? april)
    assert.is(fifth.lines[0]?.correctsInvoiceId, third.id)
    await checkCharged(client, '3')
  }
})

changes('a change of a call whose first invoice was goodwill is not charged anew', async () => {
  const client = await untaxed()
  const call = await office.call(client, { day: '2026-04-02', price: '6' })
  const first = await issue(client, april)
  await correct(client, call, '4')
  const second = await issue(client, days[0] ?? april)
  await credit(first, null, false)
  await credit(second, null)
  await issue(client, days[1] ?? april)
  await checkCharged(client, '0')
})

changes('what changes of a freed call is charged in full, beside the minimum of its period', async () => {
  const client = await untaxed()
  const call = await office.call(client, { day: '2026-04-02', price: '6' })
  await office.call(client, { day: '2026-04-02', price: '1', destination: 'France' })
  // 31: 24 is missing to it.
  const first = await issue(client, april, { minimumMonthlyAmount: '310' })
  await credit(first, [{ index: 1 }], true)
  await correct(client, call, '5')
  const next = await issue(client, days[0] ?? april)
  assert.is(formatAmount(next.net), '5')
  await checkCharged(client, '30')
})

changes('a freed call still counts for the minimum of its period: 10, 9', async () => {
  const client = await untaxed()
  await office.call(client, { day: '2026-04-02', price: '6' })
  const other = await office.call(client, { day: '2026-04-02', price: '4', destination: 'France' })
  const first = await issue(client, april, { minimumMonthlyAmount: '80' })
  await credit(first, [{ index: 1 }], true)
  await correct(client, other, '3')
  await issue(client, days[0] ?? april)
  await checkCharged(client, '9')
})

changes('a late call is as much as its own line stands, whatever was given back of others', async () => {
  const client = await untaxed()
  await office.call(client, { day: '2026-04-02', price: '12' })
  const first = await issue(client, april, { minimumMonthlyAmount: '100' })
  await credit(first, [{ index: 0 }], false)
  const call = await office.call(client, { day: '2026-04-02', price: '6' })
  // The invoice is credited, so its minimum is over.
  const second = await issue(client, days[0] ?? april)
  assert.is(formatAmount(second.net), '6')
  await correct(client, call, '2')
  await issue(client, days[1] ?? april)
  await checkCharged(client, '2')
})

changes('what changes of a late call is given back by as much as its line stands', async () => {
  for (const [isGoodwill, expected] of [
    [false, '16'],
    [true, '12'],
  ] as const) {
    const client = await untaxed()
    await office.call(client, { day: '2026-04-02', price: '12' })
    await office.call(client, { day: '2026-04-02', price: '2', destination: 'France' })
    const first = await issue(client, april, { minimumMonthlyAmount: '100' })
    // A line of another destination, so that the invoice and its minimum stand.
    await credit(first, [{ index: 0 }], false)
    const call = await office.call(client, { day: '2026-04-02', price: '6' })
    const second = await issue(client, days[0] ?? april)
    assert.is(formatAmount(second.net), '6')
    if (isGoodwill) await credit(second, null, false)
    await correct(client, call, '4')
    await issue(client, days[1] ?? april)
    await checkCharged(client, expected)
  }
})

changes(
  'a change of a late call costs the same, whether its period is credited before it or after',
  async () => {
    for (const isBefore of [true, false]) {
      const client = await untaxed()
      const first = await issue(client, april, { minimumMonthlyAmount: '100' })
      const call = await office.call(client, { day: '2026-04-02', price: '6' })
      await issue(client, days[0] ?? april)
      if (isBefore) await credit(first, null)
      await correct(client, call, '8')
      if (!isBefore) await credit(first, null)
      await issue(client, days[1] ?? april)
      await checkCharged(client, '0')
    }
  },
)

changes('a note that completes goodwill turns back what notes had corrected, and frees it', async () => {
  await office.correctBy('credit-note')
  const client = await untaxed()
  const gifted = await office.call(client, { day: '2026-04-02', price: '1', destination: 'France' })
  const call = await office.call(client, { day: '2026-04-02', price: '6' })
  const first = await issue(client, april)
  await credit(first, [{ index: 0 }], false)
  await correct(client, call, '4')
  await correct(client, gifted, '3')
  await issue(client, days[0] ?? april)
  await credit(first, null, true)
  const next = await issue(client, days[1] ?? april)
  assert.is(formatAmount(next.net), '4')
  await checkCharged(client, '4')
})

changes('a change of destination goes with the call that a note has freed', async () => {
  const client = await untaxed()
  const call = await office.call(client, { day: '2026-04-02', price: '6' })
  await office.call(client, { day: '2026-04-02', price: '1', destination: 'France' })
  const first = await issue(client, april)
  await office.correct(client, call, { price: '4', seconds: 6, destination: 'Spain special' })
  await credit(first, [{ index: 1 }], true)
  await issue(client, days[0] ?? april)
  await checkCharged(client, '5')
})

changes.run()
