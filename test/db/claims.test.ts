/**
 * Rows that replicas claim: exactly as many as were asked for, whatever plan PostgreSQL makes. In `in (select … limit …
 * for update skip locked)` it may look for the rows once per outer row, past those that it has locked itself.
 */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase, type Sql } from '../../src/db/connection.ts'
import { claimMails } from '../../src/db/messages/mails.ts'
import { claimReportPeriod } from '../../src/db/reports/report-schedule-periods.ts'
import { testDatabaseUrl } from '../servers.ts'

const test = suite('claims of rows')
/** As the owner, who may write schedules. */
const databaseUrl = await testDatabaseUrl()
const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
const worker = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 1 })
const brandId = randomUUID()
const due = Date.parse('2026-01-14T10:00:00Z')

test.before(async () => {
  await sql`
    insert into brands (id, name, currency, time_zone, language) values (${brandId}, 'Brand', 'EUR', 'UTC', 'en')`
})
test.after(async () => {
  await sql.end()
  await closeDatabase(worker)
})

/** A subquery that is not kept is run for each row of the table that is compared with it. */
async function underNestedLoops<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result> {
  const tx = await worker.$client.reserve()
  try {
    await tx`begin`
    for (const way of ['hashagg', 'hashjoin', 'mergejoin', 'material', 'memoize', 'sort', 'indexscan']) {
      await tx.unsafe(`set local enable_${way} = off`)
    }
    const result = await work(tx)
    await tx`commit`
    return result
  } finally {
    tx.release()
  }
}

test('20 of 60 mails are claimed, not one more', async () => {
  const ids = Array.from({ length: 60 }, () => randomUUID())
  await sql`
    insert into mails (id, kind, source, brand_id, recipient, content, next_attempt_at, created_at)
    select id, 'low-balance', id::text, ${brandId}, 'a@example.com', '{}', now() - interval '1 year', now()
    from unnest(${ids}::uuid[]) as id`
  const claimed = await underNestedLoops((tx) =>
    claimMails(tx, { now: Date.now(), leaseMs: 1000, limit: 20 }),
  )
  assert.is(claimed.length, 20)
  const [counted] = await sql`select count(*)::int as attempted from mails where attempts > 0`
  assert.is(counted?.attempted, 20)
})

test('one of twelve report periods is claimed', async () => {
  const schedules = Array.from({ length: 12 }, () => randomUUID())
  for (const id of schedules) {
    await sql`
      insert into report_schedules (id, brand_id, name, report, format, flavour, unit, first_day, emails, created_at)
      values (${id}, ${brandId}, ${id}, 'calls', 'csv', 'plain', 'day', '2026-01-01', array['a@example.com'], now())`
    await sql`
      insert into report_schedule_periods (schedule_id, index, period_from, period_to, next_attempt_at)
      values (${id}, 0, '2026-01-01', '2026-01-02', '2026-01-02T01:00:00Z')`
  }
  const claimed = await underNestedLoops((tx) => claimReportPeriod(tx, { now: due, leaseMs: 1000 }))
  assert.ok(claimed)
  const [counted] = await sql`
    select count(*)::int as attempted from report_schedule_periods where attempts > 0`
  assert.is(counted?.attempted, 1)
})

const src = fileURLToPath(new URL('../../src', import.meta.url))
/** A query with `for update` and a limit in parentheses that a materialized `with` has not opened. */
const lockedSubquery = /(\S+) \(\s*select\b(?:(?!\bselect\b)[^`])*?\bfor (?:no key )?update\b/gi

test('no query locks rows in a subquery that may run more than once', () => {
  const found: string[] = []
  for (const name of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue
    for (const [text, word] of withoutInnerQueries(readFileSync(join(src, name), 'utf8')).matchAll(
      lockedSubquery,
    )) {
      if (word?.toLowerCase() !== 'materialized') found.push(`${name}: ${text.slice(0, 80)}`)
    }
  }
  assert.equal(found, [])
})

/** Parentheses that hold none themselves and lock nothing are no part of the pattern. */
function withoutInnerQueries(text: string): string {
  const shorter = text.replaceAll(/\((?:(?!for (?:no key )?update)[^()`])*\)/gi, '…')
  return shorter === text ? text : withoutInnerQueries(shorter)
}

test('the pattern is known when it comes back', () => {
  const back = `update mails set attempts = 1 where id in (
      select id from mails where id <> all(\${except}::uuid[]) and exists (select 1 from brands)
      limit 5
      for update skip locked)`
  assert.is([...withoutInnerQueries(back).matchAll(lockedSubquery)].length, 1)
})

test.run()
