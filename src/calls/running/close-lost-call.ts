/**
 * Closes a running call whose end never came, by its brand's policy: nothing is charged, or up to the last sign of
 * life, or up to its longest duration. From the events' facts and the configuration, never from what was reserved.
 *
 * What it held is given back. An end that comes late corrects the charge by new movements; an answer that comes
 * after a leg was closed as ringing lets it run again.
 */
import type { Ledger } from '../../ledger/ledger.ts'
import type { Call } from '../call.ts'
import { addFlag } from '../settle/fold-event.ts'
import { type Owner, type SettlementContext, settleCall } from '../settle/settle-call.ts'

/** Throws `RateTableNotLoaded`: the batch is read and decided anew then. */
export function closeLostCall(call: Call, owner: Owner, context: SettlementContext, ledger: Ledger): void {
  call.endedAt = assumedEnd(call, owner)
  addFlag(call, 'lost_end')
  settleCall(call, owner, context, ledger, 'lost-end')
}

/** null: nothing is charged. */
function assumedEnd(call: Call, { client, brand }: Owner): number | null {
  if (call.answeredAt === null) return null
  switch (brand.lostEndPolicy) {
    case 'zero':
      return null
    case 'last-known':
      return Math.max(call.answeredAt, call.aliveAt ?? call.answeredAt)
    case 'cap':
      return call.answeredAt + (call.maxDurationSeconds ?? client.maxCallSeconds) * 1000
  }
}
