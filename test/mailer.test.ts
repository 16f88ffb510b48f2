import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isMailAddress, MailRefused, type OutgoingMail, openMailer } from '../src/mailer.ts'
import { openSmtpSink, type SmtpSink } from './notifications/smtp-sink.ts'
import { testFolder } from './servers.ts'

const test = suite<{ sink: SmtpSink }>('openMailer')

test.before.each(async (world) => {
  world.sink = await openSmtpSink()
})
test.after.each(({ sink }) => sink.close())

const aMail = (with_: Partial<OutgoingMail> = {}): OutgoingMail => ({
  id: '019b7e5c-1111-7000-8000-0000001f3a9c',
  to: 'noc@acme.example.com',
  subject: 'Acme: límite diario alcanzado',
  text: 'Límite: 5,00 €\n',
  html: '<p>Límite: 5,00 €</p>',
  createdAt: Date.UTC(2026, 0, 2, 10, 0, 0),
  topic: 'max-daily-usage-Acme Ñandú, S.L.',
  ...with_,
})

const folder = () => mkdtempSync(join(testFolder(), 'mail-'))

function open(smtpUrl: string | null, with_: { from?: string; folder?: string; timeoutMs?: number } = {}) {
  return openMailer({
    smtpUrl,
    from: 'Tollgate Billing <billing@op.example.com>',
    folder: folder(),
    ...with_,
  })
}

async function refusalOf(sending: Promise<unknown>): Promise<unknown> {
  return sending.then(
    () => assert.unreachable('it was sent'),
    (error: unknown) => error,
  )
}

test('a mail arrives as text and HTML, in UTF-8, under its own id', async ({ sink }) => {
  const mailer = open(sink.url)
  assert.equal(await mailer.send(aMail()), { file: null })
  mailer.close()
  const [mail] = sink.mails
  assert.equal(mail?.recipients, ['noc@acme.example.com'])
  assert.is(mail?.parsed.subject, 'Acme: límite diario alcanzado')
  assert.is(mail?.parsed.text?.trim(), 'Límite: 5,00 €')
  assert.match(String(mail?.parsed.html), '<p>Límite: 5,00 €</p>')
  assert.is(mail?.parsed.from?.text, '"Tollgate Billing" <billing@op.example.com>')
  assert.is(mail?.parsed.messageId, '<019b7e5c-1111-7000-8000-0000001f3a9c@op.example.com>')
  assert.is(mail?.parsed.date?.toISOString(), '2026-01-02T10:00:00.000Z')
})

test('the same mail sent again bears the same Message-ID', async ({ sink }) => {
  const mailer = open(sink.url)
  await mailer.send(aMail())
  await mailer.send(aMail())
  mailer.close()
  assert.is(sink.mails.length, 2)
  assert.is(sink.mails[0]?.parsed.messageId, sink.mails[1]?.parsed.messageId)
})

test('a 5xx to sender, recipient or data is for good, a 4xx is not', async ({ sink }) => {
  for (const place of ['mailFrom', 'rcpt', 'data'] as const) {
    const mailer = open(sink.url)
    sink.behaviour = { [place]: 550 }
    assert.instance(await refusalOf(mailer.send(aMail())), MailRefused, place)
    sink.behaviour = { [place]: 451 }
    assert.not.instance(await refusalOf(mailer.send(aMail())), MailRefused, place)
    mailer.close()
  }
})

test('a server that takes no mail at all does not condemn this one', async ({ sink }) => {
  sink.behaviour = { greeting: 554 }
  const mailer = open(sink.url)
  assert.not.instance(await refusalOf(mailer.send(aMail())), MailRefused)
  mailer.close()
  const nobody = open('smtp://127.0.0.1:1')
  assert.not.instance(await refusalOf(nobody.send(aMail())), MailRefused)
  nobody.close()
})

test('a server that never greets is given up', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const mailer = open(`smtp://127.0.0.1:${port}`, { timeoutMs: 50 })
  assert.not.instance(await refusalOf(mailer.send(aMail())), MailRefused)
  mailer.close()
  silent.close()
})

