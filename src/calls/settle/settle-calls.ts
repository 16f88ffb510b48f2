/**
 * A fetched batch of call events: applied to their calls, priced, charged, counted and told, in one transaction.
 *
 * Lock the accounts, read the calls, fold each event with pure functions, write with a few statements, commit.
 * The size of a batch changes no result. Content that cannot be applied becomes a dead letter in the same
 * transaction and holds nobody up; a failure of the surroundings throws with everything rolled back.
 */

import { writeBrokerMark } from '../../db/calls/broker-marks.ts'
import { appendConflicts, type CallConflict } from '../../db/calls/call-conflicts.ts'
import { callKey } from '../../db/calls/calls.ts'
import { appendDeadLetters, type DeadLetter } from '../../db/calls/dead-letters.ts'
import type { ClientDay } from '../../ledger/daily-usage.ts'
import { termsAt } from '../../limits/client.ts'
import { localDay } from '../../rating/local-day.ts'
import type { Tracer, TraceSpan } from '../../tracing/tracer.ts'
import { newId } from '../../uuid.ts'
import { type Call, isGrantOver, newCall } from '../call.ts'
import type { BrokerMark, CallBatch } from '../call-messages.ts'
import { countSettled } from '../call-metrics.ts'
import type { CallsContext } from '../calls-context.ts'
import { holdForRunningCall } from '../running/hold-for-running-call.ts'
import { nextCheckAt } from '../running/next-check.ts'
import { transact, type Wanted } from '../transact.ts'
import { isAnotherCall } from './another-call.ts'
import { findClients, makeDeadLetter } from './find-clients.ts'
import { ownedSince } from './find-parties.ts'
import { type ClientEvent, eventDigest, foldEvent } from './fold-event.ts'
import { foldIntoRemoved } from './fold-into-removed.ts'
import { settlementContext } from './rate-call.ts'
import { settleCall } from './settle-call.ts'

/** Resolves after the commit. May be called again with the same events: they are repeats then. */
export async function settleCalls(context: CallsContext, batch: CallBatch): Promise<void> {
  const now = context.clock()
  const { events, deadLetters } = await findClients(context, batch.events, now)
  for (const event of batch.undeliverable) deadLetters.push(makeDeadLetter(event, undefined, now))
  await settleFound(context, { events, deadLetters, ...(batch.mark && { mark: batch.mark }) }, now)
}

interface FoundBatch {
  events: readonly ClientEvent[]
  deadLetters: readonly DeadLetter[]
  mark?: BrokerMark
}

