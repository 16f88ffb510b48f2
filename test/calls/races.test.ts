import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { postMovement } from '../../src/accounts/post-movement.ts'
import { Authorizer } from '../../src/calls/authorize/authorize-calls.ts'
import { releaseGrant } from '../../src/calls/authorize/release-grant.ts'
import type { CallsContext } from '../../src/calls/calls-context.ts'
import { ChangedClients } from '../../src/calls/running/changed-clients.ts'
import { meterCalls } from '../../src/calls/running/meter-calls.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { anEvent, type CallDesk, noLegFacts, openCallDesk } from './a-call-desk.ts'

const test = suite('two replicas on one balance')
let desk: CallDesk
let replicas: { context: CallsContext; authorizer: Authorizer; changed: ChangedClients }[]
const pools: ReturnType<typeof openDatabase>[] = []

test.before(async () => {
  desk = await openCallDesk()
  replicas = [1, 2].map(() => {
    const db = openDatabase(desk.databaseUrl, { role: 'tollgate_worker', connections: 3 })
    const authorizations = openDatabase(desk.databaseUrl, {
      role: 'tollgate_worker',
      connections: 2,
      // A shared machine may be slow; here nobody is to be answered by the failure policy.
      lockTimeoutMs: 2000,
      synchronousCommit: 'off',
    })
    pools.push(db, authorizations)
    const context: CallsContext = { ...desk.context, db, authorizationSql: authorizations.$client }
    return { context, authorizer: new Authorizer(context), changed: new ChangedClients(desk.configuration) }
  })
})
test.after(async () => {
  for (const { authorizer } of replicas) await authorizer.close()
  for (const pool of pools) await closeDatabase(pool)
  await desk.close()
})

function replicaOf(number: number) {
  const replica = replicas[number % replicas.length]
  if (!replica) throw new Error('no replica')
  return replica
}

async function authorize(replica: number, client: string, callId: string) {
  const now = desk.now()
  const leg = { client, callId, direction: 'outbound' as const, from: null, to: '+34600111222' }
  return replicaOf(replica).authorizer.authorize(
    { ...leg, ...noLegFacts, sourceIp: null, toClient: null, fromClient: null, at: now },
    { brandId: null, deadlineAt: now + 60_000 },
  )
}

const rounds = 25

test(`200 parallel authorizations on money for 73 first increments: exactly 73 in each of ${rounds} rounds`, async () => {
  const brandId = await desk.aBrand()
  const steps = [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 60 }]
  const ratingPlanId = await desk.aPlan(brandId, { steps })
  const clients: string[] = []
  for (let round = 0; round < rounds; round++) {
    clients.push(await desk.aClient(brandId, { ratingPlanId, billingMethod: 'prepaid', balance: '4.38' }))
  }
  await desk.refresh()
  for (const client of clients) {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => authorize(i, client, `race ${i}`)),
    )
    assert.is(answers.filter((answer) => answer.allowed).length, 73)
    const reasons = new Set(answers.map((answer) => ('reason' in answer ? answer.reason : 'granted')))
    assert.equal([...reasons].sort(), ['granted', 'insufficient_balance'])
    assert.equal(await desk.account(client), { balance: '4.38', reserved: '4.38', running_calls: 0 })
  }
})

test('the same call asked of both replicas at once is one grant and one reservation', async () => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '1' })
  const answers = await Promise.all([0, 1, 0, 1].map((replica) => authorize(replica, clientId, 'one')))
  assert.ok(answers.every((answer) => answer.allowed))
  assert.is((await desk.account(clientId)).reserved, '0.06')
})

const ofCalls = ['authorize', 'start', 'answer', 'alive', 'end', 'repeat', 'hand-back'] as const

type Step =
  | { what: (typeof ofCalls)[number]; call: number; replica: number }
  | { what: 'top-up' | 'wait' | 'meter' | 'expire'; replica: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constantFrom(...ofCalls),
      call: fc.nat(5),
      replica: fc.nat(1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('top-up' as const, 'wait' as const, 'meter' as const, 'expire' as const),
      replica: fc.nat(1),
    }),
  },
)

