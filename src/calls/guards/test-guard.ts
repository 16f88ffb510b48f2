/**
 * What would a guard have stopped in the last days? The calls that were made, begun one after another before its rules.
 *
 * From what the calls cost, their minutes in equal parts: no rate is looked up but for its risk. A leg that the guard would
 * have hung up saves what its rest cost.
 */
import { type CallOfHistory, streamGuardHistory } from '../../db/guards/guard-history.ts'
import { sliceSeconds } from '../../limits/authorize.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { fixAmount } from '../../limits/fixed-amount.ts'
import type { Trip } from '../../limits/guard-watch.ts'
import { GuardedClient, type KnownCountries } from '../../limits/guarded-client.ts'
import type { GuardedLeg } from '../../limits/guarded-leg.ts'
import type { SpendGuard } from '../../limits/spend-guard.ts'
import { type Decimal, zero } from '../../money.ts'
import { grantSeconds } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { isFree, isHighRisk, loadCountries } from './load-guard-history.ts'

export interface GuardTest {
  /** Calls of these days, and what they cost. */
  calls: number
  spent: Decimal
  /** Calls that the guard would have refused or hung up, and what they, or their rest, cost. */
  stoppedCalls: number
  stoppedSpend: Decimal
  /** Hours in which it would have told, over all clients. */
  trips: number
  clients: { clientId: string; stoppedCalls: number; stoppedSpend: Decimal; trips: number; firstAt: number }[]
}

interface Replay {
  client: Client
  memory: GuardedClient
  /** Running legs by their end, the first to end last. */
  running: { callId: string; endsAt: number; answeredAt: number; price: Decimal }[]
  hours: Set<number>
  stopped: Set<string>
  stoppedSpend: Decimal
  firstAt: number
}

const dayMs = 86_400_000
const hourMs = 3_600_000
/** Clients of which the answer tells singly: those of which most would have been stopped. */
const maxClients = 100

/** `clients`: those that the guard would hold for. */
export async function testGuard(
  context: Pick<CallsContext, 'db' | 'configuration' | 'clock'>,
  { guard, clients, days }: { guard: SpendGuard; clients: readonly Client[]; days: number },
): Promise<GuardTest> {
  const since = context.clock() - days * dayMs
  const ids = clients.map(({ id }) => id)
  const countries =
    guard.limits.newCountries === undefined
      ? new Map<string, KnownCountries>()
      : await loadCountries(context, ids, since)
  const replays = new Map(
    clients.map((client) => [client.id, newReplay(client, guard, since, countries.get(client.id))]),
  )
  let calls = 0
  let spent = zero
  for await (const batch of streamGuardHistory(context.db.$client, {
    clientIds: [...replays.keys()],
    since,
  })) {
    for (const call of batch) {
      const replay = replays.get(call.clientId)
      if (!replay || call.at < since || call.status === 'authorized' || isFree(replay.client, call)) continue
      calls++
      spent = spent.plus(call.price ?? zero)
      begin(context, replay, call)
    }
  }
  for (const replay of replays.values()) settleUntil(replay, context.clock())
  const all = [...replays.values()].filter(({ hours }) => hours.size > 0)
  return {
    calls,
    spent,
    stoppedCalls: all.reduce((sum, { stopped }) => sum + stopped.size, 0),
    stoppedSpend: all.reduce((sum, { stoppedSpend }) => sum.plus(stoppedSpend), zero),
    trips: all.reduce((sum, { hours }) => sum + hours.size, 0),
    clients: all
      .sort((one, other) => other.stoppedSpend.cmp(one.stoppedSpend) || one.firstAt - other.firstAt)
      .slice(0, maxClients)
      .map(({ client, stopped, stoppedSpend, hours, firstAt }) => ({
        clientId: client.id,
        stoppedCalls: stopped.size,
        stoppedSpend,
        trips: hours.size,
        firstAt,
      })),
  }
}

