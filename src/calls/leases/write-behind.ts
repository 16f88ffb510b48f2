/**
 * Grants that were answered from memory and are not in the books yet: written in batches, a few milliseconds behind.
 *
 * One batch at a time. What cannot be written, because PostgreSQL is away, waits and is tried again; what somebody has a
 * call or a mark for is looked at under the account's lock.
 */
import type { CallKey } from '../../db/calls/calls.ts'
import { insertLeaseGrants, type LeaseGrant } from '../../db/calls/lease-grants.ts'
import { isInfrastructureFailure } from '../../db/failures.ts'
import { readDraws } from '../../ledger/stored-draw.ts'
import { logOnce, type RepeatedErrors } from '../../logging/log-once.ts'
import { ByLeg } from '../by-leg.ts'
import type { CallsContext } from '../calls-context.ts'
import { takeOverGrants } from './end-leases.ts'
import { addToLease, type HeldLease } from './held-lease.ts'
import { resolveGrants } from './resolve-grants.ts'

export interface UnwrittenGrant {
  grant: LeaseGrant
  lease: HeldLease
  /** Writing it has failed: it may be in the books, so its part is never granted again. */
  isDoubtful: boolean
}

export interface WriteBehindOptions {
  /** Does its holder still have the lease, by its own clock? */
  isHeld: (lease: HeldLease) => boolean
  /** Whether it writes by itself, or by `flush` alone. */
  ticks: 'by-timer' | 'when-told'
}

/** From an answer to its row, while PostgreSQL answers. */
const delayMs = 25
const retryMs = 100
const maxBatch = 500

export class WriteBehind {
  readonly #context: CallsContext
  readonly #options: WriteBehindOptions
  readonly #failures: RepeatedErrors
  readonly #byLeg = new ByLeg<UnwrittenGrant>()
  #waiting: UnwrittenGrant[] = []
  #writing: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(context: CallsContext, options: WriteBehindOptions) {
    this.#context = context
    this.#options = options
    this.#failures = logOnce(context.log, 'lease_grants_not_written', { message: 'will be tried again' })
  }

  add(grant: LeaseGrant, lease: HeldLease): void {
    const unwritten = { grant, lease, isDoubtful: false }
    this.#byLeg.set(grant.clientId, grant.callId, unwritten)
    this.#waiting.push(unwritten)
    this.#writeIn(delayMs)
  }

  get size(): number {
    return this.#byLeg.size
  }

  find({ clientId, callId }: CallKey): UnwrittenGrant | undefined {
    return this.#byLeg.get(clientId, callId)
  }

  /** Resolves when those of these legs that were waiting are in the books; without keys, all that wait. Rejects where it fails. */
  async flush(keys?: readonly CallKey[]): Promise<void> {
    const isUnwritten = (key: CallKey) => this.find(key) !== undefined
    const wanted = (keys ?? this.#byLeg.keys()).filter(isUnwritten)
    while (wanted.some(isUnwritten)) {
      clearTimeout(this.#timer)
      this.#timer = undefined
      await (this.#writing ?? this.#write())
    }
  }

  /** Writes nothing more by itself. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #writeIn(ms: number): void {
    if (this.#timer || this.#writing || this.#isClosed || this.#options.ticks === 'when-told') return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#write().catch(() => {})
    }, ms)
  }

  /** Rejects where the batch could not be written. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = undefined
      if (this.#waiting.length > 0) this.#writeIn(this.#waiting[0]?.isDoubtful ? retryMs : delayMs)
    })
    return this.#writing
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, maxBatch)
    if (batch.length === 0) return
    try {
      const grants = batch.map(({ grant }) => grant)
      const left = new Set(await insertLeaseGrants(this.#context.authorizationSql, grants))
      if (left.size > 0) await this.#resolve(batch.filter(({ grant }) => left.has(grant)))
      const late = batch.filter(({ grant, lease }) => !left.has(grant) && !this.#options.isHeld(lease))
      // Their lease may have been freed: what they hold is to be counted by their accounts.
      if (late.length > 0)
        await takeOverGrants(
          this.#context,
          late.map(({ grant }) => grant),
        )
      for (const { grant } of batch) this.#byLeg.delete(grant.clientId, grant.callId)
      this.#failures.over()
    } catch (error) {
      for (const unwritten of batch) unwritten.isDoubtful = true
      this.#waiting = [...batch, ...this.#waiting]
      this.#failures.failed(error, { isExpected: isInfrastructureFailure(error) })
      throw error
    }
  }

  async #resolve(left: readonly UnwrittenGrant[]): Promise<void> {
    const resolutions = await resolveGrants(
      this.#context,
      left.map(({ grant }) => grant),
    )
    for (const unwritten of left) {
      if (resolutions.get(unwritten.grant) === 'holds-nothing' && !unwritten.isDoubtful) giveBack(unwritten)
    }
  }
}

function giveBack({ grant, lease }: UnwrittenGrant): void {
  addToLease(lease, {
    money: grant.reserved,
    clientSlots: Number(grant.clientSlot),
    brandSlots: Number(grant.brandSlot),
    allowances: readDraws(grant.heldAllowances),
  })
}
