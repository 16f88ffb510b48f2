/**
 * What is told to others after it is in the books: facts over NATS, mails and webhooks. Each looks for what is due by itself,
 * and sooner when it is woken.
 */
import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { CallsContext } from '../calls/calls-context.ts'
import type { Broker } from '../events/broker.ts'
import { startOutboxRelay } from '../events/outbox-relay.ts'
import { openResetFacts } from '../identities/password-resets.ts'
import { attachInvoices } from '../invoices/attach-invoices.ts'
import { findReminderFacts } from '../invoices/remind-invoices.ts'
import type { Log } from '../logging/log.ts'
import { openMailer } from '../mailer.ts'
import { startMailDelivery } from '../notifications/deliver-mails.ts'
import { findTemplates } from '../notifications/find-templates.ts'
import type { Config } from '../process/config.ts'
import type { Opened } from '../process/open-parts.ts'
import { attachReportsInTurn } from '../reports/attach-reports.ts'
import { startWebhookDelivery } from '../webhooks/deliver-webhooks.ts'
import { openWebhookMetrics } from '../webhooks/webhook-metrics.ts'
import type { Pools } from './open-pools.ts'

interface SendersContext {
  config: Config
  pools: Pools
  broker: Broker
  metrics: Registry
  log: Log
  opened: Opened
  atFailPoint: CallsContext['atFailPoint']
  /** Where the pages are, as links in mails name it. */
  origin: () => string
}

/** Answers what to call after a commit. */
export function openSenders(context: SendersContext): CallsContext['onCommitted'] {
  const { config, broker, metrics, log, opened, atFailPoint, origin } = context
  const { worker, api, downloads } = context.pools
  const relay = startOutboxRelay({ broker, db: worker, log, atFailPoint })
  opened('outbox relay', () => relay.close())
  const mailer = openMailer({
    smtpUrl: config.smtpUrl,
    from: config.mailFrom,
    folder: join(config.dataDir, 'mail'),
  })
  opened('mailer', async () => mailer.close())
  const attachReports = attachReportsInTurn({ worker, api: downloads, clock: Date.now })
  const findResetFacts = openResetFacts({ db: api, origin })
  const mails = startMailDelivery({
    db: worker,
    mailer,
    log,
    atFailPoint,
    findTemplates: (mail) => findTemplates(worker.$client, mail),
    async findPresentFacts(mail) {
      return mail.kind === 'password-reset' ? findResetFacts(mail) : findReminderFacts(worker.$client, mail)
    },
    makeAttachments: async (attachments) => [
      ...(await attachInvoices(worker.$client, attachments)),
      ...(await attachReports(attachments)),
    ],
  })
  opened('mail delivery', () => mails.close(), { maxMs: 8000 })

  const webhookMetrics = openWebhookMetrics(metrics)
  const webhooks = startWebhookDelivery({
    db: worker,
    privateHosts: config.webhookPrivateHosts,
    log,
    onAttempt: webhookMetrics.count,
  })
  opened('webhook delivery', () => webhooks.close(), { maxMs: 11_000 })

  return (what) => {
    if (what.facts) relay.wake()
    if (what.mails) mails.wake()
  }
}
