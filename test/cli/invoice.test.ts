import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { noTerms } from '../../src/invoices/invoice-terms.ts'
import { newId } from '../../src/uuid.ts'
import { openOffice } from '../invoices/office.ts'
import { tollgate } from './run.ts'

const office = await openOffice()
const test = suite('tollgate invoice')
test.after(() => office.close())
const { brandId, databaseUrl, sequenceId, sql } = office

const run = (...args: string[]) => tollgate('invoice', '--database', databaseUrl, '--brand', brandId, ...args)
const runJson = async (...args: string[]) => {
  const { code, out } = await run('--json', ...args)
  const { total, issued, empty, already, refused, refusals } = JSON.parse(out)
  return { code, counts: { total, issued, empty, already, refused }, refusals }
}
const january = ['--month', '2026-01']
const invoicesOf = async (language: string) => {
  const rows = await sql`
    select c.name, i.number, i.period_from, i.period_to, i.total, i.actor
    from invoices i
    join clients c on c.id = i.client_id
    where c.language = ${language}
    order by c.name, i.period_from`
  return rows.map((row) => [row.name, row.period_from, row.period_to, Number(row.total), row.actor])
}

/** Two with calls, one without, one with a call that nothing could price. */
async function addFour(language: string) {
  const add = (name: string) => office.addClient({ language, name: `${name} ${language}` })
  const clients = { a: await add('A'), b: await add('B'), idle: await add('Idle'), odd: await add('Odd') }
  await office.call(clients.a, { day: '2026-01-05', price: '10' })
  await office.call(clients.b, { day: '2026-01-31', price: '20' })
  await office.call(clients.odd, { day: '2026-01-05', price: '30' })
  const rejected = await office.call(clients.odd, { day: '2026-01-06', status: 'rejected' })
  return { ...clients, rejected }
}

test('a month is invoiced for all clients, the refused one is named with its calls, and the end is 1', async () => {
  const { odd, rejected } = await addFour('it')
  const { code, out } = await run(...january, '--language', 'it')
  assert.is(code, 1)
  assert.equal(out.split('\n'), [
    `Odd it (${odd.id}): unpriced_calls: Calls of the period have no price: price them by a re-rating, or waive them.`,
    `  call ${rejected} of 2026-01-06: destination_not_priced`,
    '4 clients: 2 invoiced, 0 were before, 1 with nothing to invoice, 1 refused.',
    '',
  ])
  assert.equal(await invoicesOf('it'), [
    ['A it', '2026-01-01', '2026-02-01', 12.1, 'tollgate invoice'],
    ['B it', '2026-01-01', '2026-02-01', 24.2, 'tollgate invoice'],
  ])
})

test('run again it issues what is missing, and ends with 0 once nobody is refused', async () => {
  const { odd } = await addFour('ca')
  const first = await runJson(...january, '--language', 'ca')
  assert.equal(first.counts, { total: 4, issued: 2, empty: 1, already: 0, refused: 1 })
  assert.equal(
    first.refusals.map(({ clientId, name, code }: Record<string, string>) => [clientId, name, code]),
    [[odd.id, 'Odd ca', 'unpriced_calls']],
  )
  const again = await runJson(...january, '--language', 'ca')
  assert.equal([again.code, again.counts], [1, { total: 4, issued: 0, empty: 1, already: 2, refused: 1 }])
  await sql`update calls set status = 'unanswered' where client_id = ${odd.id} and status = 'rejected'`
  const last = await runJson(...january, '--language', 'ca')
  assert.equal(last, {
    code: 0,
    counts: { total: 4, issued: 1, empty: 1, already: 2, refused: 0 },
    refusals: [],
  })
  assert.is((await invoicesOf('ca')).length, 3)
})

test('a dry run counts the same and issues nothing', async () => {
  await addFour('fr')
  const dry = await runJson(...january, '--language', 'fr', '--dry-run')
  assert.equal([dry.code, dry.counts], [1, { total: 4, issued: 2, empty: 1, already: 0, refused: 1 }])
  assert.is(dry.refusals[0].name, 'Odd fr')
  assert.equal(await invoicesOf('fr'), [])
  const { out } = await run(...january, '--language', 'fr', '--dry-run')
  assert.match(
    out,
    /^4 clients: 2 would be invoiced, 0 were before, 1 with nothing to invoice, 1 refused\.$/m,
  )
  assert.equal((await runJson(...january, '--language', 'fr')).counts, dry.counts)
})

