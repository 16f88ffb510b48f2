/**
 * `npm run chaos -- --seed 7 --calls 20000 --faults 100 --points 107`: the whole run; the CI part is `chaos.test.ts`.
 */

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { testFolder } from '../servers.ts'
import { buildService } from './build-service.ts'
import { openProductionServers } from './chaos-servers.ts'
import { planFaults } from './plan-faults.ts'
import { runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000)) },
    calls: { type: 'string', default: '20000' },
    rate: { type: 'string', default: '50' },
    clients: { type: 'string', default: '50' },
    replicas: { type: 'string', default: '3' },
    faults: { type: 'string', default: '100' },
    points: { type: 'string', default: '107' },
    /** No more faults begin after that. */
    minutes: { type: 'string', default: '600' },
    /** The standby is promoted behind so many faults; by default behind two thirds of them. */
    'fail-over-behind': { type: 'string' },
  },
})
const seed = Number(values.seed)
const began = performance.now()
const result = await runChaos({
  servers: await openProductionServers(mkdtempSync(join(testFolder(), 'nats-'))),
  command: await buildService(),
  seed,
  calls: Number(values.calls),
  perSecond: Number(values.rate),
  clients: Number(values.clients),
  replicas: Number(values.replicas),
  faults: planFaults(seed, {
    random: Number(values.faults),
    points: Number(values.points),
    failOverBehind: Number(
      values['fail-over-behind'] ?? Math.ceil(((Number(values.faults) + Number(values.points)) * 2) / 3),
    ),
  }),
  noFaultsAfter: Date.now() + Number(values.minutes) * 60_000,
  leases: seed % 2 === 0 ? 'on' : 'off',
  say: (line) => console.log(`${((performance.now() - began) / 1000).toFixed(1)} s  ${line}`),
})
for (const { id, claim, looked, faults } of result.checks) {
  console.log(`${faults.length === 0 ? 'ok ' : 'BAD'} ${id.padEnd(6)} ${claim} (${looked})`)
  for (const fault of faults.slice(0, 10)) console.log(`      ${fault}`)
}
console.log(result.figures)
console.log(result.line)
process.exit(result.checks.some(({ faults }) => faults.length > 0) ? 1 : 0)
