/**
 * Sends one mail: to the SMTP server of SMTP_URL, else as a file under `DATA_DIR/mail`.
 *
 * Line breaks and NUL in an address, a name or a subject are refused, never cleaned away: whoever wrote them meant
 * another header or another recipient. The envelope names exactly one recipient: a blind copy is a sending of its own,
 * so that neither waits for the other's server. The same mail sent twice, or copied, bears the same Message-ID, whatever
 * address it comes from by then, so that the receiving side can tell.
 * Throws `MailRefused` where trying again cannot help (a 5xx answer, an address that is none), any other error
 * where it may (no connection, 4xx, a login that fails: the operator's to mend).
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'

export interface OutgoingMail {
  /** Unique; the left half of the Message-ID. */
  id: string
  /** The brand that sends; left out: MAIL_FROM alone. */
  from?: { name: string; address: string | null }
  replyTo?: string | null
  to: string
  /** Gets it instead, as a blind copy: the mail itself names `to` alone. */
  copyTo?: string
  subject: string
  text: string
  html: string
  /** Epoch milliseconds; the Date header. */
  createdAt: number
  /** What the file is called after its date, such as `max-daily-usage-acme`. */
  topic: string
  attachments?: readonly { filename: string; content: Buffer; contentType: string }[]
}

export interface Mailer {
  /** Path of the file where no SMTP server is set, else null. */
  send(mail: OutgoingMail): Promise<{ file: string | null }>
  close(): void
}

export interface MailerOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; null: files. */
  smtpUrl: string | null
  /** `billing@example.com` or `Example Billing <billing@example.com>`. */
  from: string
  folder: string
  /** Milliseconds for the connection and for the server's greeting; three times that for silence afterwards. */
  timeoutMs?: number
}

/** This mail will never be taken as it is. */
export class MailRefused extends Error {}

export function openMailer({ smtpUrl, from, folder, timeoutMs = 10_000 }: MailerOptions): Mailer {
  const sender = parseSender(from)
  return smtpUrl === null ? fileMailer(sender, folder) : smtpMailer(sender, smtpUrl, timeoutMs)
}

interface Sender {
  name: string
  address: string
  /** Right half of Message-IDs. */
  domain: string
}

function smtpMailer(sender: Sender, url: string, timeoutMs: number): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: 3 * timeoutMs,
  })
  return {
    async send(mail) {
      const message = composeMessage(sender, mail)
      try {
        await transport.sendMail(message)
      } catch (error) {
        throw isForGood(error)
          ? new MailRefused(`the mail server refused it: ${describeError(error)}`, { cause: error })
          : error
      }
      return { file: null }
    },
    close: () => transport.close(),
  }
}

function fileMailer(sender: Sender, folder: string): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    async send(mail) {
      const { message } = await transport.sendMail(composeMessage(sender, mail))
      if (!Buffer.isBuffer(message)) throw new Error('nodemailer gave a stream where a buffer was asked for')
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = join(folder, fileName(mail))
      await writeFile(`${file}.part`, message, { mode: 0o600 })
      await rename(`${file}.part`, file)
      return { file }
    },
    close: () => transport.close(),
  }
}

function composeMessage(sender: Sender, mail: OutgoingMail): SendMailOptions {
  const { from, to, replyTo = null, copyTo = to } = mail
  const name = from?.name ?? sender.name
  const address = from?.address ?? sender.address
  checkAddress(to, 'recipient')
  checkAddress(copyTo, 'recipient of copies')
  checkAddress(address, 'sender')
  if (replyTo !== null) checkAddress(replyTo, 'address for answers')
  checkLine(mail.subject, 'subject')
  checkLine(name, "sender's name")
  return {
    from: { name, address },
    ...(replyTo !== null && { replyTo: { name: '', address: replyTo } }),
    to: { name: '', address: to },
    envelope: { from: address, to: [copyTo] },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${mail.id}@${sender.domain}>`,
    date: new Date(mail.createdAt),
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: [...(mail.attachments ?? [])],
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** One plain address: no display name, no list, no comment, no quoted part. */
const plainAddress = /^[^\s\p{Cc}"(),:;<>@[\\\]]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u

export function isMailAddress(text: string): boolean {
  return text.length <= 254 && plainAddress.test(text) && !text.includes('..')
}

function checkAddress(address: string, whose: string): void {
  if (!isMailAddress(address)) throw new MailRefused(`the ${whose} is not one plain mail address`)
}

function checkLine(text: string, what: string): void {
  // Other control characters and the line ends of Unicode have no business in a header either.
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) {
    throw new MailRefused(`the ${what} holds a line break or another control character`)
  }
}

function parseSender(from: string): Sender {
  const [, name = '', bracketed] = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(from) ?? []
  const address = (bracketed ?? from).trim()
  if (!isMailAddress(address) || /\p{Cc}/u.test(name)) {
    throw new Error(
      'MAIL_FROM is not a mail address: write billing@example.com or "Name <billing@example.com>".',
    )
  }
  return { name, address, domain: address.slice(address.lastIndexOf('@') + 1) }
}

/** A server's 5xx to this mail; not to our login or to the connection as such, which concern all mails. */
function isForGood(error: unknown): boolean {
  if (!(error instanceof Error && 'responseCode' in error && 'command' in error)) return false
  const { responseCode, command } = error
  if (typeof responseCode !== 'number' || responseCode < 500 || responseCode > 599) return false
  return typeof command === 'string' && /^(MAIL FROM|RCPT TO|DATA)/.test(command)
}

function describeError(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  return words.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 500)
}

/** `2026-01-02T10-00-00Z-max-daily-usage-acme-1f3a9c.eml`; the end of the id keeps two of one second apart. */
function fileName({ createdAt, topic, id }: OutgoingMail): string {
  const at = `${new Date(createdAt).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
  const readable = topic
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80)
  return `${at}-${readable || 'mail'}-${id.replaceAll(/[^0-9a-zA-Z]/g, '').slice(-6)}.eml`
}
