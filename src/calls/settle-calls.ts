/**
 * A fetched batch of call events: applied to their calls, priced, charged, counted and told, in one transaction.
 *
 * Lock the accounts, read the calls, fold each event with pure functions, write with a few statements, commit.
 * The size of a batch changes no result. Content that cannot be applied becomes a dead letter in the same
 * transaction and holds nobody up; a failure of the surroundings throws with everything rolled back.
 */

import { inBatch } from '../db/batch.ts'
import { writeBrokerMark } from '../db/calls/broker-marks.ts'
import { appendConflicts, type CallConflict } from '../db/calls/call-conflicts.ts'
import { callKey, writeCalls } from '../db/calls/calls.ts'
import { appendDeadLetters, type DeadLetter } from '../db/calls/dead-letters.ts'
import type { ClientDay } from '../ledger/daily-usage.ts'
import { termsAt } from '../limits/client.ts'
import { localDay } from '../rating/local-day.ts'
import { RateTableNotLoaded } from '../rating/tariff.ts'
import { newId } from '../uuid.ts'
import { type Call, isGrantOver, isOpen, newCall } from './call.ts'
import type { BrokerMark, CallBatch } from './call-messages.ts'
import { countSettled } from './call-metrics.ts'
import type { CallsContext } from './calls-context.ts'
import { deadLetterOf, findClients } from './find-clients.ts'
import { ownedSince } from './find-parties.ts'
import { type ClientEvent, eventDigest, foldEvent } from './fold-event.ts'
import { foldIntoRemoved } from './fold-into-removed.ts'
import { holdForRunningCall } from './hold-for-running-call.ts'
import { lockCalls } from './lock-calls.ts'
import { nextLookAt } from './next-look.ts'
import { settleCall, settlementContext } from './settle-call.ts'

/** Resolves after the commit. May be called again with the same events: they are repeats then. */
export async function settleCalls(context: CallsContext, batch: CallBatch): Promise<void> {
  const now = context.clock()
  const { events, deadLetters } = await findClients(context, batch.events, now)
  for (const event of batch.undeliverable) deadLetters.push(deadLetterOf(event, undefined, now))
  // A repetition is needed where the configuration was behind, or an old tariff was not in memory.
  for (let attempt = 1; ; attempt++) {
    try {
      await settleOnce(context, { events, deadLetters, ...(batch.mark && { mark: batch.mark }) }, now)
      return
    } catch (error) {
      if (attempt > 20) throw error
      if (error instanceof RateTableNotLoaded) {
        await context.configuration.loadRateTable(error.rateDeckId, error.version)
      } else if (error instanceof ConfigurationBehind) await context.configuration.reach(error.version)
      else throw error
    }
  }
}

class ConfigurationBehind extends Error {
  readonly version: number

  constructor(version: number) {
    super(`the configuration in memory is behind version ${version}`)
    this.version = version
  }
}

interface FoundBatch {
  events: readonly ClientEvent[]
  deadLetters: readonly DeadLetter[]
  mark?: BrokerMark
}

async function settleOnce(context: CallsContext, found: FoundBatch, now: number): Promise<void> {
  const { configuration } = context
  const told = await inBatch(context.db.$client, async (batch) => {
    const { ledger, calls, removed, version } = await lockCalls(context, batch, {
      keys: found.events,
      days: daysOf(context, found.events, now),
      now,
    })
    if (version > configuration.version) throw new ConfigurationBehind(version)
    const conflicts: CallConflict[] = []
    const deadLetters = [...found.deadLetters]
    const changed = new Set<Call>()
    /** Calls that this batch has settled. */
    const over = new Set<Call>()
    const lateFacts: string[] = []

    for (const event of found.events) {
      const client = configuration.getClient(event.clientId)
      const owner = { client, brand: configuration.getBrand(client.brandId) }
      const key = callKey(event)
      const gone = removed.get(key)
      if (gone) {
        if (foldIntoRemoved(gone, event) === 'conflict') conflicts.push(conflictOf(event, now))
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
          deadLetterOf({ delivery: event.delivery, reason: 'call_id_reused', detail }, client, now),
        )
        continue
      }
      // Its grant had run out, or it was closed, or not even its number was known.
      const holdsNoMore = isNew || isGrantOver(call, now) || call.status === 'lost-end' || call.to === ''
      const outcome = foldEvent(call, event)
      if (outcome === 'conflict') conflicts.push(conflictOf(event, now))
      // A repeat may still have brought what was not known: an engine's reference, the start's own facts.
      changed.add(call)
      if (event.kind === 'alive' && call.engine !== null && event.at !== null) {
        const { brandId, engine } = call
        context.engineSigns.note({ brandId, engine, signAt: event.at })
      }
      if (outcome === 'ended' || outcome === 'completed') {
        settleCall(call, owner, settlementContext(context, now), ledger)
        over.add(call)
        if (outcome === 'completed') lateFacts.push(event.kind)
      } else if (outcome === 'awaiting-answer') {
        ledger.releaseSlots(call)
        call.meterAt = null
      } else if (outcome === 'running') {
        if (holdsNoMore) holdForRunningCall(call, owner, context, ledger)
        call.meterAt = nextLookAt(call, owner, now)
      }
      if (!isOpen(call)) context.onEnded(call)
    }

    const { tx } = batch
    await ledger.rollups.write(tx)
    const writes: Promise<unknown>[] = []
    if (changed.size > 0) writes.push(writeCalls(tx, [...changed]))
    if (conflicts.length > 0) writes.push(appendConflicts(tx, conflicts))
    if (deadLetters.length > 0) writes.push(appendDeadLetters(tx, deadLetters))
    writes.push(...ledger.write(tx))
    if (found.mark) writes.push(writeBrokerMark(tx, found.mark, now))
    await batch.commitAfter(writes)
    if (conflicts.length > 0) {
      context.log.warn(
        { event: 'call_conflicts', count: conflicts.length },
        'events contradict accepted halves',
      )
    }
    countSettled(context, { over, lateFacts, conflicts: conflicts.length, deadLetters })
    return ledger.news
  })
  if (told.facts || told.mails) context.onTold(told)
}

/** Days that the events name; those that their calls name are found with the calls. */
function daysOf({ configuration }: CallsContext, events: readonly ClientEvent[], now: number): ClientDay[] {
  return events.flatMap(({ clientId, answeredAt, startedAt }) => {
    const { terms } = configuration.getClient(clientId)
    return [now, answeredAt, startedAt]
      .filter((at) => at != null)
      .map((at) => ({ clientId, day: localDay(at, termsAt(terms, at).timeZone) }))
  })
}

/** A leg known only from an answer or a sign of life has no direction yet. */
function isOtherDirection(call: Call, event: ClientEvent): boolean {
  const isKnown = call.authorizedAt !== null || call.startDigest !== null || call.endDigest !== null
  return isKnown && call.direction !== event.direction
}

function conflictOf(event: ClientEvent, now: number): CallConflict {
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