test('any interleaving over two replicas keeps the books, and only an overrun goes below zero', async () => {
  let run = 0
  const property = fc.asyncProperty(
    fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 14 }),
    async (story) => {
      run++
      const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.2', maxCalls: 3 })
      const began = new Map<number, number>()
      const sent: ReturnType<typeof anEvent>[] = []
      const beginning = (call: number) => {
        if (!began.has(call)) began.set(call, desk.now())
        return began.get(call) ?? 0
      }
      const perform = async (one: Step): Promise<unknown> => {
        const { context, changed } = replicaOf(one.replica)
        const settle = (...events: ReturnType<typeof anEvent>[]) => {
          sent.push(...events)
          return settleCalls(context, { events, undeliverable: [] })
        }
        switch (one.what) {
          case 'authorize':
            return authorize(one.replica, clientId, `call ${one.call}`).catch(() => {})
          case 'start': {
            const startedAt = beginning(one.call)
            return settle(anEvent({ kind: 'start', client: clientId, callId: `call ${one.call}`, startedAt }))
          }
          case 'answer': {
            const answeredAt = beginning(one.call)
            return settle(
              anEvent({ kind: 'answer', client: clientId, callId: `call ${one.call}`, answeredAt }),
            )
          }
          case 'end': {
            const startedAt = beginning(one.call)
            const callId = `call ${one.call}`
            const times = { startedAt, answeredAt: startedAt, endedAt: desk.now() }
            return settle(anEvent({ kind: 'end', client: clientId, callId, ...times }))
          }
          case 'alive':
            return settle(
              anEvent({ kind: 'alive', client: clientId, callId: `call ${one.call}`, at: desk.now() }),
            )
          case 'repeat':
            // The same messages again, on whichever replica, two of them in one batch.
            return settle(...sent.slice(one.call, one.call + 2))
          case 'hand-back':
            return releaseGrant(context, { clientId, callId: `call ${one.call}` })
          case 'top-up':
            return context.db.transaction((tx) =>
              postMovement(tx, {
                clientId,
                kind: 'top-up',
                amount: '0.05',
                reference: null,
                actor: 'test',
                idempotencyKey: null,
                now: desk.now(),
              }),
            )
          case 'wait':
            return desk.moveClock(25)
          case 'meter':
            return meterCalls(context, changed)
          case 'expire':
            return expireCalls(context)
        }
      }
      for (const together of story) {
        await Promise.all(together.map(perform))
        await checkBooks(clientId)
      }
    },
  )
  await fc.assert(property, { numRuns: 40, seed: 20260114 })
  assert.ok(run >= 40)
})

/** Balance = Σ movements, an unbroken chain, reservations = those of the calls, prices = what was charged. */
async function checkBooks(clientId: string): Promise<void> {
  const [books] = await desk.sql`
    select a.balance = coalesce((select sum(amount) from movements m where m.client_id = a.client_id), 0) as adds_up,
           a.reserved = coalesce((select sum(reserved) from calls c where c.client_id = a.client_id), 0) as reserved,
           a.reserved = coalesce((select sum(reserved) from daily_usage d where d.client_id = a.client_id), 0) as days,
           a.running_calls = (select count(*) from calls c
                              where c.client_id = a.client_id and holds_client_slot) as slots,
           coalesce((select sum(price) from calls c where c.client_id = a.client_id), 0)
             = -coalesce((select sum(amount) from movements m
                          where m.client_id = a.client_id and call_id is not null), 0) as charged,
           coalesce((select sum(price) from calls c where c.client_id = a.client_id), 0)
             = coalesce((select sum(amount) from daily_usage d where d.client_id = a.client_id), 0) as used,
           coalesce((select sum(price) from calls c where c.client_id = a.client_id), 0)
             = coalesce((select sum(amount) from call_rollups r where r.client_id = a.client_id), 0) as rolled_up,
           not exists (
             select 1 from (
               select seq, balance_after, amount,
                      lag(balance_after, 1, 0) over (order by seq) as before,
                      row_number() over (order by seq) as n
               from movements m where m.client_id = a.client_id
             ) chain
             where balance_after <> before + amount or seq <> n
           ) as chain,
           not exists (
             select 1 from movements m
             where m.client_id = a.client_id and kind = 'charge' and balance_after < 0
           ) as floor
    from accounts a where a.client_id = ${clientId}`
  assert.equal({ ...books }, Object.fromEntries(Object.keys(books ?? {}).map((name) => [name, true])))
}

test.run()
