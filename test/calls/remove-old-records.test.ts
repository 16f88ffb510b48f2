import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { removeOldCalls } from '../../src/calls/retention/remove-old-calls.ts'
import { removeOldRecords } from '../../src/calls/retention/remove-old-records.ts'
import { addDenials } from '../../src/db/calls/denials.ts'
import { upsertGuardEvents } from '../../src/db/guards/guard-events.ts'
import { removeFaultFiles } from '../../src/tariffs/remove-fault-files.ts'
import { newId } from '../../src/uuid.ts'
import { testFolder } from '../servers.ts'
import { aCallOf, type CallDesk, openCallDesk } from './a-call-desk.ts'
import { anOffice, spain, twoDays } from './a-paid-month.ts'

const test = suite('removing old records')
let desk: CallDesk
test.before(async () => {
  desk = await openCallDesk('2026-01-14T10:00:00Z')
})
test.after(() => desk.close())

const number = '34600111222'
const nobody = '00000000-0000-0000-0000-000000000000'
const at = (instant: string) => desk.moveClock((Date.parse(instant) - desk.now()) / 1000)
const remove = (maxAgeDays = 365, log = desk.context.log) =>
  removeOldRecords({ ...desk.context, log, maxAgeDays })

async function aDeadLetter(brandId: string | null, receivedAt: string, redrivenAt: string | null = null) {
  const id = newId()
  await desk.sql`
    insert into dead_letters (id, brand_id, subject, reason, detail, body, received_at, deliveries, redriven_at)
    values (${id}, ${brandId}, 'calls.end', 'invalid_event', '', ${`{"to":"+${number}"}`}, ${receivedAt}, 1, ${redrivenAt})`
  return id
}

async function anImport(brandId: string, createdAt: string, status = 'rejected') {
  const [id, rateDeckId] = [newId(), newId()]
  await desk.sql`
    insert into rate_decks (id, brand_id, name, currency, rounding_mode, rounding_decimals)
    values (${rateDeckId}, ${brandId}, ${rateDeckId}, 'EUR', 'up', 4)`
  await desk.sql`
    insert into imports (id, brand_id, rate_deck_id, mode, dry_run, status, errors, created_at)
    values (${id}, ${brandId}, ${rateDeckId}, 'replace', false, ${status},
            ${`[{"value":"${number}"}]`}::text::jsonb, ${createdAt})`
  return id
}

const idsOf = async (table: 'dead_letters' | 'imports') =>
  (await desk.sql`select id from ${desk.sql(table)}`).map((row) => row.id as string)

test('dead letters go after the days of their brand, those of no brand after the age of all', async () => {
  at('2026-06-01T00:00:00Z')
  const brief = await anOffice(desk, 30)
  const forever = await anOffice(desk, null)
  const long = await anOffice(desk, 3650)
  const gone = [
    await aDeadLetter(brief.brandId, '2026-05-01T23:59:00Z'),
    await aDeadLetter(brief.brandId, '2026-05-01T23:59:00Z', '2026-05-03T00:00:00Z'),
    await aDeadLetter(null, '2025-05-31T00:00:00Z'),
    await aDeadLetter(forever.brandId, '2025-05-31T00:00:00Z'),
    // No brand keeps anything longer than all.
    await aDeadLetter(long.brandId, '2025-05-31T00:00:00Z'),
  ]
  const kept = [
    await aDeadLetter(brief.brandId, '2026-05-02T00:01:00Z'),
    await aDeadLetter(null, '2025-06-02T00:00:00Z'),
    await aDeadLetter(forever.brandId, '2026-05-01T00:00:00Z'),
  ]
  const told: Record<string, unknown>[] = []
  const note = (line: Record<string, unknown>) => told.push(line)
  const removed = await remove(365, { ...desk.context.log, info: note, warn: note })
  assert.is(removed.deadLetters, gone.length)
  assert.equal((await idsOf('dead_letters')).sort(), kept.sort())
  assert.equal(
    told.map(({ event, count, deadLetters }) => [event, count ?? deadLetters]),
    [
      ['records_removed', 5],
      ['open_dead_letters_removed', 4],
    ],
  )
  // Nothing is left to remove, and nothing is told.
  told.length = 0
  await remove(365, { ...desk.context.log, info: note, warn: note })
  assert.equal(told, [])
  assert.is((await remove(7)).deadLetters, kept.length)
})

test('denials of a day go when the local day is over for so long', async () => {
  at('2026-06-10T21:59:00Z')
  const { clientId } = await anOffice(desk, 30)
  const other = await anOffice(desk, null)
  const counted = (clientId: string, day: string) => {
    return { clientId, brandId: null, timeZone: 'UTC', day, reason: 'suspended', count: 3 }
  }
  await addDenials(desk.sql, [
    counted(clientId, '2026-05-10'),
    counted(clientId, '2026-05-11'),
    counted(other.clientId, '2026-05-10'),
    counted(nobody, '2025-06-09'),
    counted(nobody, '2025-06-10'),
  ])
  const days = async (of: string) =>
    (await desk.sql`select day from denials where client_id = ${of} order by day`).map((row) => row.day)
  await remove()
  assert.equal(await days(clientId), ['2026-05-11'])
  assert.equal(await days(nobody), ['2025-06-10'])
  assert.equal(await days(other.clientId), ['2026-05-10'])
  // It is the next day in Madrid, and not yet in UTC.
  at('2026-06-10T22:01:00Z')
  await remove()
  assert.equal(await days(clientId), [])
  assert.equal(await days(nobody), ['2025-06-10'])
})

