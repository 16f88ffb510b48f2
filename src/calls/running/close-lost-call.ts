/**
 * Closes a running call whose end never came, by its brand's policy: nothing is charged, or up to the last sign of
 * life, or as long as it may have stood. From the events' facts and the configuration, never from what was reserved.
 *
 * What it held is given back. An end that comes late corrects the charge by new movements; an answer that comes
 * after a leg was closed as ringing lets it run again.
 */
import type { Ledger } from '../../ledger/ledger.ts'
import type { Call } from '../call.ts'
import { addFlag } from '../settle/fold-event.ts'
import type { Owner, SettlementContext } from '../settle/rate-call.ts'
import { settleCall } from '../settle/settle-call.ts'
import { silentMs } from './engine-silence.ts'

/** What is known of a lost leg beside its events. */
export interface Loss {
  /** When its engine said that the leg is gone; null: it did not. */
  goneAt: number | null
  /** Heartbeats could be expected of it: its silence tells when it was gone. */
  hasSigns: boolean
}

/** Throws `RateTableNotLoaded`: the batch is read and decided anew then. */
export function closeLostCall(
  call: Call,
  owner: Owner,
  loss: Loss,
  context: SettlementContext,
  ledger: Ledger,
): void {
  call.endedAt = assumedEnd(call, owner, loss, ledger.now)
  addFlag(call, 'lost_end')
  settleCall(call, owner, context, ledger, 'lost-end')
}

/** null: nothing is charged. */
function assumedEnd(call: Call, { client, brand }: Owner, loss: Loss, now: number): number | null {
  const { answeredAt } = call
  if (answeredAt === null) return null
  const lastSign = Math.max(answeredAt, call.aliveAt ?? answeredAt)
  switch (brand.lostEndPolicy) {
    case 'zero':
      return null
    case 'last-known':
      return Math.max(answeredAt, Math.min(lastSign, now))
    case 'cap': {
      const ends = [answeredAt + (call.maxDurationSeconds ?? client.maxCallSeconds) * 1000, now]
      if (loss.goneAt !== null) ends.push(loss.goneAt)
      if (loss.hasSigns) ends.push(lastSign + silentMs)
      return Math.max(answeredAt, Math.min(...ends))
    }
  }
}
