import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { removeOldCalls } from '../../src/calls/retention/remove-old-calls.ts'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import type { UsageGroup } from '../../src/db/reports/report-usage.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { newId } from '../../src/uuid.ts'
import { countRemovedCalls } from '../../src/verify/count-removed-calls.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'
import { anOffice, spain, twoDays, unanswered, usageOfJanuary } from './a-paid-month.ts'

const test = suite('removing old calls')
let desk: CallDesk
test.before(async () => {
  desk = await openCallDesk('2026-01-14T10:00:00Z')
})
test.after(() => desk.close())

const day = 86_400
/** The clock of all tests goes on; each begins where the calls of January are past their retention. */
async function at(instant: string) {
  desk.moveClock((Date.parse(instant) - desk.now()) / 1000)
}

async function differences() {
  const found: string[] = []
  for await (const { check, differences } of verifyBooks(desk.context.db, {
    from: null,
    before: null,
    pricesPerClient: null,
  })) {
    found.push(...differences.map(({ detail }) => `${check.id} ${check.name}: ${detail}`))
  }
  return found
}

test('an unpaid call stays however old it is, a paid one goes when its retention is over', async () => {
  await at('2026-01-14T10:00:00Z')
  const office = await anOffice(desk)
  await twoDays(desk, office)
  const invoice = await office.issue('2026-01-01', '2026-01-12')
  await at('2026-03-01T10:00:00Z')
  // What nobody answered was never to be paid.
  assert.is(await removeOldCalls(desk.context), 1)
  assert.equal(await office.remaining(), ['late', 'spain', 'uk'])

  await office.pay(invoice.id, '0.10')
  assert.is(await removeOldCalls(desk.context), 0)
  await office.pay(invoice.id, '0.11')
  assert.is(await removeOldCalls(desk.context), 2)
  // The 13th is on no invoice.
  assert.equal(await office.remaining(), ['late'])
  assert.is(await removeOldCalls(desk.context), 0)
})

test("the local day of the call has to be over for the brand's days, and no day less", async () => {
  await at('2026-01-14T10:00:00Z')
  const office = await anOffice(desk, 30)
  await twoDays(desk, office)
  const invoice = await office.issue('2026-01-01', '2026-01-12')
  await office.pay(invoice.id, '0.21')
  // The 10th of January ended in Madrid at 23:00 UTC.
  await at('2026-02-09T22:59:00Z')
  assert.is(await removeOldCalls(desk.context), 0)
  await at('2026-02-09T23:01:00Z')
  assert.is(await removeOldCalls(desk.context), 3)
})

test('a brand without retention keeps every call', async () => {
  await at('2026-01-14T10:00:00Z')
  const office = await anOffice(desk, null)
  await twoDays(desk, office)
  const invoice = await office.issue('2026-01-01', '2026-01-12')
  await office.pay(invoice.id, '0.21')
  await at('2036-01-01T00:00:00Z')
  await removeOldCalls(desk.context)
  assert.equal(await office.remaining(), ['late', 'nobody', 'spain', 'uk'])
})

async function withRemovedCalls() {
  await at('2026-01-14T10:00:00Z')
  const office = await anOffice(desk)
  await twoDays(desk, office)
  const invoice = await office.issue('2026-01-01', '2026-01-12')
  await office.pay(invoice.id, '0.21')
  const before = {
    byDestination: await usageOfJanuary(desk, office, [{ by: 'destination' }]),
    balance: await desk.account(office.clientId),
    movements: await desk.movements(office.clientId),
    usage: await desk.usage(office.clientId),
  }
  await at('2026-03-01T10:00:00Z')
  await removeOldCalls(desk.context)
  assert.equal(await office.remaining(), ['late'])
  return { office, invoice, before }
}

test('balance, movements, days and the report by destination stay as they were, the unanswered call counted', async () => {
  const { office, before } = await withRemovedCalls()
  assert.equal(await desk.account(office.clientId), before.balance)
  assert.equal(await desk.movements(office.clientId), before.movements)
  assert.equal(await desk.usage(office.clientId), before.usage)
  assert.equal(await usageOfJanuary(desk, office, [{ by: 'destination' }]), before.byDestination)
})

test('a report by what only details know has the rest in a row without a name, and the same sum', async () => {
  const { office } = await withRemovedCalls()
  const rows = (await usageOfJanuary(desk, office, [{ by: 'hour' }])) as unknown[][]
  // hour, currency, calls, answered, seconds, billed seconds, amount
  assert.equal(
    rows.map((row) => row.slice(0, 7).map((cell) => (cell === null ? null : String(cell)))),
    [
      ['10', 'EUR', '1', '1', '30', '30', '0.030000'],
      [null, 'EUR', '3', '2', '90', '90', '0.170000'],
    ],
  )
})

