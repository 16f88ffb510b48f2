/**
 * Which calls are placed, from a seed alone: the same seed and number is the same call, whatever came before it.
 */
import { hashOf, type Random, seededRandom } from '../../demo/seeded-random.ts'

export interface PlannedCall {
  callId: string
  /** Of the clients; half of the calls are the first one's. */
  client: number
  seconds: number
  isAuthorized: boolean
  /** Answered just before the month was over. */
  isAcrossMonths: boolean
  /** The engine that says it has the leg; null: none says so. */
  engine: string | null
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

/** What an engine sends of one call, in the order in which it is sent. */
export interface Sent {
  call: PlannedCall
  event: PlannedEvent
}

export function planCall(seed: number, number: number, clients: number): PlannedCall {
  const callId = `c${seed}-${number}`
  const random = seededRandom(hashOf(callId))
  const client = random.isOneIn(2) ? 0 : random.between(1, clients - 1)
  const seconds = random.isOneIn(20) ? 0 : random.between(1, 600)
  const event = (kind: 'start' | 'end', more: Partial<PlannedEvent> = {}): PlannedEvent => ({
    ...plainEvent(kind, seconds),
    copies: random.isOneIn(10) ? random.between(2, 5) : 1,
    ...more,
  })
  const events: PlannedEvent[] = []
  if (!random.isOneIn(50)) events.push(event('start'))
  events.push(event('end', { isLate: random.isOneIn(50) }))
  if (random.isOneIn(20)) events.reverse()
  if (random.isOneIn(100)) events.push(event('end', { seconds: seconds + 60 }))
  if (random.isOneIn(100)) events.push(event('end', { isPoison: true }))
  const isAcrossMonths = random.isOneIn(20)
  return { ...plainCall(callId, client, seconds), isAuthorized: random.isOneIn(2), isAcrossMonths, events }
}

/** One end, of one second. */
export function planProbe(callId: string, client: number): PlannedCall {
  return { ...plainCall(callId, client, 1), events: [plainEvent('end', 1)] }
}

/** A leg that runs until the last fault is over. */
export function planRunning(callId: string, client: number, engine: string | null): PlannedCall {
  const events = [plainEvent('start', 300), { ...plainEvent('end', 300), isLate: true }]
  return { ...plainCall(callId, client, 300), engine, events }
}

export const batchShapes = ['ordered', 'shuffled'] as const
export type BatchShape = (typeof batchShapes)[number]

/**
 * Events that are sent at once, so that they share batches: starts and ends in their order, or all of it shuffled,
 * with repeats, a contradicting end and a text that is no event.
 */
export function planBatch(
  name: string,
  { shape, calls: count, clients }: { shape: BatchShape; calls: number; clients: number },
): { calls: PlannedCall[]; sent: Sent[] } {
  const random = seededRandom(hashOf(name))
  const calls: PlannedCall[] = []
  for (let n = 0; n < count; n++) {
    const seconds = random.between(1, 600)
    const copies = () => (shape === 'shuffled' && random.isOneIn(3) ? random.between(2, 4) : 1)
    const events = (['start', 'end'] as const).map((kind) => ({
      ...plainEvent(kind, seconds),
      copies: copies(),
    }))
    if (shape === 'shuffled' && n === 0) events.push(plainEvent('end', seconds + 60))
    if (shape === 'shuffled' && n === 1) events.push({ ...plainEvent('end', seconds), isPoison: true })
    calls.push({ ...plainCall(`${name}-${n}`, random.between(0, clients - 1), seconds), events })
  }
  const sent = calls.flatMap((call) =>
    call.events.flatMap((event) =>
      Array.from({ length: event.copies }, () => ({ call, event: { ...event, copies: 1 } })),
    ),
  )
  return { calls, sent: shape === 'shuffled' ? shuffle(sent, random) : sent }
}

export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.between(0, i)
    ;[shuffled[i], shuffled[j]] = [shuffled[j] as Item, shuffled[i] as Item]
  }
  return shuffled
}

function plainCall(callId: string, client: number, seconds: number): Omit<PlannedCall, 'events'> {
  return { callId, client, seconds, isAuthorized: false, isAcrossMonths: false, engine: null }
}

function plainEvent(kind: 'start' | 'end', seconds: number): PlannedEvent {
  return { kind, seconds, isPoison: false, copies: 1, isLate: false }
}
