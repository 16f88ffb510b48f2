/**
 * Two replicas under load while everything under them is cut: all PostgreSQL connections ended every second, PostgreSQL
 * and nats-server killed and started again in turn. No replica ends, no accepted event is lost or charged twice.
 *
 * Short here; `STORM_SECONDS=60 npm test -- storm` is a minute with a restart every ten seconds. It prints how
 * long authorizations and recoveries took, and asserts no time.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { startReplica } from '../chaos/a-replica.ts'
import { openDatabaseDoor } from '../db/database-door.ts'
import { openBrokerDoor } from '../events/broker-door.ts'
import { testFolder } from '../servers.ts'
import { until } from '../until.ts'
import { openShop } from './a-shop.ts'

const test = suite('servers lost under load')
const seconds = Number(process.env.STORM_SECONDS ?? 12)
const callsPerSecond = 100
const restartEverySeconds = seconds >= 60 ? 10 : 5

test('two replicas settle all that was accepted, whatever is cut', async () => {
  const dataDir = mkdtempSync(join(testFolder(), 'storm-'))
  const settings = { max_connections: '150' }
  let database = await startPostgres({ dataDir, settings })
  const door = await openDatabaseDoor(database.url)
  const broker = await openBrokerDoor()
  const replicas = await Promise.all(
    [1, 2].map((n) =>
      startReplica({
        DATABASE_URL: door.url,
        NATS_URL: broker.url,
        BOOTSTRAP_API_KEY: 'a-key-for-the-storm',
        DATA_DIR: mkdtempSync(join(testFolder(), `replica-${n}-`)),
      }),
    ),
  )
  const shop = await openShop(
    replicas.map((replica) => replica.url),
    'a-key-for-the-storm',
  )

  const end = Date.now() + seconds * 1000
  const load = shop.callUntil(end, callsPerSecond)
  let restarts = 0
  for (let second = 1; Date.now() < end; second++) {
    await sleep(1000)
    if (second % restartEverySeconds === 0) {
      if (restarts++ % 2 === 0) {
        door.cutAll('reset')
        await database.stop()
        database = await startPostgres({ dataDir, settings })
        door.moveTo(database.url)
      } else {
        await broker.kill()
        await broker.start()
      }
    } else await endConnections(database.url)
  }
  const lastFaultAt = Date.now()
  await load
  await until('every accepted call is settled', () => shop.isSettled(), 60_000)
  const recoveredMs = Date.now() - lastFaultAt
  assert.equal(
    replicas.map((replica) => replica.exitCode()),
    [undefined, undefined],
  )
  assert.equal(
    replicas.flatMap((replica) => replica.complaints),
    [],
  )

  const straight = openDatabase(database.url, { role: 'tollgate_worker', connections: 2 })
  const differences = []
  const everything = { from: null, before: null, pricesPerClient: null }
  for await (const found of verifyBooks(straight, everything)) differences.push(...found.differences)
  await closeDatabase(straight)
  assert.equal(differences, [])

  console.log(shop.figures(recoveredMs, restarts))
  assert.equal(await Promise.all(replicas.map((replica) => replica.stop())), [0, 0])
  await door.close()
  await broker.close()
  await database.stop()
})

async function endConnections(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  // A server that is busy starting lets nobody in: then there is nothing to end.
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename is not null`.catch(
    () => {},
  )
  await sql.end({ timeout: 1 })
}

test.run()
