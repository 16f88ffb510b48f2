/**
 * No state of a connection ends or stalls the service: cut by an orderly end, by a reset, by silence, at each step of a
 * batch, a transaction, a read and a stream. A process that throws outside of a promise fails this file as a whole.
 */
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { inBatch } from '../../src/db/batch.ts'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { isInfrastructureFailure } from '../../src/db/failures.ts'
import { readAsTenant, readAtOnceAsTenant } from '../../src/db/read-as-tenant.ts'
import { streamBatches, streamReadOnly } from '../../src/db/stream-batches.ts'
import { asTenant, platformTenant } from '../../src/db/tenant.ts'
import { testDatabaseUrl } from '../servers.ts'
import { until } from '../until.ts'
import { type DatabaseDoor, type Fault, openDatabaseDoor } from './database-door.ts'

const test = suite('lost connections')
const faults: readonly Fault[] = ['close', 'reset', 'silence']
let door: DatabaseDoor
/** Through the door; a server is given up after 1.3 s without a word. */
let db: Db
let api: Db
/** Past the door, to look what is there. */
let straight: postgres.Sql

test.before(async () => {
  const url = await testDatabaseUrl()
  door = await openDatabaseDoor(url)
  straight = postgres(url, { max: 1, onnotice: () => {} })
  await straight`create table written (name text primary key)`
  await straight`grant select, insert on written to tollgate_worker`
  db = openDatabase(door.url, { role: 'tollgate_worker', connections: 2, statementTimeoutMs: 300 })
  api = openDatabase(door.url, { role: 'tollgate_api', connections: 2, statementTimeoutMs: 300 })
})
test.after(async () => {
  await Promise.all([closeDatabase(db), closeDatabase(api), straight.end()])
  await door.close()
})

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error) => error,
  )
}

/** On a new connection each statement is sent as text, which the door can look for. */
async function onNewConnections(): Promise<void> {
  door.cutAll('reset')
  await until('all connections are gone', () => door.connections() === 0)
}

let names = 0
const write = (name: string) =>
  inBatch(db.$client, async ({ tx, commitAfter }) => {
    await tx`select ${'read'}::text as step`
    await commitAfter([tx`insert into written values (${name})`])
  })

test('a batch fails as one of the surroundings wherever its connection is lost, and the next one works', async () => {
  for (const fault of faults) {
    for (const [text, when] of [
      ['begin; set local', 'before'],
      ['begin; set local', 'after'],
      ['as step', 'before'],
      ['as step', 'after'],
      ['insert into written', 'before'],
      ['commit', 'before'],
      ['commit', 'after'],
    ] as const) {
      if (fault === 'silence' && when === 'before' && text !== 'commit') continue
      const name = `batch ${++names}`
      await onNewConnections()
      door.faultOn(text, fault, when)
      const failure = await failureOf(write(name))
      const where = `${fault} ${when} ${text}`
      assert.ok(failure instanceof Error && isInfrastructureFailure(failure), `${where}: ${failure}`)
      const found = await straight`select 1 from written where name = ${name}`
      // A commit that the server has, and nobody has heard of: the repeat has to find out.
      if (text !== 'commit' || when === 'before') assert.is(found.length, 0, where)
      await write(`${name}, once more`)
    }
  }
})

test('writes sent together and lost with the commit are there or not, never half', async () => {
  for (const fault of faults) {
    const name = `together ${++names}`
    await onNewConnections()
    door.faultOn('insert into', fault, 'after')
    await failureOf(
      inBatch(db.$client, ({ tx, commitAfter }) =>
        commitAfter([
          tx`insert into written values (${`${name} one`})`,
          tx`insert into written values (${`${name} two`})`,
        ]),
      ),
    )
    await until('both or none are written', async () => {
      const found = await straight`select 1 from written where starts_with(name, ${name})`
      return found.length === 0 || found.length === 2
    })
  }
})

test('a batch that waits for something else while its connection is lost ends, too', async () => {
  for (const fault of ['close', 'reset'] as const) {
    const failure = await failureOf(
      inBatch(db.$client, async ({ tx, commitAfter }) => {
        await tx`select 1`
        const before = door.connections()
        door.cutAll(fault)
        await until('the cut is done', () => door.connections() < before)
        await commitAfter([tx`insert into written values (${`never ${++names}`})`])
      }),
    )
    assert.ok(isInfrastructureFailure(failure), String(failure))
  }
  await write(`after a cut ${++names}`)
})

test('idle connections that are cut are not lent again', async () => {
  for (const fault of ['close', 'reset'] as const) {
    await Promise.all([db.$client`select pg_sleep(0.05)`, db.$client`select pg_sleep(0.05)`])
    const before = door.connections()
    door.cutAll(fault)
    await until('the cut is done', () => door.connections() < before)
    assert.equal([...(await db.$client`select 1 as one`)], [{ one: 1 }])
  }
})

test('one silent connection costs one wait, not one for each that fell silent with it', async () => {
  await Promise.all([db.$client`select pg_sleep(0.05)`, db.$client`select pg_sleep(0.05)`])
  door.cutAll('silence')
  assert.ok(isInfrastructureFailure(await failureOf(db.$client`select 1`)))
  assert.equal([...(await db.$client`select 1 as one`)], [{ one: 1 }])
})

