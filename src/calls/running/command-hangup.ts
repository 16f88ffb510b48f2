/**
 * Tells an engine to hang a leg up: the command in the outbox, for the stream, the engine's core subject and its
 * long poll.
 *
 * Repeated until the leg's end arrives, each turn as a fact of its own: the broker drops an id that it has seen. The
 * count on the call, changed under the account's lock, keeps two replicas from telling one turn twice; the id is made
 * of call and count, so that one turn is one message however often it is decided and published.
 */
import { instantText } from '../../db/columns.ts'
import { makeFact } from '../../ledger/fact.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { alertLimitReached } from '../../ledger/usage-alerts.ts'
import { chooseCodes } from '../../limits/choose-codes.ts'
import { termsAt } from '../../limits/client.ts'
import type { HangupReason } from '../../limits/reasons.ts'
import { localDay } from '../../rating/local-day.ts'
import { deriveId } from '../../uuid.ts'
import type { Call, LegToHangUp } from '../call.ts'
import type { Owner } from '../settle/rate-call.ts'

/** An engine has at least this long to act. */
export const noticeMs = 5000

/** The contract's hang-up command. */
export interface Hangup {
  callId: string
  clientId: string
  engine: string | null
  engineRef: string | null
  reason: HangupReason
  sip: { code: number; phrase: string }
  q850: number
  announcement: string | null
  at: string
  endBy: string
}

/** The command for a leg that is to be hung up. */
export function makeHangup(call: LegToHangUp, owner: Owner, now: number): Hangup {
  const { hangupReason, hangupEndBy } = call
  if (hangupReason === null || hangupEndBy === null) {
    throw new Error(`call ${call.callId} is not to be hung up`)
  }
  const codes = chooseCodes(hangupReason, { ...owner, direction: call.direction })
  return {
    callId: call.callId,
    clientId: call.clientId,
    engine: call.engine,
    engineRef: call.engineRef,
    reason: hangupReason,
    sip: { code: codes.sip, phrase: codes.phrase },
    q850: codes.q850,
    announcement: codes.announcement,
    at: instantText(now),
    endBy: instantText(hangupEndBy),
  }
}

/**
 * `endBy` is moved where it would leave the engine too little time. What has been told once stays: another reason may
 * end the leg earlier, never later.
 */
export function commandHangup(
  call: Call,
  hangup: { reason: HangupReason; endBy: number },
  owner: Owner,
  ledger: Ledger,
): void {
  const { now } = ledger
  if (call.hangupReason !== hangup.reason) {
    const endBy = Math.max(hangup.endBy, now + noticeMs)
    call.hangupEndBy = Math.min(call.hangupEndBy ?? endBy, endBy)
    const ends = instantText(call.hangupEndBy)
    if (!call.hangupEnds.includes(ends)) call.hangupEnds = [...call.hangupEnds, ends]
    if (hangup.reason === 'daily_limit_reached') alertDayReached(call, owner, ledger)
  }
  call.hangupReason = hangup.reason
  call.hangupCount++
  const { clientId, callId, createdAt, hangupCount } = call
  const command = { ...makeHangup(call, owner, now) }
  const id = deriveId({ at: createdAt, order: hangupCount }, 'hangup', clientId, callId)
  ledger.appendFact(
    makeFact('billing.calls.hangup', clientId, command, now, { alsoTo: engineSubject(call.engine), id }),
  )
}

/** The leg may run on after all: money has come. An engine that has hung up already ends it all the same. */
export function withdrawHangup(call: Call): void {
  call.hangupReason = null
  call.hangupEndBy = null
}

function alertDayReached(call: Call, { client }: Owner, ledger: Ledger): void {
  const { timeZone } = termsAt(client.terms, call.answeredAt ?? ledger.now)
  const day = call.reservedDay ?? localDay(ledger.now, timeZone)
  alertLimitReached(client, ledger.days.get(client.id, day), timeZone, ledger)
}

/** An engine whose name is no subject token gets its commands from the stream and by long poll. */
export function engineSubject(engine: string | null): string | null {
  return engine !== null && /^[^\s.*>]+(\.[^\s.*>]+)*$/.test(engine) ? `engines.${engine}.hangup` : null
}
