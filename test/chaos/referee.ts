/**
 * `npm run chaos:referee`: does the checker see what it is there for? Each planted bug has to turn a short run red; the same
 * run without any has to be green.
 */
import { parseArgs } from 'node:util'
import { buildService } from './build-service.ts'
import { openOneOfEach } from './chaos-servers.ts'
import type { PlannedFault } from './plan-faults.ts'
import { type PlantedBug, plantedBugs } from './planted-bugs.ts'
import { runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    calls: { type: 'string', default: '60' },
  },
})

/** Ids of the checks that are red. */
async function runWith({
  edits,
  statements = [],
  faults,
  leases,
}: Omit<PlantedBug, 'name' | 'trips'>): Promise<string[]> {
  const { checks } = await runChaos({
    servers: await openOneOfEach(statements),
    command: await buildService(edits),
    seed: 11,
    calls: Number(values.calls),
    perSecond: 50,
    clients: 4,
    replicas: leases ? 2 : 1,
    faults: faults.map(
      (fault): PlannedFault => ({
        kind: 'kill replica',
        target: 0,
        ms: 1000,
        failPoint: '',
        shape: 'ordered',
        ...fault,
      }),
    ),
    quietTimeoutMs: 20_000,
    leases: leases ?? 'off',
  })
  const red = checks.filter(({ faults }) => faults.length > 0)
  for (const { id, faults } of red)
    console.log(`        ${id.padEnd(6)} ${faults.length}: ${faults[0]?.slice(0, 150)}`)
  return red.map(({ id }) => id)
}

const only = values.only.split(',')
const wanted = plantedBugs.filter(({ name }) => only.some((word) => name.includes(word)))
let caught = 0
if (values.only === '') {
  const faults = [
    { kind: 'fail point', failPoint: 'after_commit:1' },
    { kind: 'lose the last events' },
    { kind: 'fail point', failPoint: 'inv_numbered:1' },
  ] as const
  const red = await runWith({ edits: [], faults, leases: 'on' })
  console.log(red.length === 0 ? 'nothing planted: green' : `nothing planted, and red: ${red.join(' ')}`)
  if (red.length > 0) process.exit(1)
}
for (const { name, trips, ...bug } of wanted) {
  // A run that cannot be made catches nothing: it throws.
  const red = await runWith(bug)
  const isCaught = trips.some((id) => red.includes(id))
  if (isCaught) caught++
  console.log(`${isCaught ? 'caught' : 'MISSED'}  ${name}: ${[...new Set(red)].join(' ')}`)
}
console.log(`${caught} of ${wanted.length} planted bugs caught`)
process.exit(caught === wanted.length ? 0 : 1)
