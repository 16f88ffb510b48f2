/**
 * How do facts leave? From the outbox to the stream `BILLING`, each under its own id as message id.
 *
 * Several replicas may relay at once: rows are claimed with `skip locked`, published all at a time, and marked
 * when the broker has them. What was published and not marked (a crash, a lost answer) is published again and
 * dropped by the broker; consumers dedupe on the id, since the broker's memory is finite. A fact that the broker
 * refuses while it takes others is set aside for a minute, so that it holds no other up. Hang-up commands also go to their engine's core subject.
 *
 * Looks when `wake` is called after a commit and every 250 ms for what others left behind.
 * Source: docs/reliability.md.
 */
import type { Db } from '../db/connection.ts'
import { claimFacts, markFactsPublished, pruneFacts, type WaitingFact } from '../db/messages/outbox.ts'
import type { AtFailPoint } from '../fail-points.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import { repeat } from '../repeat.ts'
import { findTraceparent } from '../tracing/tracer.ts'
import type { Broker } from './broker.ts'

export interface OutboxRelayContext {
  db: Db
  broker: Broker
  log?: Log
  /** Facts claimed and published at a time. */
  batchSize?: number
  pollMs?: number
  atFailPoint?: AtFailPoint | undefined
  retryMs?: { first: number; max: number }
}

export interface OutboxRelay {
  /** There are new facts. */
  wake(): void
  state(): { published: number; failures: number }
  /** One last pass, then nothing more. */
  close(): Promise<void>
}

const keepMs = 7 * 24 * 60 * 60 * 1000
const setAsideMs = 60_000
const pruneEveryMs = 60 * 60 * 1000

export function startOutboxRelay(context: OutboxRelayContext): OutboxRelay {
  const {
    db,
    broker,
    log = silentLog,
    batchSize = 500,
    pollMs = 250,
    atFailPoint,
    retryMs = { first: 100, max: 1000 },
  } = context
  const refusals = logOnce(log, 'fact_refused', { level: 'error', quietMs: 3 * setAsideMs })
  const setAside = new Map<string, number>()
  let published = 0
  let failures = 0
  let prunedAt = 0

  async function passOn(): Promise<number> {
    if (!broker.isConnected()) return 0
    try {
      const outcome = await pass({ db, broker, batchSize, except: stillSetAside(), atFailPoint })
      published += outcome.published
      if (outcome.published === 0 && outcome.refused.length > 0) throw outcome.refused[0]?.reason
      for (const { id, reason } of outcome.refused) setAsideFor(id, reason)
      if (outcome.published + outcome.refused.length === batchSize) return batchSize
      await prune()
      return 0
    } catch (error) {
      failures += 1
      throw error
    }
  }

  function setAsideFor(id: string, reason: unknown): void {
    failures += 1
    setAside.set(id, Date.now() + setAsideMs)
    refusals.failed(reason, { id })
  }

  function stillSetAside(): string[] {
    const now = Date.now()
    for (const [id, until] of setAside) if (until <= now) setAside.delete(id)
    return [...setAside.keys()]
  }

  async function prune(): Promise<void> {
    const now = Date.now()
    if (now - prunedAt < pruneEveryMs) return
    if ((await pruneFacts(db.$client, now - keepMs)) < 5000) prunedAt = now
  }

  const passes = repeat('outbox', { log, everyMs: pollMs, retryMs, event: 'outbox_pass_failed' }, passOn)
  return {
    wake: passes.wake,
    state: () => ({ published, failures }),
    async close() {
      await passes.close()
      while ((await passOn().catch(() => 0)) > 0);
    },
  }
}

interface PassOutcome {
  published: number
  refused: { id: string; reason: unknown }[]
}

async function pass({
  db,
  broker,
  batchSize,
  except,
  atFailPoint,
}: {
  db: Db
  broker: Broker
  batchSize: number
  except: readonly string[]
  atFailPoint: AtFailPoint | undefined
}): Promise<PassOutcome> {
  return db.$client.begin(async (tx) => {
    const facts = await claimFacts(tx, { limit: batchSize, except })
    if (facts.length > 0) atFailPoint?.('relay_claimed')
    const refused: PassOutcome['refused'] = []
    const published: string[] = []
    const publishing = Promise.all(
      facts.map(({ id, ...fact }) =>
        publishFact(broker, { id, ...fact }).then(
          () => published.push(id),
          (reason: unknown) => refused.push({ id, reason }),
        ),
      ),
    )
    if (facts.length > 0) atFailPoint?.('relay_published')
    await publishing
    if (facts.length > 0) atFailPoint?.('relay_puback')
    if (published.length > 0) await markFactsPublished(tx, { ids: published, publishedAt: Date.now() })
    if (facts.length > 0) atFailPoint?.('relay_marked')
    return { published: published.length, refused }
  })
}

async function publishFact(broker: Broker, { id, subject, body, alsoTo }: WaitingFact): Promise<void> {
  const bytes = Buffer.from(body)
  // The engine must hear of a hang-up even while the stream is full.
  if (alsoTo !== null) broker.publishCore(alsoTo, bytes)
  await broker.publish(subject, bytes, { msgId: id, traceparent: findTraceparent(body) })
}
