/**
 * What does it mean that a leg is silent? That it is gone, where its engine tells which of its legs stand: three
 * missed intervals after its last sign at the latest.
 */
import { engineKey, listEnginesWithSigns } from '../../db/calls/engines.ts'
import type { Sql } from '../../db/connection.ts'
import type { Call } from '../call.ts'

/** Engines that send heartbeats do so this often. */
export const aliveSeconds = 60
const missedIntervals = 3
export const silentMs = missedIntervals * aliveSeconds * 1000
/** An engine that has given no sign for so long no longer gives any. */
export const forgottenMs = 86_400_000

/** Of these calls those of which heartbeats can be expected: their engine gives some, or they gave some themselves. */
export async function findCallsWithSigns(
  tx: Sql,
  calls: readonly Call[],
  now: number,
): Promise<ReadonlySet<Call>> {
  const brandIds = new Set(calls.filter(({ engine }) => engine !== null).map(({ brandId }) => brandId))
  const engines = await listEnginesWithSigns(tx, { brandIds: [...brandIds], since: now - forgottenMs })
  return new Set(calls.filter((call) => hasGivenSign(call) || engines.has(engineKey(call))))
}

/** Start and answer are signs, too, but every engine gives those. */
function hasGivenSign({ aliveAt, answeredAt, startedAt, createdAt }: Call): boolean {
  return aliveAt !== null && aliveAt > (answeredAt ?? startedAt ?? createdAt)
}
