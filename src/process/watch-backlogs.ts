/**
 * What has come in and is not settled, what is written and has not left: for `/metrics` and the details of `/readyz`.
 *
 * The database is asked every 5 s, however often somebody looks. While it is away the oldest known goes on ageing:
 * nothing leaves without it.
 */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Db } from '../db/connection.ts'
import { countFailed, type Failed, findOldestWaiting, type OldestWaiting } from '../db/messages/backlogs.ts'
import type { Log } from '../logging/log.ts'
import { repeat } from '../repeat.ts'

export interface Backlogs {
  /** For people who look at `/readyz`; no reason to be red. */
  details(): Record<string, number>
  close(): Promise<void>
}

export interface BacklogContext {
  db: Db
  /** What of the consumer is told. */
  consumer: { state(): { held: number; failures: number } }
  metrics: Registry
  log: Log
  everyMs?: number
}

export function startBacklogWatch({ db, consumer, metrics, log, everyMs = 5000 }: BacklogContext): Backlogs {
  let oldest: OldestWaiting = { fact: null, mail: null, webhook: null }
  let failed: Failed = { mails: 0, webhooks: 0, invoiceSchedules: 0, reportSchedules: 0 }
  const looks = repeat('watch_backlogs', { log, everyMs }, async () => {
    oldest = await findOldestWaiting(db.$client)
    return 0
  })
  const counts = repeat('count_failed', { log, everyMs: 12 * everyMs }, async () => {
    failed = await countFailed(db.$client)
    return 0
  })
  const secondsSince = (at: number | null) =>
    at === null ? 0 : Math.max(0, Math.floor((Date.now() - at) / 1000))
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `tollgate_${name}`,
      help,
      registers: [metrics],
      collect() {
        this.set(value())
      },
    })
  gauge(
    'call_events_held',
    'Events of calls that this replica has taken and not settled.',
    () => consumer.state().held,
  )
  gauge('outbox_age_seconds', 'Age of the oldest fact that has not left; 0: none waits.', () =>
    secondsSince(oldest.fact),
  )
  gauge('mail_age_seconds', 'Age of the oldest mail that has not left; 0: none waits.', () =>
    secondsSince(oldest.mail),
  )
  gauge('webhook_age_seconds', 'Age of the oldest fact that an endpoint has not taken; 0: none waits.', () =>
    secondsSince(oldest.webhook),
  )
  gauge('mails_failed', 'Mails of the last day that were given up.', () => failed.mails)
  gauge(
    'webhooks_failed',
    'Deliveries to webhooks that were given up in the last day.',
    () => failed.webhooks,
  )
  gauge(
    'invoice_periods_failed',
    'Periods of invoice schedules that failed, and are tried again.',
    () => failed.invoiceSchedules,
  )
  gauge(
    'report_periods_failed',
    'Periods of report schedules that failed, and are tried again.',
    () => failed.reportSchedules,
  )
  new Counter({
    name: 'tollgate_call_batches_returned_total',
    help: 'Batches of events given back, since PostgreSQL could not settle them.',
    registers: [metrics],
    collect() {
      this.reset()
      this.inc(consumer.state().failures)
    },
  })
  return {
    details: () => ({
      eventsHeld: consumer.state().held,
      batchesReturned: consumer.state().failures,
      outboxAgeSeconds: secondsSince(oldest.fact),
      mailAgeSeconds: secondsSince(oldest.mail),
    }),
    async close() {
      await Promise.all([looks.close(), counts.close()])
    },
  }
}
