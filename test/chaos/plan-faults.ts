/**
 * Which faults come, from a seed alone: the same seed is the same plan.
 */
import { seededRandom } from '../../demo/seeded-random.ts'
import { type FailPoint, failPoints } from '../../src/fail-points.ts'
import { type BatchShape, batchShapes, shuffle } from './plan-calls.ts'

export const faultKinds = [
  'kill replica',
  'fail point',
  'kill nats-server',
  'fill disks of NATS',
  'pause replica',
  'pause nats-server',
  'stop PostgreSQL',
  'end connections',
  'cut connections',
  'cut a commit',
  'cut off from PostgreSQL',
  'cut off from NATS',
  'mail server away',
  'mail server refuses',
  'restart in turn',
  // Once, where it is asked for: what is gone does not come back.
  'fail over',
  // Of a single nats-server; engines send everything again.
  'lose the last events',
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface PlannedFault {
  kind: FaultKind
  /** Which replica or server, of those there are. */
  target: number
  ms: number
  /** FAILPOINT of a replica that is started for it. */
  failPoint: string
  /** Of the events that are sent until it is reached. */
  shape: BatchShape
}

/** Random ones by their share in hundred. */
const shares: Partial<Record<FaultKind, number>> = {
  'kill replica': 30,
  'kill nats-server': 15,
  'stop PostgreSQL': 10,
  'pause replica': 8,
  'pause nats-server': 4,
  'end connections': 10,
  'cut a commit': 6,
  'cut connections': 3,
  'cut off from PostgreSQL': 2,
  'cut off from NATS': 1,
  'fill disks of NATS': 3,
  'mail server away': 2,
  'mail server refuses': 2,
  'restart in turn': 4,
}

/** Points of a batch of events: each with both shapes of batches, in three rounds. */
const batchPoints = failPoints.slice(0, failPoints.indexOf('after_acks') + 1)
const rounds = 3
/** Points that are reached only behind another failure. */
const behind: Partial<Record<FailPoint, string>> = {
  one_after_begin: 'after_fold:1:content',
  one_after_commit: 'after_fold:1:content',
  one_after_ack: 'after_fold:1:content',
  nak_half: 'after_load:1:infra',
}

/** Every point of a batch six times, every other one once: 107 deaths. */
export function listFailPoints(): Pick<PlannedFault, 'failPoint' | 'shape'>[] {
  const ofBatches = Array.from({ length: rounds }, (_, round) =>
    batchShapes.flatMap((shape) => batchPoints.map((name) => ({ failPoint: `${name}:${round + 1}`, shape }))),
  ).flat()
  const others = failPoints.slice(batchPoints.length).map((name) => ({
    failPoint: [behind[name], `${name}:1`].filter(Boolean).join(','),
    shape: 'ordered' as const,
  }))
  return [...ofBatches, ...others]
}

export interface FaultsWanted {
  random: number
  points: number
  /** The standby is promoted behind so many of them; null: it is not. */
  failOverBehind: number | null
  /** The longest that one may last, or half of it. */
  maxMs?: number
}

export function planFaults(
  seed: number,
  { random: count, points, failOverBehind, maxMs = 4000 }: FaultsWanted,
): PlannedFault[] {
  const random = seededRandom(seed ^ 0x5eed)
  const plan = (kind: FaultKind, more: Partial<PlannedFault> = {}): PlannedFault => ({
    kind,
    target: random.between(0, 2),
    ms: random.between(100, maxMs),
    failPoint: '',
    shape: 'ordered',
    ...more,
  })
  const hundred = faultKinds.flatMap((kind) => Array<FaultKind>(shares[kind] ?? 0).fill(kind))
  const kinds: FaultKind[] = []
  while (kinds.length < count) kinds.push(...shuffle(hundred, random))
  const faults = [
    ...kinds.slice(0, count).map((kind) => plan(kind)),
    ...shuffle(listFailPoints(), random)
      .slice(0, points)
      .map((point) => plan('fail point', point)),
  ]
  // Of every kind early and late.
  const order = shuffle(faults, random)
  if (failOverBehind !== null) order.splice(failOverBehind, 0, plan('fail over'))
  return order
}
