import { connect } from 'nats'
import { Registry } from 'prom-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { startBacklogWatch } from '../../src/process/watch-backlogs.ts'
import { type Answer, aService } from '../contract/a-service.ts'
import { startTestNats, testDatabaseUrl } from '../servers.ts'
import { until } from '../until.ts'

const test = suite('what waits is seen')

test('ages of outbox and mails, held events and returned batches', async () => {
  const db = openDatabase(await testDatabaseUrl(), { role: 'tollgate_worker', connections: 1 })
  const metrics = new Registry()
  const log = { info() {}, warn() {}, error() {} }
  const consumer = { state: () => ({ held: 7, failures: 3 }) }
  const backlogs = startBacklogWatch({ db, consumer, metrics, log, everyMs: 10 })
  assert.equal(backlogs.details(), {
    eventsHeld: 7,
    batchesReturned: 3,
    outboxAgeSeconds: 0,
    mailAgeSeconds: 0,
  })
  const sql = db.$client
  await sql`
    insert into outbox (id, subject, body, created_at, published_at) values
      (gen_random_uuid(), 'x', '{}', now() - interval '3 hours', now()),
      (gen_random_uuid(), 'x', '{}', now() - interval '2 hours', null)`
  await sql`
    insert into mails (id, kind, source, brand_id, recipient, content, status, next_attempt_at, created_at) values
      (gen_random_uuid(), 'invoice', 'a', gen_random_uuid(), 'a@b.example', '{}', 'sent', now(), now() - interval '9 hours'),
      (gen_random_uuid(), 'invoice', 'b', gen_random_uuid(), 'a@b.example', '{}', 'pending', now(), now() - interval '1 hour')`
  await until('both are seen', () => (backlogs.details().mailAgeSeconds ?? 0) > 0)
  const { outboxAgeSeconds = 0, mailAgeSeconds = 0 } = backlogs.details()
  assert.ok(outboxAgeSeconds >= 7200 && outboxAgeSeconds < 10_800, String(outboxAgeSeconds))
  assert.ok(mailAgeSeconds >= 3600 && mailAgeSeconds < 7200, String(mailAgeSeconds))
  const shown = await metrics.metrics()
  for (const line of [/^tollgate_call_events_held 7$/m, /^tollgate_call_batches_returned_total 3$/m]) {
    assert.match(shown, line)
    assert.match(await metrics.metrics(), line)
  }
  await sql`update outbox set published_at = now()`
  await until('nothing waits', () => backlogs.details().outboxAgeSeconds === 0)
  await backlogs.close()
  await closeDatabase(db)
})

test('a database that answers and settles nothing makes events red, not authorizations', async () => {
  const nats = await startTestNats()
  const service = await aService({ natsUrl: nats.url })
  const ready = (role: string): Promise<Answer> => service.send('GET', `/readyz?role=${role}`)
  const well = await ready('all')
  assert.is(well.status, 200)
  assert.is(well.body.checks.events, 'ok')
  assert.equal(Object.keys(well.body.details).sort(), [
    'batchesReturned',
    'eventsHeld',
    'mailAgeSeconds',
    'outboxAgeSeconds',
  ])
  // As with a full disk: reads go on, what is written is refused.
  const sql = openDatabase(service.databaseUrl, { role: 'tollgate_worker', connections: 1 })
  await sql.$client`set role none`
  await sql.$client`
    create function refuse() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`
  await sql.$client`create trigger refuse before insert on dead_letters execute function refuse()`
  const engine = await connect({ servers: nats.url })
  await engine.jetstream().publish('calls.end', '{')
  const red = await until('events are red', async () => {
    const answer = await ready('events')
    return answer.status === 503 && answer
  })
  assert.match(red.body.checks.events, /^given back \d+ times: could not extend file/)
  assert.is((await ready('authorize')).status, 200)
  await sql.$client`drop trigger refuse on dead_letters`
  await until('events are well', async () => (await ready('events')).status === 200)
  await engine.close()
  await closeDatabase(sql)
  await service.close()
})

test.run()