test('a report by country keeps removed calls in their country; which one nobody answered in is gone', async () => {
  const { office } = await withRemovedCalls()
  for (const groups of [[{ by: 'country' }], [{ by: 'country' }, { by: 'client' }]] as UsageGroup[][]) {
    const rows = (await usageOfJanuary(desk, office, groups)) as unknown[][]
    const sums = rows.map((row) => [row[0], ...row.slice(groups.length === 1 ? 1 : 3).slice(0, 6)])
    // country, currency, calls, answered, seconds, billed seconds, amount
    assert.equal(
      sums.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
      [
        ['ES', 'EUR', '2', '2', '90', '90', '0.090000'],
        ['GB', 'EUR', '1', '1', '30', '30', '0.110000'],
        [null, 'EUR', '1', '0', '0', '0', '0'],
      ],
    )
  }
})

test('no event about a removed call charges it again: repeats do nothing, others are kept as conflicts', async () => {
  const { office, before } = await withRemovedCalls()
  const { clientId } = office
  const again = aCallOf(clientId, 'spain', spain)
  await desk.settle(again.start, again.end)
  await desk.settle(unanswered(clientId, 'nobody'))
  await desk.settle(anEvent({ kind: 'alive', client: clientId, callId: 'spain', at: desk.now() }))
  const conflicts = () =>
    desk.sql`select call_id, half from call_conflicts where client_id = ${clientId} order by call_id, half`
  assert.equal([...(await conflicts())], [])

  const longer = aCallOf(clientId, 'spain', { ...spain, seconds: 600 })
  await desk.settle(longer.end, aCallOf(clientId, 'uk', spain).start)
  assert.equal(
    (await conflicts()).map(({ call_id, half }) => `${call_id} ${half}`),
    ['spain end', 'uk start'],
  )
  assert.equal(await office.remaining(), ['late'])
  assert.equal(await desk.movements(clientId), before.movements)
  assert.equal(await desk.account(clientId), before.balance)
  assert.equal(await desk.deadLetters(), [])

  // They name numbers, too: they go when they are as old.
  desk.moveClock(31 * day)
  await removeOldCalls(desk.context)
  assert.equal([...(await conflicts())], [])
})

test('a conflict cannot be taken from a call that is kept', async () => {
  await at('2026-01-14T10:00:00Z')
  const office = await anOffice(desk)
  await twoDays(desk, office)
  await desk.settle(aCallOf(office.clientId, 'spain', { ...spain, seconds: 600 }).end)
  let refusal = ''
  await desk.sql`delete from call_conflicts where client_id = ${office.clientId}`.catch((error) => {
    refusal = error.code
  })
  assert.is(refusal, '23001')
})

test('its id is not granted again', async () => {
  const { office } = await withRemovedCalls()
  await desk.sql`update clients set max_calls = 4 where id = ${office.clientId}`
  await desk.refresh()
  let refusal: unknown
  await desk.authorize({ client: office.clientId, callId: 'spain' }).catch((error) => {
    refusal = error
  })
  assert.match(String(refusal), /that call has ended/)
})

test('verification still proves the sums, and says how many calls it knows by their sums alone', async () => {
  const { office } = await withRemovedCalls()
  assert.equal(await differences(), [])
  assert.ok((await countRemovedCalls(desk.context.db, { from: '2026-01-10', before: '2026-01-11' })) >= 3)
  assert.is(await countRemovedCalls(desk.context.db, { from: '2025-01-01', before: '2026-01-10' }), 0)

  // A sum that was changed is still found.
  await desk.sql`
    update call_rollups set amount = amount + 1 where client_id = ${office.clientId} and destination = 'United Kingdom'`
  const found = (await differences()).join('\n')
  await desk.sql`
    update call_rollups set amount = amount - 1 where client_id = ${office.clientId} and destination = 'United Kingdom'`
  assert.match(
    found,
    /I6 call-rollups: the sum of "United Kingdom" on 2026-01-10 .* of 1\.11, the calls themselves are 1 of 0\.11/,
  )
})

test('the list of calls of an old invoice has a row for each, without numbers, and its sum', async () => {
  const { office, invoice } = await withRemovedCalls()
  const rows = await office.csv(invoice.id)
  assert.equal(rows, [
    'call_id,answered_at,from,to,destination,duration_seconds,billed_seconds,price,currency,time_zone',
    'spain,,,,Spain mobile,60,60,0.06,EUR,UTC',
    'uk,,,,United Kingdom,30,30,0.11,EUR,UTC',
  ])
})

test('what is left names no number', async () => {
  const { office } = await withRemovedCalls()
  const rows =
    await desk.sql`select to_jsonb(r)::text as row from removed_calls r where client_id = ${office.clientId}`
  assert.is(rows.length, 3)
  for (const { row } of rows) assert.not.match(row, /346001|44207|34911/)
})

test('another tenant does not see what is left', async () => {
  const { office } = await withRemovedCalls()
  const api = openDatabase(desk.databaseUrl, { role: 'tollgate_api', connections: 1 })
  const count = (brandId: string) =>
    asTenant(api, { role: 'brand', brandId, clientId: null }, async (tx) => {
      const rows = await tx.execute<{ count: string }>('select count(*) from removed_calls')
      return Number(rows[0]?.count)
    })
  assert.is(await count(office.brandId), 3)
  assert.is(await count(newId()), 0)
  await closeDatabase(api)
})

test.run()
