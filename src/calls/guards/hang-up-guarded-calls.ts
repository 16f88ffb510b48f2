/**
 * Counts the slices of running legs that guards watch, and hangs up the legs that a guard ends.
 *
 * A leg whose row is not there yet, since its grant held nothing and its start is on its way, is tried again each second
 * until it is over. The command is repeated by the meter from then on.
 */
import { type CallKey, callKey } from '../../db/calls/calls.ts'
import { isOpen } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { commandHangup, noticeMs } from '../running/command-hangup.ts'
import { nextCheckAt } from '../running/next-check.ts'
import { transact } from '../transact.ts'

const batchSize = 250
const retryMs = 1000

export class GuardedCallEnder {
  readonly #context: CallsContext
  /** When each leg was last tried; ∞: its command is given. */
  #tried = new Map<string, number>()

  constructor(context: CallsContext) {
    this.#context = context
  }

  /** Answers how many legs it commanded to be hung up. */
  async endCalls(): Promise<number> {
    const toEnd = this.#context.guards.advance()
    const now = this.#context.clock()
    const tried = new Map<string, number>()
    const due: CallKey[] = []
    for (const key of toEnd) {
      const name = callKey(key)
      const last = this.#tried.get(name)
      const isDue = last === undefined || last + retryMs <= now
      if (isDue && due.length < batchSize) {
        due.push(key)
        tried.set(name, now)
      } else if (last !== undefined) tried.set(name, last)
    }
    this.#tried = tried
    if (due.length === 0) return 0
    const ended = await this.#end(due)
    for (const name of ended) tried.set(name, Number.POSITIVE_INFINITY)
    return ended.length
  }

  #end(keys: readonly CallKey[]): Promise<string[]> {
    const context = this.#context
    const { configuration } = context
    const known = keys.filter(({ clientId }) => configuration.findClient(clientId, context.clock()))
    return transact(context, { calls: known, whenHeld: 'skip' }, ({ ledger, calls, isLocked, changed }) => {
      const ended: string[] = []
      for (const key of known) {
        const call = calls.get(callKey(key))
        const client = configuration.getClient(key.clientId)
        if (!call || !isLocked(client) || !isOpen(call) || call.endDigest !== null) continue
        ended.push(callKey(key))
        if (call.special || call.hangupReason !== null) continue
        const owner = { client, brand: configuration.getBrand(client.brandId) }
        commandHangup(call, { reason: 'spend_guard', endBy: ledger.now + noticeMs }, owner, ledger)
        call.meterAt = nextCheckAt(call, owner, ledger.now)
        changed.add(call)
        context.metrics.hangups.inc({ reason: 'spend_guard' })
      }
      return ended
    })
  }
}
