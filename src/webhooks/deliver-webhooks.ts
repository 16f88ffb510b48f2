/**
 * How do facts leave over HTTP? Deliveries stand in the database with their facts; whichever replica claims one signs and posts it.
 *
 * 2xx within 10 s is delivered; everything else is tried again by `retry-schedule.ts`, under the same `webhook-id`. 410 turns the
 * endpoint off. Each endpoint has some under way at once, one that fails a single one, and those that fail have places of their own,
 * so that none waits for another. What attempts came to is written in batches: a process that dies before that sends again, which the
 * id tells.
 */
import { request } from 'undici'
import { inBatch } from '../db/batch.ts'
import type { Db } from '../db/connection.ts'
import {
  type Attempt,
  type ClaimedDelivery,
  claimDeliveries,
  disableEndpoints,
  giveUpDeliveries,
  noteAttempts,
  removeDeliveries,
} from '../db/webhooks/webhook-deliveries.ts'
import { errorMessage } from '../errors.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { repeat } from '../repeat.ts'
import { cutForClient } from './cut-for-client.ts'
import { checkHost, openGuardedAgent, type PrivateHosts } from './guarded-agent.ts'
import { maxTryingMs, nextAttemptAt } from './retry-schedule.ts'
import { signDelivery } from './sign-delivery.ts'
import { pingEvent } from './webhook-events.ts'

export interface WebhookContext {
  db: Db
  privateHosts: PrivateHosts
  log?: Log
  clock?: () => number
  pollMs?: number
  /** Deliveries under way at once: to endpoints that do not fail, and to those that do. */
  maxUnderWay?: number
  maxFailingUnderWay?: number
  /** Called for each attempt. */
  onAttempt?: (outcome: 'delivered' | 'retried' | 'failed', delaySeconds: number) => void
}

export interface WebhookDelivery {
  /** Claims what is due and waits until it is sent and noted; for tests. */
  deliverDue(): Promise<number>
  /** Finishes what is under way, for 10 s at most. */
  close(): Promise<void>
}

const answerTimeoutMs = 10_000
const leaseMs = 30_000
const perEndpoint = 4
const keptMs = 30 * 86_400_000
const gone = 410

export function startWebhookDelivery(context: WebhookContext): WebhookDelivery {
  const { db, privateHosts, log = silentLog, clock = Date.now, pollMs = 200, onAttempt } = context
  const { maxUnderWay = 400, maxFailingUnderWay = 200 } = context
  const agent = openGuardedAgent(privateHosts, answerTimeoutMs)
  const underWay = new Set<Promise<void>>()
  const ofEndpoint = new Map<string, number>()
  const failing = new Set<string>()
  let attempts: Attempt[] = []
  const toDisable = new Set<string>()

  async function pass(): Promise<number> {
    await note()
    let failingUnderWay = 0
    for (const [id, count] of ofEndpoint) if (failing.has(id)) failingUnderWay += count
    const limit = Math.max(0, maxUnderWay - (underWay.size - failingUnderWay))
    const failingLimit = Math.max(0, maxFailingUnderWay - failingUnderWay)
    if (limit + failingLimit === 0) return 0
    // As a batch: by index alone, whatever the tables were like when they were last analysed.
    const claimed = await inBatch(db.$client, async ({ tx, commitAfter }) => {
      const places = { limit, failingLimit, perEndpoint }
      const asked = { now: clock(), leaseMs, ...places, failing: [...failing], underWay: ofEndpoint }
      const found = await claimDeliveries(tx, asked)
      await commitAfter([])
      return found
    })
    for (const delivery of claimed) {
      const sent = deliver(delivery).finally(() => underWay.delete(sent))
      underWay.add(sent)
    }
    return claimed.length
  }

  /** Writes what attempts have come to. What could not be written is kept. */
  async function note(): Promise<void> {
    if (attempts.length > 0) {
      const noted = attempts
      attempts = []
      await inBatch(db.$client, ({ tx, commitAfter }) => commitAfter([noteAttempts(tx, noted)])).catch(
        (error) => {
          attempts = [...noted, ...attempts]
          throw error
        },
      )
    }
    if (toDisable.size > 0) {
      const ids = [...toDisable]
      await disableEndpoints(db.$client, ids, clock())
      for (const id of ids) toDisable.delete(id)
      log.warn({ event: 'webhook_disabled', endpoints: ids }, 'their servers answered 410')
    }
  }

  async function deliver(delivery: ClaimedDelivery): Promise<void> {
    const { endpointId } = delivery
    ofEndpoint.set(endpointId, (ofEndpoint.get(endpointId) ?? 0) + 1)
    const { answer, error } = await post(delivery)
    const left = (ofEndpoint.get(endpointId) ?? 1) - 1
    if (left > 0) ofEndpoint.set(endpointId, left)
    else ofEndpoint.delete(endpointId)
    attempts.push(judge(delivery, answer, error))
  }

  function judge(delivery: ClaimedDelivery, answer: number | null, error: string | null): Attempt {
    const now = clock()
    const { id, endpointId } = delivery
    const noted = { id, at: now, answer, error, nextAttemptAt: now }
    const delaySeconds = (now - delivery.createdAt) / 1000
    if (answer !== null && answer >= 200 && answer < 300) {
      failing.delete(endpointId)
      onAttempt?.('delivered', delaySeconds)
      return { ...noted, status: 'delivered' }
    }
    failing.add(endpointId)
    if (answer === gone) toDisable.add(endpointId)
    const failed = { ...delivery, attempts: delivery.attempts + 1 }
    const next = answer === gone ? null : nextAttemptAt(failed, now, Math.random())
    onAttempt?.(next === null ? 'failed' : 'retried', delaySeconds)
    if (next === null) return { ...noted, status: 'failed' }
    return { ...noted, status: 'pending', nextAttemptAt: next }
  }

  async function post(delivery: ClaimedDelivery): Promise<{ answer: number | null; error: string | null }> {
    const { url, eventId, secrets, visibility, event } = delivery
    const body =
      visibility === null || event === pingEvent ? delivery.body : cutForClient(delivery.body, visibility)
    try {
      checkHost(new URL(url), privateHosts)
      const answer = await request(url, {
        method: 'POST',
        headers: signDelivery({ eventId, body }, secrets, clock()),
        body,
        dispatcher: agent,
        signal: AbortSignal.timeout(answerTimeoutMs),
      })
      // What an endpoint says beside its status is not read; its connection ends where it says much.
      await answer.body.dump({ limit: 16_384 })
      const isTaken = answer.statusCode >= 200 && answer.statusCode < 300
      return { answer: answer.statusCode, error: isTaken ? null : `answered ${answer.statusCode}` }
    } catch (error) {
      return { answer: null, error: errorMessage(error).slice(0, 500) }
    }
  }

  const ticks = [
    repeat('deliver_webhooks', { log, everyMs: pollMs }, async () => {
      await pass()
      return 0
    }),
    repeat('remove_webhook_deliveries', { log, everyMs: 3_600_000 }, async () => {
      await giveUpDeliveries(db.$client, clock() - maxTryingMs)
      return removeDeliveries(db.$client, clock() - keptMs)
    }),
  ]

  return {
    async deliverDue() {
      const claimed = await pass()
      await Promise.all(underWay)
      await note()
      return claimed
    },
    async close() {
      await Promise.all(ticks.map((tick) => tick.close()))
      await Promise.all(underWay)
      await note().catch(() => {})
      await agent.destroy()
    },
  }
}