async function settleFound(context: CallsContext, found: FoundBatch, now: number): Promise<void> {
  const { configuration } = context
  const days = listEventDays(context, found.events, now)
  const wanted: Wanted = { calls: found.events, days, now, failPoints: 'settle' }
  const spans = context.tracer && startSpans(context.tracer, found.events, now)
  const batch =
    spans && context.tracer?.start('settle batch', 'consumer', { startedAt: now, links: [...spans.values()] })
  const counted = await transact(context, wanted, (transaction) => {
    const { ledger, calls, removed, changed, over, alsoWrite, isCalledBack } = transaction
    const conflicts: CallConflict[] = []
    const deadLetters = [...found.deadLetters]
    const lateFacts: string[] = []

    for (const event of found.events) {
      if (spans) ledger.traceparent = spans.get(event)?.traceparent ?? null
      const client = configuration.getClient(event.clientId)
      const owner = { client, brand: configuration.getBrand(client.brandId) }
      const key = callKey(event)
      const gone = removed.get(key)
      if (gone) {
        if (foldIntoRemoved(gone, event) === 'conflict') conflicts.push(makeConflict(event, now))
        continue
      }
      let call = calls.get(key)
      const isNew = !call
      if (!call) {
        const { clientId, callId, direction } = event
        call = newCall({
          clientId,
          callId,
          brandId: client.brandId,
          direction,
          to: event.to ?? '',
          createdAt: now,
        })
        calls.set(key, call)
      } else if (event.to !== null && isOtherDirection(call, event)) {
        const since = ownedSince(context, event, client, now)
        const detail = `The callId names an ${call.direction} leg of this client.${since}`
        deadLetters.push(
          makeDeadLetter({ delivery: event.delivery, reason: 'call_id_reused', detail }, client, now),
        )
        continue
      }
      if (!isNew && isAnotherCall(call, event)) {
        const detail = 'The callId names a leg of this client that is over: another leg needs one of its own.'
        const { delivery } = event
        deadLetters.push(makeDeadLetter({ delivery, reason: 'call_id_reused', detail }, client, now))
        continue
      }
      // Its grant had run out, or it was closed, or not even its number was known.
      const holdsNoMore = isNew || isGrantOver(call, now) || call.status === 'lost-end' || call.to === ''
      const outcome = foldEvent(call, event)
      context.grantedLegFacts.complete(call)
      if (outcome === 'conflict') conflicts.push(makeConflict(event, now))
      // A repeat may still have brought what was not known: an engine's reference, the start's own facts.
      changed.add(call)
      if (event.kind === 'alive' && call.engine !== null && event.at !== null) {
        const { brandId, engine } = call
        context.engineHeartbeats.note({ brandId, engine, heartbeatAt: event.at })
      }
      if (outcome === 'ended' || outcome === 'completed') {
        settleCall(call, owner, settlementContext(context, now, ledger), ledger)
        over.add(call)
        if (outcome === 'completed') lateFacts.push(event.kind)
      } else if (outcome === 'awaiting-answer') {
        ledger.releaseSlots(call)
        call.meterAt = null
      } else if (outcome === 'running') {
        if (holdsNoMore) holdForRunningCall(call, owner, context, ledger, isCalledBack)
        call.meterAt = nextCheckAt(call, owner, now)
      }
    }

    if (conflicts.length > 0) alsoWrite((tx) => appendConflicts(tx, conflicts))
    if (deadLetters.length > 0) alsoWrite((tx) => appendDeadLetters(tx, deadLetters))
    const { mark } = found
    if (mark) alsoWrite((tx) => writeBrokerMark(tx, mark, now))
    return { lateFacts, conflicts, deadLetters }
  })
  countSettled(context, counted)
  if (spans)
    for (const span of [batch, ...spans.values()]) span?.end({ 'tollgate.batch_size': found.events.length })
}

/** One for each event, within the trace that it came with; their batch is linked to all. One that fails is begun anew, with others. */
function startSpans(
  tracer: Tracer,
  events: readonly ClientEvent[],
  now: number,
): ReadonlyMap<ClientEvent, TraceSpan> {
  return new Map(
    events.map((event) => [
      event,
      tracer.start(`settle ${event.kind}`, 'consumer', {
        traceparent: event.delivery.traceparent,
        startedAt: now,
      }),
    ]),
  )
}

/** Days that the events name; those that their calls name are found with the calls. */
function listEventDays(
  { configuration }: CallsContext,
  events: readonly ClientEvent[],
  now: number,
): ClientDay[] {
  return events.flatMap(({ clientId, answeredAt, startedAt }) => {
    const { terms } = configuration.getClient(clientId)
    return [now, answeredAt, startedAt]
      .filter((at) => at != null)
      .map((at) => ({ clientId, day: localDay(at, termsAt(terms, at).timeZone) }))
  })
}

/** A leg known only from an answer or a heartbeat has no direction yet. */
function isOtherDirection(call: Call, event: ClientEvent): boolean {
  const isKnown = call.authorizedAt !== null || call.startDigest !== null || call.endDigest !== null
  return isKnown && call.direction !== event.direction
}

function makeConflict(event: ClientEvent, now: number): CallConflict {
  return {
    id: newId(now),
    clientId: event.clientId,
    callId: event.callId,
    half: event.kind,
    digest: eventDigest(event),
    body: event.delivery.body,
    receivedAt: event.delivery.receivedAt,
  }
}
