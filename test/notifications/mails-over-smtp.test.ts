import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readEventMessage } from '../../src/calls/call-messages.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { attachInvoices } from '../../src/invoices/attach-invoices.ts'
import { appendMails } from '../../src/ledger/store/append-mails.ts'
import { openMailer } from '../../src/mailer.ts'
import { startMailDelivery } from '../../src/notifications/deliver-mails.ts'
import { findTemplates } from '../../src/notifications/find-templates.ts'
import { newId } from '../../src/uuid.ts'
import { makeTenant, must, openTestApi } from '../api/test-api.ts'
import { until } from '../events/broker-door.ts'
import { testFolder } from '../servers.ts'
import { openSmtpSink } from './smtp-sink.ts'

const test = suite('mails of every kind over SMTP')
const api = await openTestApi()
const sink = await openSmtpSink()
const { worker } = api.context
const mailer = openMailer({ smtpUrl: sink.url, from: 'billing@op.example.com', folder: testFolder() })
const delivery = startMailDelivery({
  db: worker,
  mailer,
  findTemplates: (mail) => findTemplates(worker.$client, mail),
  makeAttachments: (attachments) => attachInvoices(worker.$client, attachments),
  pollMs: 20,
  retryMs: { first: 20, max: 50 },
})
api.callsContext.onCommitted = () => delivery.wake()
const tenant = await makeTenant(api)
const recipient = 'noc@acme.example.com'
const send = (method: string, path: string, body: unknown) =>
  must(api.send(method, path, { key: tenant.brandKey, body }))
const { id: clientId } = await send('POST', '/v1/clients', {
  name: 'Acme & Hijos',
  sipDomain: 'hijos.example.com',
  language: 'es',
  timeZone: 'Asia/Kathmandu',
  maxDailyUsage: '1000',
  maxDailyUsageEmail: recipient,
})
const client = `/v1/clients/${clientId}`

test.before(async () => {
  const deck = await send('POST', '/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  const steps = [{ rate: '1234.5', perSeconds: 60, incrementSeconds: 60 }]
  await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    { prefix: '346', destination: 'Spain mobile', steps },
  ])
  const entries = [{ rateDeckId: deck.id }]
  const plan = await send('POST', '/v1/rating-plans', { name: 'Plan', currency: 'EUR', entries })
  const profile = { ratingPlanId: plan.id, activatesAt: '2026-01-01T00:00:00Z' }
  await send('POST', `${client}/rating-profiles`, profile)
})
test.before.each(async () => {
  sink.behaviour = {}
  sink.mails.length = 0
})
test.after(async () => {
  await delivery.close()
  mailer.close()
  await sink.close()
  await api.close()
})

/** 60 seconds to Spain, begun at 18:30 UTC, when the next day has begun in Kathmandu. */
async function call(callId: string): Promise<void> {
  const at = '2026-01-31T18:30:00Z'
  const end = {
    callId,
    client: clientId,
    from: '+34911000111',
    to: '+34600111222',
    startedAt: at,
    answeredAt: at,
    endedAt: '2026-01-31T18:31:00Z',
  }
  const raw = {
    subject: 'calls.end',
    body: '{}',
    subjectClient: null,
    brandId: null,
    receivedAt: Date.now(),
    deliveries: 1,
  }
  const event = readEventMessage('end', end, raw)
  if ('badInstant' in event) throw new Error(event.badInstant)
  // As it ends: of a day that is over nobody is told.
  const context = { ...api.callsContext, clock: () => Date.parse(end.endedAt) }
  await settleCalls(context, { events: [event], undeliverable: [] })
}

/** The one mail that came; the spaces that Intl puts before a currency as plain ones. */
async function theMail() {
  delivery.wake()
  await until('the mail has come', () => sink.mails.length > 0)
  assert.is(sink.mails.length, 1)
  const [mail] = sink.mails
  assert.ok(mail)
  const typed = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
  return {
    ...mail,
    subject: typed(mail.parsed.subject ?? ''),
    text: typed(mail.parsed.text ?? ''),
    html: typed(String(mail.parsed.html)),
  }
}

test('a call that reaches the daily limit: in Spanish, of the day in Kathmandu, escaped in HTML alone', async () => {
  await call('one')
  const { parsed, recipients, subject, text, html } = await theMail()
  assert.equal(recipients, [recipient])
  assert.is(subject, 'Acme & Hijos: límite diario alcanzado el 1 de febrero de 2026')
  for (const fact of ['Acme & Hijos', '1 de febrero de 2026 (Asia/Kathmandu)', '1000,00 €', '1234,50 €']) {
    assert.ok(text.includes(fact), `${fact} in ${text}`)
  }
  assert.match(html, 'Acme &amp; Hijos')
  assert.match(html, '1234,50 €')
  // Who sends is the brand, by the address of the service.
  const { name: brandName } = await must(api.send('GET', `/v1/brands/${tenant.brandId}`))
  assert.equal(parsed.from?.value, [{ name: brandName, address: 'billing@op.example.com' }])
  assert.equal(parsed.attachments, [])
})

