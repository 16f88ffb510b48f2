/**
 * Which calls are placed and which faults come, from a seed alone: the same seed is the same plan.
 */
import { hashOf, seededRandom } from '../../demo/seeded-random.ts'
import { failPoints } from '../../src/fail-points.ts'

export interface PlannedCall {
  callId: string
  /** Of the clients; half of the calls are the first one's. */
  client: number
  seconds: number
  isAuthorized: boolean
  /** In the order in which they are sent; `late` ones after the last fault. */
  events: PlannedEvent[]
}

export interface PlannedEvent {
  kind: 'start' | 'end'
  /** Other than the call's: a conflict, where it comes second. */
  seconds: number
  /** Text that is not an event at all. */
  isPoison: boolean
  copies: number
  isLate: boolean
}

export const faultKinds = [
  'kill replica',
  'fail point',
  'kill nats-server',
  'pause replica',
  'pause nats-server',
  'stop PostgreSQL',
  'end connections',
  'cut connections',
  'cut a commit',
  'restart in turn',
  // Once, where it is asked for: what is gone does not come back.
  'fail over',
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface PlannedFault {
  kind: FaultKind
  /** Which replica or server, of those there are. */
  target: number
  ms: number
  /** FAILPOINT of the replica that takes the target's place. */
  failPoint: string
}

/** Random ones by their share in hundred. */
const shares: Record<FaultKind, number> = {
  'kill replica': 30,
  'kill nats-server': 15,
  'stop PostgreSQL': 10,
  'pause replica': 8,
  'pause nats-server': 4,
  'end connections': 10,
  'cut connections': 9,
  'cut a commit': 10,
  'restart in turn': 4,
  'fail point': 0,
  'fail over': 0,
}

/** Points that are reached only behind another failure. */
const behind: Partial<Record<string, string>> = {
  one_after_begin: 'after_fold:1:content',
  one_after_commit: 'after_fold:1:content',
  one_after_ack: 'after_fold:1:content',
  nak_half: 'after_load:1:infra',
}
/** Reached by the issue of invoices (`test/invoices/kill-issue.test.ts`), by mails, or only minutes after a grant. */
const notReached = /^(inv_|sweep_)/

export function listFailPoints(): string[] {
  return failPoints
    .filter((name) => !notReached.test(name))
    .map((name) => [behind[name], `${name}:1`].filter(Boolean).join(','))
}

/** The call of that number: the same whatever came before it. */
export function planCall(seed: number, number: number, clients: number): PlannedCall {
  const callId = `c${seed}-${number}`
  const random = seededRandom(hashOf(callId))
  const client = random.isOneIn(2) ? 0 : random.between(1, clients - 1)
  const seconds = random.isOneIn(20) ? 0 : random.between(1, 600)
  const event = (kind: 'start' | 'end', more: Partial<PlannedEvent> = {}): PlannedEvent => ({
    kind,
    seconds,
    isPoison: false,
    copies: random.isOneIn(10) ? random.between(2, 5) : 1,
    isLate: false,
    ...more,
  })
  const events: PlannedEvent[] = []
  if (!random.isOneIn(50)) events.push(event('start'))
  events.push(event('end', { isLate: random.isOneIn(50) }))
  if (random.isOneIn(20)) events.reverse()
  if (random.isOneIn(100)) events.push(event('end', { seconds: seconds + 60 }))
  if (random.isOneIn(100)) events.push(event('end', { isPoison: true }))
  return { callId, client, seconds, isAuthorized: random.isOneIn(2), events }
}

export function planFaults(
  seed: number,
  { random: count, points, failsOver }: { random: number; points: number; failsOver: boolean },
): PlannedFault[] {
  const random = seededRandom(seed ^ 0x5eed)
  const bag = faultKinds.flatMap((kind) => Array<FaultKind>(shares[kind]).fill(kind))
  const names = listFailPoints()
  const first = random.between(0, names.length - 1)
  const plan = (kind: FaultKind, failPoint = ''): PlannedFault => ({
    kind,
    target: random.between(0, 2),
    ms: random.between(100, 4000),
    failPoint,
  })
  const faults = [
    ...Array.from({ length: count }, () => plan(random.pick(bag))),
    ...Array.from({ length: points }, (_, i) => plan('fail point', names[(first + i) % names.length])),
  ]
  // Of every kind early and late.
  for (let i = faults.length - 1; i > 0; i--) {
    const j = random.between(0, i)
    ;[faults[i], faults[j]] = [faults[j] as PlannedFault, faults[i] as PlannedFault]
  }
  if (failsOver) faults.splice(Math.ceil((faults.length * 2) / 3), 0, plan('fail over'))
  return faults
}
