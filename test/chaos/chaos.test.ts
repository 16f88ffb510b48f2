/**
 * Replicas on three nats-servers and a PostgreSQL with a standby, under load, while replicas are killed, servers stopped,
 * disks filled and connections cut, and the standby is promoted: every event comes to one end, the books add up.
 *
 * Runs where `CHAOS_SECONDS` says for how long faults are to begin, one after the other: a slow machine sees fewer of them (six at
 * least) and no time-out. They are drawn by a seed that is another one each day; `CHAOS_SEED` repeats a day's. `npm run chaos` is
 * the whole. It prints how many there were and how long recoveries took, and asserts no time.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { program, skipTest, testFolder } from '../servers.ts'
import { buildService } from './build-service.ts'
import { openProductionServers } from './chaos-servers.ts'
import { planFaults } from './plan-faults.ts'
import { runChaos } from './run-chaos.ts'

const test = suite('chaos')
const { CHAOS_SEED, CHAOS_SECONDS } = process.env
const seed = Number(CHAOS_SEED ?? Math.floor(Date.now() / 86_400_000))
const beganAt = Date.now()

const name = `nothing is lost, doubled or unexplained, whatever fails (seed ${seed})`
if (CHAOS_SECONDS === undefined) skipTest(test, name, 'takes a minute and a half: set CHAOS_SECONDS=45')
else test(name, breakEverything)

async function breakEverything(): Promise<void> {
  const bundled = program('src/main.ts')
  const [servers, command] = await Promise.all([
    openProductionServers(mkdtempSync(join(testFolder(), 'nats-'))),
    bundled.includes('tsx') ? buildService() : bundled,
  ])
  const { checks, line, figures } = await runChaos({
    ...{ servers, command },
    seed,
    calls: 100,
    perSecond: 20,
    clients: 5,
    replicas: 2,
    faults: planFaults(seed, { random: 50, points: 10, failOverBehind: 4, maxMs: 1000 }),
    minFaults: 6,
    noFaultsAfter: beganAt + Number(CHAOS_SECONDS) * 1000,
    leases: seed % 2 === 0 ? 'on' : 'off',
  })
  console.log(`${figures}\n${line}`)
  assert.equal(
    checks.flatMap(({ id, faults }) => faults.slice(0, 5).map((fault) => `${id} ${fault}`)),
    [],
  )
}

test.run()