test('no address or subject makes a second header or a second recipient', async ({ sink }) => {
  const mailer = open(sink.url)
  const breaks = ['\r\n', '\n', '\r', '\u0000', '\u2028', '\u2029', '\u0085', '\u000b', '\u000c', '\u001b']
  for (const ending of breaks) {
    const to = `noc@acme.example.com${ending}Bcc: x@evil.example`
    const subject = `Hello${ending}Bcc: x@evil.example`
    assert.instance(await refusalOf(mailer.send(aMail({ to }))), MailRefused, JSON.stringify(to))
    assert.instance(await refusalOf(mailer.send(aMail({ subject }))), MailRefused, JSON.stringify(subject))
    const from = { name: `Telco${ending}Bcc: x@evil.example`, address: null }
    assert.instance(await refusalOf(mailer.send(aMail({ from }))), MailRefused, JSON.stringify(from))
    const sender = { name: 'Telco', address: to }
    assert.instance(
      await refusalOf(mailer.send(aMail({ from: sender }))),
      MailRefused,
      JSON.stringify(sender),
    )
    assert.instance(await refusalOf(mailer.send(aMail({ replyTo: to }))), MailRefused, JSON.stringify(to))
    assert.instance(await refusalOf(mailer.send(aMail({ copyTo: to }))), MailRefused, JSON.stringify(to))
  }
  const lists = [
    'a@x.example,b@y.example',
    'a@x.example;b@y.example',
    'a@x.example b@y.example',
    'Someone <a@x.example>',
    '<a@x.example>',
    '"a b"@x.example',
    'a@x.example (comment)',
    'group:a@x.example;',
    'a@[127.0.0.1]',
    'a@x.example>NOTIFY=SUCCESS',
    '@x.example',
    'a@',
    'a',
    '',
    'a@b@c.example',
    'a@x..example',
    `${'a'.repeat(65)}@x.example`,
    `a@${'x'.repeat(260)}.example`,
  ]
  for (const to of lists) assert.instance(await refusalOf(mailer.send(aMail({ to }))), MailRefused, to)
  mailer.close()
  assert.is(sink.mails.length, 0)
})

test('a brand sends by its own name and address, and a copy names the one who got the mail', async ({
  sink,
}) => {
  const mailer = open(sink.url)
  const from = { name: 'Telco, «Ibérica» <S.L.>', address: 'facturas@telco.example' }
  await mailer.send(aMail({ from, replyTo: 'ayuda@telco.example' }))
  await mailer.send(aMail({ from: { name: 'Telco', address: null }, copyTo: 'archive@telco.example' }))
  mailer.close()
  const [mail, copy] = sink.mails
  assert.equal(mail?.parsed.from?.value, [{ name: from.name, address: from.address }])
  assert.is(mail?.parsed.replyTo?.text, 'ayuda@telco.example')
  assert.equal(mail?.recipients, ['noc@acme.example.com'])
  assert.equal(copy?.parsed.from?.value, [{ name: 'Telco', address: 'billing@op.example.com' }])
  assert.equal(copy?.recipients, ['archive@telco.example'])
  for (const sent of [mail, copy]) {
    const to = sent?.parsed.to
    assert.is(Array.isArray(to) ? '' : to?.text, 'noc@acme.example.com')
    assert.is(sent?.parsed.messageId, '<019b7e5c-1111-7000-8000-0000001f3a9c@op.example.com>')
    assert.is(sent?.parsed.bcc, undefined)
  }
})

test('ordinary addresses pass', () => {
  for (const address of [
    'a@x.example',
    'first.last+tag@sub.x.example',
    "o'hara@x.example",
    'ñ@españa.example',
  ]) {
    assert.ok(isMailAddress(address), address)
  }
})

test('without a server mails become files that say what they are', async () => {
  const into = folder()
  const mailer = open(null, { folder: join(into, 'mail') })
  const { file } = await mailer.send(aMail())
  await mailer.send(aMail())
  const name = '2026-01-02T10-00-00Z-max-daily-usage-acme-nandu-s-l-1f3a9c.eml'
  assert.is(file, join(into, 'mail', name))
  assert.equal(readdirSync(join(into, 'mail')), [name])
  const parsed = await simpleParser(readFileSync(join(into, 'mail', name)))
  assert.is(parsed.subject, 'Acme: límite diario alcanzado')
  assert.instance(await refusalOf(mailer.send(aMail({ to: 'a@x.example\nBcc: b@y.example' }))), MailRefused)
  mailer.close()
})

test('a name cannot lead a file out of its folder', async () => {
  const into = folder()
  const mailer = open(null, { folder: into })
  await mailer.send(aMail({ topic: '../../etc/passwd' }))
  await mailer.send(aMail({ topic: '…', id: '2' }))
  assert.equal(readdirSync(into).sort(), [
    '2026-01-02T10-00-00Z-etc-passwd-1f3a9c.eml',
    '2026-01-02T10-00-00Z-mail-2.eml',
  ])
  mailer.close()
})

test('a sender that is no address stops the start', () => {
  for (const from of ['', 'billing', 'Billing <billing>', 'a@x.example\r\nBcc: b@y.example']) {
    assert.throws(() => open(null, { from }), /MAIL_FROM/)
  }
})

test.run()
