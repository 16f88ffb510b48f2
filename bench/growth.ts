/**
 * Do calls of years past slow down those of today? p99 of authorizing and of settling at a fixed pace with one million old calls,
 * and with several, in one run on one database. The floor is what the fewer ones made of it.
 *
 * Clients are asked for too seldom to be leased, so that each authorization looks for its callId among all that were ever used.
 */
import type { LoadResult } from './authorize-load.ts'
import { openBenchServers } from './bench-servers.ts'
import { type Child, startChild } from './child.ts'
import { type Figure, median } from './figures.ts'
import type { PacedEndsResult } from './paced-ends.ts'
import { measureProcessorTimes } from './processor-time.ts'
import { seedOldCalls } from './seed-old-calls.ts'

const perSecond = 200
/** Of each measurement. */
const seconds = 10
const million = 1_000_000

interface Measured {
  authorizeMs: number
  settleMs: number
  authorizeMicros: number
  settleMicros: number
}

export async function benchGrowth({
  rounds,
  clients,
  millions,
}: {
  rounds: number
  clients: number
  millions: number
}): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 2000 })
  const children = [startChild('./authorize-load.ts'), startChild('./paced-ends.ts')]
  const [authorizations, ends] = children as [Child, Child]
  try {
    const { natsUrl, books, pids } = servers
    const service = await servers.startService()
    const { numbers } = books
    const processes = { service: service.pid, postgres: pids.postgres }
    const count = perSecond * seconds
    const measureOnce = async (run: string) => {
      const asked = await measureProcessorTimes(processes, count, () =>
        authorizations.ask<LoadResult>({
          ...{ natsUrl, subject: 'billing.authorize', inFlight: 64, clients: books.prepaid, numbers },
          ...{ requests: count, perSecond, run: `ask-${run}` },
        }),
      )
      if (asked.result.denied > 0) throw new Error(`${asked.result.denied} were denied`)
      const settled = await measureProcessorTimes(processes, count, () =>
        ends.ask<PacedEndsResult>({
          ...{ natsUrl, events: count, perSecond, clientIds: books.unlimitedIds, numbers, run: `end-${run}` },
        }),
      )
      return {
        authorizeMs: asked.result.p99Ms,
        settleMs: settled.result.p99Ms,
        authorizeMicros: asked.micros.service + asked.micros.postgres,
        settleMicros: settled.micros.service + settled.micros.postgres,
      }
    }
    const measure = async (name: string): Promise<Measured[]> => {
      const results: Measured[] = []
      // The first round warms up what the seeding has pushed out of memory, and is not counted.
      for (let round = 0; round <= rounds; round++) {
        const result = await measureOnce(`${name}-${round}`)
        if (round > 0) results.push(result)
      }
      return results
    }
    await seedOldCalls(servers, { from: 0, to: million })
    const few = await measure('few')
    await seedOldCalls(servers, { from: million, to: millions * million })
    const many = await measure('many')
    return figuresOf(few, many, millions)
  } finally {
    for (const child of children) await child.stop()
    await servers.close()
  }
}

function figuresOf(few: readonly Measured[], many: readonly Measured[], millions: number): Figure[] {
  const compare = (name: string, field: keyof Measured, unit: string): Figure => {
    const [value, floor] = [many, few].map((results) => median(results.map((result) => result[field]))) as [
      number,
      number,
    ]
    return {
      name: `${name}, ${millions} M old calls beside 1 M`,
      value,
      unit,
      floor,
      ratio: value / floor,
      target: { atMost: 1.2 },
    }
  }
  return [
    compare('p99 of authorizing', 'authorizeMs', 'ms'),
    compare('p99 of settling, until the fact', 'settleMs', 'ms'),
    compare('processor time of authorizing, service and PostgreSQL', 'authorizeMicros', 'µs'),
    compare('processor time of settling, service and PostgreSQL', 'settleMicros', 'µs'),
  ]
}
