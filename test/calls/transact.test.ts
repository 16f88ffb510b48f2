import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Call } from '../../src/calls/call.ts'
import type { CallsContext } from '../../src/calls/calls-context.ts'
import { transact } from '../../src/calls/transact.ts'
import { callKey } from '../../src/db/calls/calls.ts'
import { makeFact } from '../../src/ledger/fact.ts'
import { Decimal } from '../../src/money.ts'
import { type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('transact')

let desk: CallDesk
test.before(async () => {
  desk = await openCallDesk()
})
test.after(() => desk.close())

/** A granted call that holds a slot, and a context that notes what follows a commit. */
async function aGrant() {
  const { clientId } = await desk.aCaller({ maxCalls: 1 })
  await desk.authorize({ client: clientId, callId: 'a' })
  const told: unknown[] = []
  const ended: string[] = []
  const context: CallsContext = {
    ...desk.context,
    onCommitted: (what) => told.push(what),
    onEnded: ({ callId }: Call) => ended.push(callId),
  }
  return { clientId, key: { clientId, callId: 'a' }, context, told, ended }
}

test('writes what has changed, then tells of it', async () => {
  const { clientId, key, context, told, ended } = await aGrant()
  await transact(context, { calls: [key] }, ({ ledger, calls, changed, over }) => {
    const call = calls.get(callKey(key))
    if (!call) throw new Error('the grant is not there')
    ledger.release(call)
    call.status = 'unanswered'
    ledger.appendFact(makeFact('billing.calls.priced', clientId, {}, ledger.now))
    changed.add(call)
    over.add(call)
  })
  assert.is((await desk.call(clientId, 'a'))?.status, 'unanswered')
  assert.is((await desk.account(clientId)).running_calls, 0)
  assert.equal(told, [{ facts: true, mails: false }])
  assert.equal(ended, ['a'])
  assert.is(await desk.counted('calls_total{status="unanswered"}'), 1)
})

test('where the commit fails nothing is written, told, or used up', async () => {
  const { clientId, key, context, told, ended } = await aGrant()
  const failed = transact(context, { calls: [key] }, ({ ledger, calls, changed, alsoWrite }) => {
    const call = calls.get(callKey(key))
    if (!call) throw new Error('the grant is not there')
    ledger.release(call)
    ledger.post(context.configuration.getClient(clientId), {
      kind: 'adjustment',
      source: 'test',
      amount: new Decimal(-1),
    })
    ledger.appendFact(makeFact('billing.calls.priced', clientId, {}, ledger.now))
    call.status = 'unanswered'
    changed.add(call)
    alsoWrite((tx) => tx`select 1 / 0`.execute())
  })
  await failed.then(
    () => assert.unreachable('it was committed'),
    (error) => assert.match(String(error), /division by zero/),
  )
  assert.is((await desk.call(clientId, 'a'))?.status, 'authorized')
  assert.equal(await desk.account(clientId), { balance: '0', reserved: '0', running_calls: 1 })
  assert.equal(await desk.movements(clientId), [])
  assert.equal([told, ended], [[], []])
})

test('decides by the configuration that the database has, however old the one in memory was', async () => {
  const { clientId, key, context } = await aGrant()
  await desk.sql`update clients set name = 'newest' where id = ${clientId}`
  const name = await transact(context, { calls: [key] }, () => context.configuration.getClient(clientId).name)
  assert.is(name, 'newest')
})

test('an account that is held for long is left out where the use case asks for it, else the work fails', async () => {
  const { key, context } = await aGrant()
  const client = context.configuration.getClient(key.clientId)
  const sql = desk.context.authorizationSql
  await desk.sql.begin(async (holder) => {
    await holder`select from accounts where client_id = ${client.id} for update`
    const isLocked = await transact(context, { calls: [key], sql, whenHeld: 'skip' }, (transaction) =>
      transaction.isLocked(client),
    )
    assert.is(isLocked, false)
    await transact(context, { calls: [key], sql }, () => {}).then(
      () => assert.unreachable('it did not wait for the lock'),
      (error) => assert.is(error.code, '55P03'),
    )
  })
})

test('what is only read cannot be changed', async () => {
  const { key, context } = await aGrant()
  const changed = transact(context, { calls: [key], locks: 'none' }, ({ ledger, calls }) => {
    const call = calls.get(callKey(key))
    if (call) ledger.release(call)
  })
  await changed.then(
    () => assert.unreachable('a slot was released without a lock'),
    (error) => assert.match(String(error), /is not locked by this transaction/),
  )
})

test.run()
