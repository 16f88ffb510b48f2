/**
 * What makes a replica pass a fail point: asked for again until the replica is dead, for half a minute at
 * most.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Replica } from './a-replica.ts'
import { ask } from './ask.ts'
import type { Office } from './office.ts'
import { type BatchShape, type PlannedCall, planBatch, planRunning } from './plan-calls.ts'
import type { Traffic } from './traffic.ts'

export interface Surroundings {
  traffic: Traffic
  office: Office
  clients: number
  /** Counted with all others, so that what is late of them is sent, too. */
  note(calls: readonly PlannedCall[]): void
}

const timeoutMs = 30_000
const startTimeoutMs = 60_000
const callsOfBatch = 12

/** `name`: of this fault alone; names of calls begin with it. */
export async function reachFailPoint(
  doomed: Replica,
  { name, failPoint, shape }: { name: string; failPoint: string; shape: BatchShape },
  { traffic, office, clients, note }: Surroundings,
): Promise<'reached' | 'not reached'> {
  let tries = 0
  const provoke: Record<string, (url: string, tried: string) => Promise<unknown>> = {
    auth: async (url, tried) => {
      const asked = planBatch(tried, { shape: 'ordered', calls: callsOfBatch, clients })
      note(asked.calls)
      await Promise.all(asked.calls.map((call) => traffic.authorize(call, url)))
      await traffic.sendAtOnce(asked.sent)
    },
    meter: async (_url, tried) => {
      // Prepaid: the others are not metered.
      const calls = [0, 1].map((client) => planRunning(`${tried}-${client}`, client, null))
      note(calls)
      await traffic.place(calls, 1000)
    },
    sweep: async (url, tried) => {
      const call = planRunning(tried, 1, tried)
      note([call])
      await traffic.place([call], 1000)
      // The engine has lost the leg; the start may not be settled yet.
      for (let asked = 0; asked < 20 && doomed.exitCode() === undefined; asked++) {
        await sleep(200)
        await ask(url, 'PUT', `/v1/engines/${tried}/active-calls`, {
          body: { at: new Date().toISOString(), calls: [] },
        })
      }
    },
    inv: (url) => office.issue(url),
    other: async (_url, tried) => {
      const batch = planBatch(tried, { shape, calls: callsOfBatch, clients })
      note(batch.calls)
      await traffic.sendAtOnce(batch.sent)
    },
  }
  const kind = failPoint.replace(/^.*,/, '').split('_')[0] ?? ''
  const work = provoke[kind] ?? provoke.other
  let giveUpAt = Date.now() + startTimeoutMs
  while (doomed.exitCode() === undefined && Date.now() < giveUpAt) {
    const { url } = doomed
    if (url === '') await sleep(20)
    else {
      if (tries === 0) giveUpAt = Date.now() + timeoutMs
      const asking = work?.(url, `${name}-${tries++}`).catch(() => {})
      await Promise.race([doomed.ended, Promise.all([asking, sleep(300)])])
    }
  }
  return doomed.exitCode() === 'SIGKILL' ? 'reached' : 'not reached'
}