test('days and filters choose: half a month, one billing method, one currency, one zone', async () => {
  const prepaid = await office.addClient({ language: 'pt', name: 'Pre', billingMethod: 'prepaid' })
  const far = await office.addClient({ language: 'pt', name: 'Far', timeZone: 'Asia/Tokyo' })
  const dollar = await office.addClient({ language: 'pt', name: 'Usd', currency: 'USD' })
  for (const client of [prepaid, far, dollar]) await office.call(client, { day: '2026-01-05', price: '10' })
  const half = ['--language', 'pt', '--from', '2026-01-01', '--to', '2026-01-16']
  await run(...half, '--billing-method', 'prepaid', '--time-zone', 'Europe/Madrid')
  assert.equal(await invoicesOf('pt'), [['Pre', '2026-01-01', '2026-01-16', 12.1, 'tollgate invoice']])
  await run(...half, '--currency', 'EUR', '--currency', 'USD', '--time-zone', 'Asia/Tokyo')
  assert.equal(
    (await invoicesOf('pt')).map(([name]) => name),
    ['Far', 'Pre'],
  )
  const rest = await runJson(...half)
  assert.equal(rest, {
    code: 0,
    counts: { total: 3, issued: 1, empty: 0, already: 2, refused: 0 },
    refusals: [],
  })
  const wider = await runJson('--language', 'pt', '--month', '2026-01', '--currency', 'USD')
  assert.equal([wider.code, wider.refusals[0].code], [1, 'period_overlap'])
})

test('people see how far it is, machines the answer alone', async () => {
  for (let i = 0; i < 3; i++) {
    const client = await office.addClient({ language: 'de' })
    await office.call(client, { day: '2026-01-05' })
  }
  const { error } = await run(...january, '--language', 'de')
  assert.match(error, /^3 of 3 clients$/m)
  assert.is((await run('--json', ...january, '--language', 'de')).error, '')
})

test('a brand, a sequence or a period that is not there is a wrong call, and issues nothing', async () => {
  const [before] = await sql`select count(*) from invoices`
  const month = ['--month', '2026-01']
  for (const [args, says] of [
    [['--brand', 'Nobody', ...month], /no brand "Nobody"/],
    [['--brand', brandId, ...month, '--sequence', 'other'], /has "main"/],
    [['--brand', brandId], /--month, or --from and --to/],
    [['--brand', brandId, '--from', '2026-01-01'], /--month, or --from and --to/],
    [['--brand', brandId, '--from', '2026-02-01', '--to', '2026-02-01'], /period is empty/],
    [['--brand', brandId, '--month', '2026-13'], /YYYY-MM/],
    [['--brand', brandId, '--from', '2026-02-30', '--to', '2026-03-01'], /YYYY-MM-DD/],
    [['--brand', brandId, ...month, '--from', '2026-02-01', '--to', '2026-03-01'], /cannot be used with/],
  ] as const) {
    const { code, error } = await tollgate('invoice', '--database', databaseUrl, ...args)
    assert.is(code, 2, error)
    assert.match(error, says)
  }
  assert.equal(await sql`select count(*) from invoices`.then(([row]) => row?.count), before?.count)
})

test('a schedule lends its fixed costs and discounts, and what is said beside it counts instead', async () => {
  const client = await office.addClient({ language: 'pl', name: 'Lines' })
  await office.call(client, { day: '2026-01-05', price: '10' })
  const fixedCostId = newId()
  const owner = postgres(databaseUrl, { max: 1 })
  await owner`
    insert into fixed_costs (id, brand_id, name, price, currency)
    values (${fixedCostId}, ${brandId}, 'Line', 5, 'EUR')`
  const terms = {
    ...noTerms,
    dueDays: 7,
    fixedCosts: [{ fixedCostId, quantity: '2', from: null, to: null, taxId: null }],
    discounts: [{ description: 'Half', percent: '50', amount: null }],
  }
  await owner`
    insert into invoice_schedules (id, brand_id, name, unit, every, first_day, number_sequence_id, terms, enabled)
    values (${newId()}, ${brandId}, 'Monthly', 'month', 1, '2026-01-01', ${sequenceId},
            ${JSON.stringify(terms)}::text::jsonb, false)`
  await owner.end()
  const args = [...january, '--language', 'pl']
  const unknown = await run(...args, '--terms-of', 'Yearly')
  assert.is(unknown.code, 2)
  assert.match(unknown.error, /has no invoice schedule "Yearly"\.$/m)
  assert.is((await run(...args, '--terms-of', 'Monthly', '--due-days', '3')).code, 0)
  // (10.00 of calls + 2 × 5.00 of lines) − 50 % = 10.00, and 21 % of tax.
  assert.equal(await invoicesOf('pl'), [['Lines', '2026-01-01', '2026-02-01', 12.1, 'tollgate invoice']])
  const [row] = await sql`select terms ->> 'dueDays' as days from invoices where client_id = ${client.id}`
  assert.is(row?.days, '3')
})

test('brand and sequence go by name too, and help shows an example', async () => {
  const client = await office.addClient({ language: 'nl' })
  await office.call(client, { day: '2026-01-05' })
  const args = ['--database', databaseUrl, '--month', '2026-01', '--language', 'nl']
  const named = ['--brand', `Telco ${brandId}`, '--sequence', 'main']
  assert.is((await tollgate('invoice', ...args, ...named)).code, 0)
  assert.is((await run(...january, '--language', 'nl', '--sequence', sequenceId)).code, 0)
  assert.is((await invoicesOf('nl')).length, 1)
  const { code, out } = await tollgate('invoice', '--help')
  assert.is(code, 0)
  assert.match(out, '$ tollgate invoice --brand "Telco" --month 2026-10 --dry-run')
})

test.run()
