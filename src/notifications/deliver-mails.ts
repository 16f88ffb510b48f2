/**
 * How do mails leave? From their outbox, rendered when they are sent, by whichever replica claims them.
 *
 * No answer or a 4xx: tried again after 30 s, 1 min, 2 min … 1 h, for ever, under the same Message-ID. A 5xx, an
 * address that is none, a template that cannot be rendered, or an attachment that is gone: `failed`, with the reason,
 * shown by the API. A mail server that is down holds up nothing but mails. A mail is one sender's as long as that one
 * renews its lease, however long its report takes. A process that dies after the server took a mail may send it twice.
 * What a mail tells is asked for once more before it leaves: one that is no longer so is `cancelled`. A brand's blind copy
 * is a mail of its own, written when the first was sent.
 * Source: docs/reliability.md.
 */

import type { Db } from '../db/connection.ts'
import {
  cancelMail,
  claimMails,
  holdMail,
  markMailFailed,
  markMailSent,
  postponeMail,
  type WaitingMail,
} from '../db/messages/mails.ts'
import { errorMessage, NotFound } from '../errors.ts'
import type { AtFailPoint } from '../fail-points.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import { type Mailer, MailRefused, type OutgoingMail } from '../mailer.ts'
import { repeat } from '../repeat.ts'
import { newId } from '../uuid.ts'
import { withinTime } from '../within-time.ts'
import { builtInTemplate, chooseTemplate, type TemplateSet } from './choose-template.ts'
import { checkMailContent, findMailKind, type MailKind } from './mail-content.ts'
import type { MailTemplate } from './mail-template.ts'
import { type MailView, mailView } from './mail-view.ts'
import { type RenderedMail, renderMail } from './render-mail.ts'
import { renderInThread, TemplateNotRendered } from './template-work.ts'

export interface MailDeliveryContext {
  db: Db
  mailer: Mailer
  log?: Log
  /** The client's and the brand's own templates of a kind, in that order. */
  findTemplates?(mail: { kind: MailKind; clientId: string | null; brandId: string }): Promise<TemplateSet[]>
  /** What is so now of what a mail of the kind tells; null: nothing that is to be told any more. */
  findPresentFacts?(mail: WaitingMail): Promise<Facts | null>
  /** Makes what a mail carries, from `attachments` of its row. */
  makeAttachments?(attachments: unknown): Promise<MadeAttachment[]>
  pollMs?: number
  /** How long a mail is this sender's unless it says that it still has it. */
  leaseMs?: number
  retryMs?: { first: number; max: number }
  atFailPoint?: AtFailPoint | undefined
}

export type MadeAttachment = NonNullable<OutgoingMail['attachments']>[number] & {
  /** What the mail tells of it, over what was written when the mail was ordered. */
  facts?: Record<string, unknown>
}

export interface MailDelivery {
  /** There are new mails. */
  wake(): void
  state(): { sent: number; failed: number; postponed: number; cancelled: number }
  /** Finishes the mails being sent, for 10 s at most. */
  close(): Promise<void>
}

const claimedAtOnce = 10
/** Renewed while a mail is made; before it leaves it is made sure that nobody else has taken it meanwhile. */
const usualLeaseMs = 5 * 60 * 1000
const stopMs = 10_000

export function startMailDelivery(context: MailDeliveryContext): MailDelivery {
  const { db, log = silentLog, pollMs = 1000, leaseMs = usualLeaseMs } = context
  const count = { sent: 0, failed: 0, postponed: 0, cancelled: 0 }
  const leaseFailures = logOnce(log, 'mail_lease_not_renewed')
  // Pauses between two tries of one mail grow to an hour.
  const postponements = logOnce(log, 'mail_postponed', { quietMs: 2 * 3_600_000 })

  async function pass(): Promise<number> {
    const claimed = await claimMails(db.$client, { now: Date.now(), leaseMs, limit: claimedAtOnce })
    await Promise.all(claimed.map(deliver))
    return claimed.length === claimedAtOnce ? claimed.length : 0
  }

  async function deliver(mail: WaitingMail): Promise<void> {
    const hold = () => holdMail(db.$client, { ...mail, until: Date.now() + leaseMs })
    const renewal = setInterval(() => {
      hold().then(leaseFailures.over, (error: unknown) => leaseFailures.failed(error, { id: mail.id }))
    }, leaseMs / 4)
    const outcome = await send(context, mail, hold).finally(() => clearInterval(renewal))
    if (outcome.result === 'taken') return
    count[outcome.result] += 1
    if (outcome.result === 'sent') {
      postponements.over()
      context.atFailPoint?.('inv_mailed')
      const sentAt = Date.now()
      const { file, present } = outcome
      const to = copyRecipient(mail)
      const copy = to === null ? null : { id: newId(sentAt), to, present }
      await markMailSent(db.$client, { id: mail.id, sentAt, file, copy })
    } else if (outcome.result === 'cancelled') {
      log.info({ event: 'mail_cancelled', id: mail.id, kind: mail.kind })
      await cancelMail(db.$client, { id: mail.id, reason: outcome.error })
    } else if (outcome.result === 'failed') {
      log.error({ event: 'mail_failed', id: mail.id, kind: mail.kind, error: outcome.error })
      await markMailFailed(db.$client, { id: mail.id, error: outcome.error })
    } else {
      postponements.failed(outcome.error, { id: mail.id, kind: mail.kind, attempts: mail.attempts })
      await postponeMail(db.$client, {
        id: mail.id,
        until: Date.now() + retryDelay(mail.attempts, context.retryMs),
        error: outcome.error,
      })
    }
  }

  const passes = repeat('mails', { log, everyMs: pollMs, event: 'mail_pass_failed' }, pass)
  return {
    wake: passes.wake,
    state: () => ({ ...count }),
    close: () => withinTime(passes.close(), stopMs, () => {}),
  }
}