test('reads of a tenant fail and work again, wherever they are lost', async () => {
  const reads = {
    transaction: () => asTenant(api, platformTenant, (tx) => tx.execute('select 1 as word')),
    raw: () => readAsTenant(api, platformTenant, (tx) => tx`select 1 as word`),
    'at once': () => readAtOnceAsTenant(api, platformTenant, (tx) => tx`select 1 as word`, 'planned'),
  }
  for (const [name, read] of Object.entries(reads)) {
    for (const fault of faults) {
      // Silence takes its time to be noticed: at one place.
      const texts = fault === 'silence' ? ['as word'] : ['begin', 'set_config', 'as word', 'commit']
      for (const text of texts) {
        await onNewConnections()
        door.faultOn(text, fault, 'before')
        const failure = await failureOf(read())
        // The raw read needs no commit.
        if (name !== 'raw' || text !== 'commit') {
          assert.ok(isInfrastructureFailure(failure), `${name}, ${fault} at ${text}: ${failure}`)
        }
        await onNewConnections()
        assert.is((await read()).length, 1)
      }
    }
  }
})

test('a stream that is cut ends with an error, not as if it were complete', async () => {
  for (const fault of faults) {
    door.faultOn('fetch 10', fault, 'before', 3)
    let rows = 0
    const failure = await failureOf(
      (async () => {
        const stream = streamReadOnly(db.$client, (tx) =>
          streamBatches(tx, tx`select n from generate_series(1, 1000) as n`, { rows: 10 }),
        )
        for await (const batch of stream) rows += batch.length
      })(),
    )
    assert.ok(isInfrastructureFailure(failure), `${fault}: ${failure}`)
    assert.ok(rows < 1000)
  }
  assert.equal([...(await db.$client`select 1 as one`)], [{ one: 1 }])
})

test('nobody waits for ever for a connection, and who waited is served when one is free', async () => {
  const blockers = [db.$client`select pg_sleep(0.2)`, db.$client`select pg_sleep(0.2)`]
  const waiting = db.$client`select 'served' as word`
  assert.equal([...(await waiting)], [{ word: 'served' }])
  await Promise.all(blockers)
})

test('while PostgreSQL refuses connections everything fails at once; afterwards it works', async () => {
  door.refuse(true)
  door.cutAll('reset')
  for (let attempt = 0; attempt < 5; attempt++) {
    assert.ok(isInfrastructureFailure(await failureOf(write(`refused ${++names}`))))
  }
  door.refuse(false)
  await write(`let in again ${++names}`)
})

test('notifications come again after the connection that listens was lost', async () => {
  const heard: string[] = []
  let listens = 0
  const { unlisten } = await db.$client.listen(
    'lost_connections',
    (payload) => heard.push(payload),
    () => {
      listens += 1
    },
  )
  for (const fault of ['close', 'reset'] as const) {
    const before = listens
    door.cutAll(fault)
    await until('it listens again', () => listens > before)
    await straight`select pg_notify('lost_connections', ${fault})`
    await until('the notification is heard', () => heard.includes(fault))
  }
  await unlisten()
})

test('every connection ended by the server every 50 ms: work fails or is done, and goes on', async () => {
  let done = 0
  let failed = 0
  let isOver = false
  const work = async () => {
    while (!isOver) {
      const failure = await failureOf(write(`storm ${++names}`))
      if (failure === undefined) done += 1
      else {
        assert.ok(isInfrastructureFailure(failure), String(failure))
        failed += 1
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const workers = [work(), work(), work()]
  for (let round = 0; round < 40; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    await straight`
      select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and datname = current_database()`.catch(() => {})
  }
  isOver = true
  await Promise.all(workers)
  assert.ok(done > 0 && failed > 0, `${done} done, ${failed} failed`)
  const found = await straight`select 1 from written where starts_with(name, 'storm')`
  assert.ok(found.length >= done, `${found.length} written, ${done} told as done`)
})

test('an answer that belongs to somebody else is never given out, and its connection is closed', async () => {
  for (const read of [
    (word: string) => readAsTenant(api, platformTenant, (tx) => tx`select ${word}::text as word`),
    (word: string) =>
      readAtOnceAsTenant(api, platformTenant, (tx) => tx`select ${word}::text as word`, 'planned'),
  ]) {
    await read('first')
    door.repeatAnswerTo('set_config')
    let wrong = 0
    for (let turn = 0; turn < 20; turn++) {
      const word = `turn ${turn}`
      const rows = await read(word).catch(() => [])
      if (rows.length > 0 && rows[0]?.word !== word) wrong += 1
    }
    assert.is(wrong, 0)
    assert.equal([...(await read('last'))], [{ word: 'last' }])
  }
})

for (const [how, work] of [
  [
    'throws at once',
    () => {
      throw new RangeError('at once')
    },
  ],
  ['fails before it has sent anything', () => Promise.reject(new RangeError('at once'))],
] as const) {
  test(`a read whose work ${how} fails with that, and its connection is good for the next`, async () => {
    for (const read of [
      () => readAsTenant(api, platformTenant, work),
      () => readAtOnceAsTenant(api, platformTenant, work, 'planned'),
    ]) {
      for (let time = 0; time < 5; time++) {
        const failure = await failureOf(read())
        assert.instance(failure, RangeError)
        const [row] = await readAsTenant(api, platformTenant, (tx) => tx`select 1 as one`)
        assert.is(row?.one, 1)
      }
    }
  })
}

test.run()
