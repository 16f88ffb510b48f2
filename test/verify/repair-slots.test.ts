import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { listAuditLog } from '../../src/db/identities/audit-log.ts'
import { asTenant, platformTenant } from '../../src/db/tenant.ts'
import { aCallOf, type CallDesk, openCallDesk } from '../calls/a-call-desk.ts'
import { tollgate } from '../cli/run.ts'

const test = suite('tollgate verify --repair slots')
let desk: CallDesk
let brandId: string
let clientId: string

test.before.each(async () => {
  desk = await openCallDesk('2026-01-14T10:00:00Z')
  brandId = await desk.aBrand({ maxCalls: 2 })
  clientId = await desk.aClient(brandId, { ratingPlanId: await desk.aPlan(brandId), maxCalls: 2 })
  await desk.refresh()
})
test.after.each(() => desk.close())

async function counters(): Promise<[client: number, brand: number]> {
  const [row] = await desk.sql`
    select a.running_calls as client, b.running_calls as brand
    from accounts a, brand_counters b
    where a.client_id = ${clientId} and b.brand_id = ${brandId}`
  return [row?.client, row?.brand]
}

async function repair(...more: string[]) {
  const told = await tollgate(
    '--json',
    'verify',
    '--repair',
    'slots',
    '--only',
    'I7',
    '--database',
    desk.databaseUrl,
    ...more,
  )
  return { code: told.code, ...JSON.parse(told.out) }
}

async function auditRows() {
  const api = openDatabase(desk.databaseUrl, { role: 'tollgate_api', connections: 1 })
  try {
    const all = {
      brandId: undefined,
      clientId: undefined,
      resource: undefined,
      resourceId: undefined,
      action: undefined,
      actor: 'tollgate verify',
      requestId: undefined,
      from: undefined,
      to: undefined,
    }
    const asked = { filter: all, afterSeq: null, direction: 'ascending', limit: 10 } as const
    const rows = await asTenant(api, platformTenant, (tx) => listAuditLog(tx, asked))
    return rows.map((row) => [row.resource, row.resourceId, row.brandId, row.clientId, row.before, row.after])
  } finally {
    await closeDatabase(api)
  }
}

test('counters that are too high deny, and are set to what the calls hold, with an audit entry each', async () => {
  await desk.authorize({ client: clientId, callId: 'running' })
  await desk.sql`update calls set expires_at = now() + interval '1 hour'`
  await desk.sql`update accounts set running_calls = 2 where client_id = ${clientId}`
  await desk.sql`update brand_counters set running_calls = 5 where brand_id = ${brandId}`
  assert.is((await desk.authorize({ client: clientId, callId: 'denied' })).allowed, false)

  const { code, ok, repaired } = await repair()
  assert.equal([code, ok], [0, true])
  assert.equal(repaired, [
    { of: 'client', id: clientId, before: 2, after: 1 },
    { of: 'brand', id: brandId, before: 5, after: 1 },
  ])
  assert.equal(await counters(), [1, 1])
  assert.equal(await auditRows(), [
    ['accounts', clientId, brandId, clientId, { running_calls: 2 }, { running_calls: 1 }],
    ['brand-counters', brandId, brandId, null, { running_calls: 5 }, { running_calls: 1 }],
  ])
  assert.is((await desk.authorize({ client: clientId, callId: 'granted' })).allowed, true)
})

test('a call that is over lets go of its slot', async () => {
  await desk.authorize({ client: clientId, callId: 'over' })
  await desk.settle(aCallOf(clientId, 'over').end)
  await desk.sql`update calls set holds_client_slot = true, holds_brand_slot = true`
  await desk.sql`update accounts set running_calls = 1 where client_id = ${clientId}`
  await desk.sql`update brand_counters set running_calls = 1 where brand_id = ${brandId}`
  const { code, repaired } = await repair()
  assert.is(code, 0)
  assert.is(repaired.length, 2)
  assert.equal(await counters(), [0, 0])
})

test('counters that are right stay, without an entry', async () => {
  await desk.authorize({ client: clientId, callId: 'running' })
  await desk.sql`update calls set expires_at = now() + interval '1 hour'`
  const { code, repaired } = await repair()
  assert.equal([code, repaired], [0, []])
  assert.equal(await counters(), [1, 1])
  assert.equal(await auditRows(), [])
})

test('calls that begin and end meanwhile are counted right', async () => {
  await desk.sql`update accounts set running_calls = 1 where client_id = ${clientId}`
  const turns = Array.from({ length: 12 }, (_, n) => n)
  const calls = async () => {
    for (const n of turns) {
      await desk.authorize({ client: clientId, callId: `call ${n}` })
      await desk.settle(aCallOf(clientId, `call ${n}`).end)
    }
  }
  const repairs = async () => {
    for (const _ of turns) await repair()
  }
  await Promise.all([calls(), repairs()])
  await repair()
  assert.equal(await counters(), [0, 0])
})

test('another word is a wrong call', async () => {
  const { code, error } = await tollgate('verify', '--repair', 'money', '--database', desk.databaseUrl)
  assert.is(code, 2)
  assert.match(error, /slots/)
})

test.run()