/** 30 s, doubled with each try, up to an hour. */
export function retryDelay(attempts: number, retryMs = { first: 30_000, max: 3_600_000 }): number {
  return Math.min(retryMs.max, retryMs.first * 2 ** Math.min(attempts - 1, 30))
}

type Facts = Record<string, unknown>

type Outcome =
  | { result: 'sent'; file: string | null; present: Facts }
  | { result: 'failed'; error: string }
  | { result: 'postponed'; error: string }
  /** What it tells is no longer so. */
  | { result: 'cancelled'; error: string }
  /** Another sender has it: making it took so long, without a word to the database, that it seemed given up. */
  | { result: 'taken' }

async function send(
  context: MailDeliveryContext,
  mail: WaitingMail,
  hold: () => Promise<boolean>,
): Promise<Outcome> {
  let outgoing: OutgoingMail
  let present: Facts
  try {
    present = await presentFacts(context, mail)
    outgoing = await makeMail(context, mail, present)
  } catch (error) {
    if (error instanceof MailOutdated) return { result: 'cancelled', error: error.message }
    // Templates and attachments that need the database may succeed later; what is written wrong or gone never does.
    const isFinal = error instanceof MailNotMade || error instanceof NotFound
    return { result: isFinal ? 'failed' : 'postponed', error: describeError(error) }
  }
  try {
    if (!(await hold())) return { result: 'taken' }
    return { result: 'sent', file: (await context.mailer.send(outgoing)).file, present }
  } catch (error) {
    return { result: error instanceof MailRefused ? 'failed' : 'postponed', error: describeError(error) }
  }
}

class MailNotMade extends Error {}
class MailOutdated extends Error {}

/** A copy says what its mail said. */
async function presentFacts({ findPresentFacts }: MailDeliveryContext, mail: WaitingMail): Promise<Facts> {
  if (mail.original !== null || !findPresentFacts) return {}
  const present = await findPresentFacts(mail)
  if (present === null) throw new MailOutdated('what it tells is no longer so')
  return present
}

async function makeMail(
  context: MailDeliveryContext,
  mail: WaitingMail,
  present: Facts,
): Promise<OutgoingMail> {
  const kind = findMailKind(mail.kind)
  if (!kind) throw new MailNotMade(`there is no mail of the kind "${mail.kind}"`)
  const stored = await context.findTemplates?.({ kind, clientId: mail.clientId, brandId: mail.brandId })
  const made = (await context.makeAttachments?.(mail.attachments)) ?? []
  try {
    const facts = Object.assign({}, mail.content, present, ...made.map(({ facts }) => facts))
    const content = checkMailContent(kind, facts)
    const template = chooseTemplate({ kind, language: content.language, stored: stored ?? [] })
    const sender = chooseSender(mail)
    const view = mailView(content, { brand: sender.name })
    const isBuiltIn = template === builtInTemplate(kind, content.language)
    return {
      ...(isBuiltIn ? renderMail(template, view) : await renderOwn(mail.brandId, template, view)),
      id: mail.original?.id ?? mail.id,
      from: sender,
      replyTo: mail.brand.mail?.replyTo ?? null,
      ...(mail.original === null
        ? { to: mail.recipient }
        : { to: mail.original.recipient, copyTo: mail.recipient }),
      createdAt: mail.createdAt,
      topic: `${kind}-${view.clientName}`,
      attachments: made.map(({ facts: _told, ...attachment }) => attachment),
    }
  } catch (error) {
    if (error instanceof ThreadFailed) throw error
    throw new MailNotMade(describeError(error), { cause: error })
  }
}

/** Whose name a mail bears: the brand's, whatever MAIL_FROM is called. */
function chooseSender({ brand }: WaitingMail): { name: string; address: string | null } {
  return { name: brand.mail?.fromName ?? brand.name, address: brand.mail?.fromAddress ?? null }
}

/** Copies are not copied, nor is what the brand got as the recipient, nor what opens somebody's account. */
function copyRecipient({ kind, original, brand, recipient }: WaitingMail): string | null {
  if (kind === 'password-reset') return null
  const to = brand.mail?.bcc ?? null
  return original === null && to !== recipient ? to : null
}

/** No word about the template: the mail is tried again. */
class ThreadFailed extends Error {}

async function renderOwn(brandId: string, template: MailTemplate, view: MailView): Promise<RenderedMail> {
  try {
    return await renderInThread(`mails of ${brandId}`, { template, view })
  } catch (error) {
    if (error instanceof TemplateNotRendered) throw error
    throw new ThreadFailed(`the template was not rendered: ${describeError(error)}`, { cause: error })
  }
}

function describeError(error: unknown): string {
  return errorMessage(error).replaceAll('\u0000', ' ').slice(0, 1000)
}
