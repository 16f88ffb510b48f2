/**
 * Two hundred legs ask for the money of seventy-three, all replicas at once: no more are granted than it pays for.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlannedCall } from './plan-calls.ts'
import { planProbe } from './plan-calls.ts'
import type { Traffic } from './traffic.ts'

export interface Race {
  granted: number
  payable: number
}

export const payable = 73
/** What a leg of the client is granted for: a call's first slice, a minute. */
export const pricePerGrant = '0.06'
const asks = 200
const rounds = 8

export async function raceForMoney({
  traffic,
  client,
  replicaUrls,
  seed,
}: {
  traffic: Traffic
  client: number
  replicaUrls: () => string[]
  seed: number
}): Promise<Race> {
  const urls = replicaUrls()
  const granted: PlannedCall[] = []
  for (let round = 0; round < rounds; round++) {
    const legs = Array.from({ length: asks / rounds }, (_, n) =>
      planProbe(`c${seed}-race-${round}-${n}`, client),
    )
    await Promise.all(
      legs.map(async (leg, n) => {
        // A leg that was not answered may have been granted, too: its end gives back what it holds.
        if ((await traffic.authorize(leg, urls[n % urls.length] ?? '')) !== 'denied') granted.push(leg)
      }),
    )
    // Time for a replica to see that it is asked often, and to lease.
    await sleep(200)
  }
  const answered = traffic.answers.granted
  await traffic.place(granted, 1000)
  return { granted: answered, payable }
}
