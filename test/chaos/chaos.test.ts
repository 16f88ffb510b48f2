/**
 * Replicas on three nats-servers and a PostgreSQL with a standby, under load, while replicas are killed, servers stopped and
 * connections cut, and the standby is promoted at last: every event comes to one end, the books add up.
 *
 * Runs where `CHAOS_FAULTS` says how many faults are to come; `npm run chaos` is the whole. They are drawn by a seed that is another
 * one each day; `CHAOS_SEED` repeats a day's. It prints how long recoveries took, and asserts no time.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { program, skipTest, testFolder } from '../servers.ts'
import { openProductionServers } from './chaos-servers.ts'
import { planFaults } from './plan.ts'
import { runChaos } from './run-chaos.ts'

const test = suite('chaos')
const { CHAOS_SEED, CHAOS_FAULTS, CHAOS_CALLS = '200' } = process.env
const seed = Number(CHAOS_SEED ?? Math.floor(Date.now() / 86_400_000))

const name = `nothing is lost, doubled or unexplained, whatever fails (seed ${seed})`
if (CHAOS_FAULTS === undefined) skipTest(test, name, 'takes a minute: set CHAOS_FAULTS=6')
else test(name, breakEverything)

async function breakEverything(): Promise<void> {
  const { checks, line, figures } = await runChaos({
    servers: await openProductionServers(mkdtempSync(join(testFolder(), 'nats-'))),
    command: program('src/main.ts'),
    seed,
    calls: Number(CHAOS_CALLS),
    perSecond: 30,
    clients: 7,
    replicas: 2,
    faults: planFaults(seed, { random: Number(CHAOS_FAULTS), points: 1, failsOver: true }),
    leases: seed % 2 === 0 ? 'on' : 'off',
  })
  console.log(`${figures}\n${line}`)
  assert.equal(
    checks.flatMap(({ id, faults }) => faults.slice(0, 5).map((fault) => `${id} ${fault}`)),
    [],
  )
}

test.run()