test('a balance that falls through a threshold: what is left, and the threshold', async () => {
  await send('POST', `${client}/balance-movements`, { kind: 'top-up', amount: '2000' })
  await send('POST', `${client}/balance-alerts`, { threshold: '10', email: recipient })
  await send('POST', `${client}/balance-movements`, {
    kind: 'adjustment',
    amount: '-770',
    reference: 'set-up',
  })
  const { subject, text, html } = await theMail()
  assert.is(subject, 'Acme & Hijos: el saldo es de -4,50 €')
  assert.match(text, /Umbral: +10,00 €/)
  assert.match(text, /\d+ de [a-z]+ de 20\d\d.*\(Asia\/Kathmandu\)/)
  assert.match(html, '-4,50 €')
})

test('an issued invoice: its sums in words of the client, the PDF under its number, and its calls', async () => {
  const sequence = await send('POST', '/v1/invoice-number-sequences', { name: 'main', prefix: 'F', width: 4 })
  const term = { clientId, numberSequenceId: sequence.id }
  const { id } = await send('POST', '/v1/invoices', { ...term, from: '2026-02-01', to: '2026-03-01' })
  await send('PATCH', client, { invoiceData: { legalName: 'Acme & Hijos, S.L.', email: recipient } })
  await send('POST', `/v1/invoices/${id}/issue`, {})
  const { parsed, subject, text } = await theMail()
  assert.match(subject, /^Factura F0001 de .+ para Acme & Hijos/)
  assert.match(text, '1 de febrero de 2026 – 28 de febrero de 2026')
  assert.match(text, /Total: +1234,50 €/)
  assert.match(text, /Vencimiento: +\d+ de [a-z]+ de 20\d\d/)
  assert.equal(
    parsed.attachments.map(({ filename, contentType }) => [filename, contentType]),
    [
      ['F0001.pdf', 'application/pdf'],
      ['F0001.calls.pdf', 'application/pdf'],
    ],
  )
  for (const { content } of parsed.attachments) {
    assert.is(content.subarray(0, 5).toString(), '%PDF-')
    assert.match(content.subarray(-32).toString(), '%%EOF')
  }
})

test('a credit note is called one', async () => {
  const { data } = await must(api.send('GET', '/v1/invoices', { key: tenant.brandKey }))
  await send('POST', `/v1/invoices/${data[0].id}/credit-notes`, { reason: 'a mistake' })
  const { parsed, subject, text } = await theMail()
  assert.match(subject, /^Factura rectificativa F0002 de/)
  assert.match(text, /Total: +-1234,50 €/)
  assert.not.match(text, 'Vencimiento')
  assert.is(parsed.attachments[0]?.filename, 'F0002.pdf')
})

test('a call report: calls, duration and amount', async () => {
  await appendMails(worker.$client, [aReport()])
  const { subject, text } = await theMail()
  assert.match(subject, 'Acme')
  for (const fact of ['12.345', '31:05:09', '99,1234 €', '31 de enero de 2026']) {
    assert.ok(text.includes(fact), `${fact} in ${text}`)
  }
})

test('a bounce is shown with its words, and sent again under the same Message-ID', async () => {
  sink.behaviour = { rcpt: 550 }
  const report = aReport()
  await appendMails(worker.$client, [report])
  delivery.wake()
  const failed = '/v1/mails?status=failed&kind=call-report'
  const list = async (query = '') =>
    (await must(api.send('GET', failed + query, { key: tenant.brandKey }))).data
  await until('it has failed', async () => (await list()).length > 0)
  const [mail] = await list(`&clientId=${clientId}`)
  assert.equal(
    [mail.id, mail.recipient, mail.attempts, mail.nextAttemptAt, mail.sentAt],
    [report.id, recipient, 1, null, null],
  )
  assert.match(mail.lastError, '550')
  assert.equal(await list(`&clientId=${newId()}`), [])
  assert.is((await api.send('POST', `/v1/mails/${mail.id}/retry`, { key: tenant.financeKey })).status, 403)

  sink.behaviour = {}
  const again = await api.send('POST', `/v1/mails/${mail.id}/retry`, { key: tenant.brandKey })
  assert.equal([again.status, again.body.status], [202, 'pending'])
  const { parsed } = await theMail()
  assert.is(parsed.messageId, `<${report.id}@op.example.com>`)
  const read = () => must(api.send('GET', `/v1/mails/${mail.id}`, { key: tenant.financeKey }))
  await until('it is sent', async () => (await read()).status === 'sent')
  assert.is((await read()).lastError, null)
  const twice = await api.send('POST', `/v1/mails/${mail.id}/retry`, { key: tenant.brandKey })
  assert.equal([twice.status, twice.body.code], [409, 'mail_not_failed'])
  assert.equal(await list(), [])
  const [entry] = (await must(api.send('GET', '/v1/audit-log', { key: tenant.brandKey }))).data
  assert.equal([entry.resource, entry.resourceId, entry.action], ['mails', mail.id, 'update'])
})