function newReplay(
  client: Client,
  guard: SpendGuard,
  since: number,
  countries: KnownCountries | undefined,
): Replay {
  const memory = new GuardedClient(termsAt(client.terms, since).timeZone, countries)
  memory.watch([{ guard, liftedUntil: 0 }])
  const nothing = { running: [], hours: new Set<number>(), stopped: new Set<string>() }
  return { client, memory, ...nothing, stoppedSpend: zero, firstAt: Number.POSITIVE_INFINITY }
}

function begin(context: Pick<CallsContext, 'configuration'>, replay: Replay, call: CallOfHistory): void {
  const { client, memory } = replay
  settleUntil(replay, call.at)
  const { callId, from, to, at, answeredAt, durationSeconds } = call
  const price = call.price ?? zero
  const seconds = Math.max(1, durationSeconds ?? 0)
  const priceFor = (of: number) => price.times(Math.min(of, seconds)).div(seconds)
  const priceOfSlice = (_: GuardedLeg, slices: number) =>
    fixAmount(priceFor((slices + 1) * sliceSeconds).minus(priceFor(slices * sliceSeconds)))
  const leg = {
    ...{ callId, from, to, at, rateAt: answeredAt ?? at, rate: null },
    isHighRisk: isHighRisk(context, client, call),
  }
  const slice = priceOfSlice(leg, 0)
  const answer = memory.admit(leg, {
    findFirstMinute: () => ({ firstIncrement: slice, slice }),
    priceOfSlice,
  })
  if (answer.outcome === 'repeat') return
  note(replay, answer.trips)
  hangUp(replay, at)
  if (answer.outcome === 'denied') {
    stop(replay, callId, price)
    return
  }
  if (answeredAt === null) {
    memory.settle(callId, { price: null, answeredAt: null })
    return
  }
  memory.run(callId, answeredAt)
  const endsAt = answeredAt + seconds * 1000
  const { running } = replay
  const place = running.findIndex((other) => other.endsAt <= endsAt)
  running.splice(place < 0 ? running.length : place, 0, { callId, endsAt, answeredAt, price })
}

/** Slices begin and legs end, in the order of time. */
function settleUntil(replay: Replay, at: number): void {
  const { memory, running } = replay
  for (;;) {
    const next = running.at(-1)
    const until = next && next.endsAt <= at ? next.endsAt : at
    const trips = memory.advance(until, { grantMs: grantSeconds * 1000, maxLegMs: 31 * dayMs })
    note(replay, trips)
    if (trips.length > 0) hangUp(replay, trips[0]?.at ?? until)
    if (!next || next.endsAt > at) return
    running.pop()
    memory.settle(next.callId, { price: next.price, answeredAt: next.answeredAt })
  }
}

/** Legs that the guard ends cost only what they had cost by then. */
function hangUp(replay: Replay, at: number): void {
  const ended = new Set(replay.memory.legsToEnd().map(({ callId }) => callId))
  if (ended.size === 0) return
  for (const { callId, answeredAt, endsAt, price } of replay.running) {
    if (!ended.has(callId)) continue
    const share = Math.min(1, Math.max(0, (at - answeredAt) / (endsAt - answeredAt)))
    const saved = price.times(1 - share).toDecimalPlaces(6)
    stop(replay, callId, saved)
    replay.memory.settle(callId, { price: price.minus(saved), answeredAt })
  }
  replay.running = replay.running.filter(({ callId }) => !ended.has(callId))
}

function stop(replay: Replay, callId: string, saved: Decimal): void {
  replay.stopped.add(callId)
  replay.stoppedSpend = replay.stoppedSpend.plus(saved)
}

function note(replay: Replay, trips: readonly Trip[]): void {
  for (const { at } of trips) {
    replay.hours.add(Math.floor(at / hourMs))
    replay.firstAt = Math.min(replay.firstAt, at)
  }
}