test('events of guards go after the days of their brand, and after the age of all, since they tripped last', async () => {
  at('2026-06-20T00:00:00Z')
  const brief = await anOffice(desk, 30)
  const forever = await anOffice(desk, null)
  const aGuardEvent = async (
    { brandId, clientId }: { brandId: string; clientId: string },
    lastAt: string,
  ) => {
    const event = {
      id: newId(),
      guardId: newId(),
      guardName: 'Night',
      action: 'deny',
      limitName: 'runningCalls',
    }
    const when = Date.parse(lastAt)
    const times = { hourAt: when - 1000, trippedAt: when - 1000, lastAt: when }
    const counts = { limitValue: '5', currency: null, refused: 2, spent: null }
    await upsertGuardEvents(desk.sql, [{ ...event, brandId, clientId, ...times, ...counts }])
    return event.id
  }
  const kept = [
    await aGuardEvent(brief, '2026-05-21T00:01:00Z'),
    await aGuardEvent(forever, '2025-06-21T00:00:00Z'),
  ]
  await aGuardEvent(brief, '2026-05-20T23:59:00Z')
  await aGuardEvent(forever, '2025-06-19T00:00:00Z')
  assert.is((await remove()).guardEvents, 2)
  assert.equal((await desk.sql`select id from guard_events`).map(({ id }) => id).sort(), kept.sort())
})

test('imports go with their faults, in the record and in the folder; those that run stay', async () => {
  at('2026-07-01T00:00:00Z')
  const { brandId } = await anOffice(desk, 30)
  const old = await anImport(brandId, '2026-05-01T00:00:00Z')
  const running = await anImport(brandId, '2026-05-01T00:00:00Z', 'running')
  const young = await anImport(brandId, '2026-06-15T00:00:00Z')
  const folder = testFolder()
  const lists = join(folder, 'faults', newId())
  mkdirSync(lists, { recursive: true })
  const fileOf = (id: string) => join(lists, `${id}.errors.csv`)
  for (const id of [old, running, young]) writeFileSync(fileOf(id), `line,value\n1,${number}\n`)
  // Of an import that is being received: no record of it is there yet.
  writeFileSync(join(folder, `${newId()}.csv`), 'prefix,rate\n')
  writeFileSync(join(folder, 'notes.errors.csv'), 'not ours\n')
  const others = readdirSync(folder).length
  assert.is(await removeFaultFiles(desk.sql, folder), 0)

  assert.is((await remove()).imports, 1)
  assert.equal((await idsOf('imports')).sort(), [running, young].sort())
  assert.is(await removeFaultFiles(desk.sql, folder), 1)
  assert.equal(
    [old, running, young].map((id) => existsSync(fileOf(id))),
    [false, true, true],
  )
  assert.is(readdirSync(folder).length, others)
  assert.is(await removeFaultFiles(desk.sql, join(folder, 'not-there')), 0)
})

test('a conflict of a removed call goes by the age of all where its brand keeps calls for ever since', async () => {
  at('2026-08-14T10:00:00Z')
  const office = await anOffice(desk)
  await desk.sql`
    insert into removed_calls (client_id, call_id, removed_at) values (${office.clientId}, 'spain', now())`
  await desk.sql`
    insert into call_conflicts (id, client_id, call_id, half, digest, body, received_at)
    values (${newId()}, ${office.clientId}, 'spain', 'end', 'digest', ${`{"to":"+${number}"}`}, '2026-08-14T10:00:00Z')`
  await desk.sql`update brands set retention_days = null where id = ${office.brandId}`
  const conflicts = async () =>
    (await desk.sql`select 1 from call_conflicts where client_id = ${office.clientId}`).length
  assert.is(await conflicts(), 1)
  at('2027-08-14T09:00:00Z')
  assert.is((await remove()).conflicts, 0)
  at('2027-08-14T11:00:00Z')
  await removeOldCalls(desk.context)
  assert.is((await remove()).conflicts, 1)
  assert.is(await conflicts(), 0)
})

test('what an unpaid call is contradicted by stays with it', async () => {
  at('2027-09-01T10:00:00Z')
  const office = await anOffice(desk)
  await twoDays(desk, office)
  await desk.settle(aCallOf(office.clientId, 'spain', { ...spain, seconds: 600 }).end)
  at('2029-09-01T10:00:00Z')
  await removeOldCalls(desk.context)
  assert.is((await remove()).conflicts, 0)
  assert.is((await desk.sql`select 1 from call_conflicts where client_id = ${office.clientId}`).length, 1)
})

test.run()