test('a payment gets a receipt, unless the brand sends none', async () => {
  const { data } = await must(api.send('GET', '/v1/invoices', { key: tenant.brandKey }))
  const [term] = data
  // What was topped up before is left alone.
  await must(api.send('PATCH', client, { body: { autoAllocate: false } }))
  const { id } = await send('POST', '/v1/invoices', {
    clientId,
    numberSequenceId: term.numberSequenceId,
    from: '2026-02-01',
    to: '2026-03-01',
  })
  await send('POST', `/v1/invoices/${id}/issue`, {})
  await theMail()
  sink.mails.length = 0
  await send('POST', `/v1/invoices/${id}/payments`, {
    amount: '234.50',
    method: 'transfer',
    reference: 'RF 18',
  })
  const { recipients, subject, text } = await theMail()
  assert.equal(recipients, [recipient])
  assert.match(subject, /^Recibo de .+: pago de la factura F0003 para Acme & Hijos/)
  assert.match(text, /Importe: +234,50 €/)
  assert.match(text, /Referencia: +RF 18/)
  assert.match(text, /Pendiente: +1000,00 €/)
  await must(api.send('PATCH', `/v1/brands/${tenant.brandId}`, { body: { paymentReceipts: false } }))
  await send('POST', `/v1/invoices/${id}/payments`, { amount: '1000' })
  const rows = await worker.$client`select 1 from mails where kind = 'payment-receipt'`
  assert.is(rows.length, 1)
})

test("the client's template comes before the brand's default one, that before ours, each by language", async () => {
  const template = (name: string, isDefault: boolean, languages: string[]) =>
    send('POST', '/v1/notification-templates', {
      name,
      kind: 'call-report',
      isDefault,
      contents: Object.fromEntries(
        languages.map((language) => [
          language,
          {
            subject: `${name} ${language}: {{ calls }}`,
            text: '{{ amount }}',
            html: '<b>{{ clientName }}</b>',
          },
        ]),
      ),
    })
  const own = await template('own', false, ['es', 'pt-BR'])
  await template('default', true, ['es', 'it'])
  await template('other', false, ['es', 'it', 'ca'])
  const subjectIn = async (language: string) => {
    sink.mails.length = 0
    await appendMails(worker.$client, [aReport(language)])
    return (await theMail()).subject
  }
  assert.is(await subjectIn('es'), 'default es: 12.345')
  await send('PATCH', client, { notificationTemplates: { callReport: own.id.toUpperCase() } })
  assert.is(await subjectIn('es'), 'own es: 12.345')
  assert.is(await subjectIn('es-MX'), 'own es: 12,345')
  assert.is(await subjectIn('pt-BR'), 'own pt-BR: 12.345')
  assert.is(await subjectIn('it'), 'default it: 12.345')
  assert.match(await subjectIn('ca'), /^Trucades del client Acme & Hijos, 1 de gener/)
  assert.match(await subjectIn('de'), /^Anrufe von Acme & Hijos, 1\. Januar/)
})

test('a mail without a client takes the default template of its brand, never that of another', async () => {
  const stranger = await makeTenant(api)
  const contents = { es: { subject: 'stranger', text: 't', html: 'h' } }
  const body = { name: 'Theirs', kind: 'call-report', isDefault: true, contents }
  await must(api.send('POST', '/v1/notification-templates', { key: stranger.brandKey, body }))
  const found = (brandId: string, clientId: string | null) =>
    findTemplates(worker.$client, { kind: 'call-report', brandId, clientId })
  assert.equal(await found(stranger.brandId, null), [contents])
  assert.equal(await found(stranger.brandId, stranger.clientId), [contents])
  const ours = await found(tenant.brandId, clientId)
  assert.equal(
    ours.map((set) => Object.keys(set).sort()),
    [
      ['es', 'pt-BR'],
      ['es', 'it'],
    ],
  )
  assert.equal(await findTemplates(worker.$client, { kind: 'invoice', ...stranger }), [])
})

function aReport(language = 'es') {
  return {
    id: newId(),
    kind: 'call-report' as const,
    source: newId(),
    brandId: tenant.brandId,
    clientId,
    recipient,
    content: {
      clientName: 'Acme & Hijos',
      language,
      timeZone: 'Asia/Kathmandu',
      currency: 'EUR',
      from: '2026-01-01',
      to: '2026-02-01',
      calls: 12_345,
      durationSeconds: 111_909,
      amount: '99.1234',
    },
    createdAt: Date.UTC(2026, 1, 1, 10),
  }
}

test.run()
