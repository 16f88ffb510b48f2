import { randomUUID } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { claimMails } from '../../src/db/messages/mails.ts'
import { NotFound } from '../../src/errors.ts'
import type { Mail } from '../../src/ledger/mail.ts'
import { appendMails } from '../../src/ledger/store/append-mails.ts'
import { type Mailer, openMailer } from '../../src/mailer.ts'
import {
  type MailDelivery,
  type MailDeliveryContext,
  retryDelay,
  startMailDelivery,
} from '../../src/notifications/deliver-mails.ts'
import { newId } from '../../src/uuid.ts'
import { until } from '../events/broker-door.ts'
import { testDatabaseUrl, testFolder } from '../servers.ts'
import { openSmtpSink, type SmtpSink } from './smtp-sink.ts'

interface World {
  db: Db
  sink: SmtpSink
  mailers: Mailer[]
  deliveries: MailDelivery[]
}

const test = suite<World>('startMailDelivery')
const databaseUrl = await testDatabaseUrl()
const brandId = randomUUID()
const clientId = randomUUID()

test.before(async () => {
  const db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 1 })
  await db.$client`
    insert into brands (id, name, currency, time_zone, language) values (${brandId}, 'Brand', 'EUR', 'UTC', 'en')`
  await db.$client`
    insert into clients (id, brand_id, name, sip_domain, features, billing_method, language, time_zone, currency,
                         portal_visibility, notification_templates, recording)
    values (${clientId}, ${brandId}, 'Acme', 'acme.example.com', '{billing}', 'postpaid', 'es', 'Europe/Madrid', 'EUR',
            '{}', '{}', '{}')`
  await closeDatabase(db)
})
test.before.each(async (world) => {
  world.db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 3 })
  await world.db.$client`delete from mails`
  world.sink = await openSmtpSink()
  world.mailers = []
  world.deliveries = []
})
test.after.each(async ({ db, sink, mailers, deliveries }) => {
  for (const delivery of deliveries) await delivery.close()
  for (const mailer of mailers) mailer.close()
  await sink.close()
  await closeDatabase(db)
})

function deliver(
  world: World,
  smtpUrl: string | null = world.sink.url,
  makeAttachments?: NonNullable<MailDeliveryContext['makeAttachments']>,
  lease: Pick<MailDeliveryContext, 'leaseMs' | 'findPresentFacts'> = {},
): MailDelivery {
  const mailer = openMailer({
    smtpUrl,
    from: 'billing@op.example.com',
    folder: `${testFolder()}/mail`,
    timeoutMs: 500,
  })
  world.mailers.push(mailer)
  const delivery = startMailDelivery({
    db: world.db,
    mailer,
    pollMs: 20,
    retryMs: { first: 20, max: 50 },
    ...(makeAttachments ? { makeAttachments } : {}),
    ...lease,
  })
  world.deliveries.push(delivery)
  return delivery
}

async function setBrandMail(world: World, mail: object | null): Promise<void> {
  const nobody = { fromName: null, fromAddress: null, replyTo: null, bcc: null }
  const text = mail === null ? null : JSON.stringify({ ...nobody, ...mail })
  await world.db.$client`update brands set mail = ${text}::text::jsonb where id = ${brandId}`
}

const aMail = (with_: Partial<Mail> = {}): Mail => ({
  id: newId(),
  kind: 'max-daily-usage',
  source: `${clientId}:${randomUUID()}`,
  brandId,
  clientId,
  recipient: 'noc@acme.example.com',
  content: {
    clientName: 'Acme',
    limit: '5',
    usage: '5.12',
    currency: 'EUR',
    day: '2026-01-02',
    timeZone: 'Europe/Madrid',
    language: 'es',
  },
  createdAt: Date.UTC(2026, 0, 2, 10, 0, 0),
  ...with_,
})

interface Row {
  id: string
  status: string
  attempts: number
  last_error: string | null
  file: string | null
}

async function rows(world: World): Promise<Row[]> {
  return world.db.$client<Row[]>`select id, status, attempts, last_error, file from mails order by id`
}

const haveStatus = (world: World, status: string) => async () =>
  (await rows(world)).every((row) => row.status === status)

test('a mail is rendered in its language, sent once and marked', async (world) => {
  const mail = aMail()
  await appendMails(world.db.$client, [mail])
  const both = [deliver(world), deliver(world)]
  await until('it is sent', haveStatus(world, 'sent'))
  assert.is(world.sink.mails.length, 1)
  const [{ parsed, recipients } = { parsed: undefined, recipients: [] }] = world.sink.mails
  assert.equal(recipients, ['noc@acme.example.com'])
  assert.is(parsed?.subject, 'Acme: límite diario alcanzado el 2 de enero de 2026')
  assert.match(parsed?.text ?? '', /Consumido: +5,12\s€/)
  assert.is(parsed?.messageId, `<${mail.id}@op.example.com>`)
  assert.is(
    both.reduce((sum, delivery) => sum + delivery.state().sent, 0),
    1,
  )
})

test('the brand gets a copy of each mail once, whatever became of the first tries', async (world) => {
  const mail = aMail()
  await setBrandMail(world, {
    fromName: 'Telco',
    fromAddress: 'facturas@telco.example',
    bcc: 'archive@telco.example',
  })
  await appendMails(world.db.$client, [mail])
  world.sink.behaviour = { data: 451 }
  const both = [deliver(world), deliver(world)]
  await until('it was tried', async () => ((await rows(world))[0]?.attempts ?? 0) >= 2)
  world.sink.behaviour = {}
  await until(
    'both are sent',
    async () => world.sink.mails.length === 2 && (await haveStatus(world, 'sent')()),
  )
  assert.equal(
    world.sink.mails.map(({ recipients }) => recipients),
    [['noc@acme.example.com'], ['archive@telco.example']],
  )
  for (const { parsed } of world.sink.mails) {
    assert.equal(parsed.from?.value, [{ name: 'Telco', address: 'facturas@telco.example' }])
    assert.is(Array.isArray(parsed.to) ? '' : parsed.to?.text, 'noc@acme.example.com')
    assert.is(parsed.messageId, `<${mail.id}@op.example.com>`)
  }
  // Neither is copied again.
  for (const delivery of both) delivery.wake()
  assert.is((await rows(world)).length, 2)
  await setBrandMail(world, null)
})

test('what is no longer so does not leave, and nobody gets a copy', async (world) => {
  await setBrandMail(world, { bcc: 'archive@telco.example' })
  const [outdated, good] = [aMail(), aMail()]
  await appendMails(world.db.$client, [outdated, good])
  deliver(world, world.sink.url, undefined, {
    findPresentFacts: async ({ id }) => (id === outdated.id ? null : { usage: '6.00' }),
  })
  await until('the copy is sent', async () => world.sink.mails.length === 2)
  await until('all are marked', async () => (await rows(world)).every(({ status }) => status !== 'pending'))
  assert.equal(
    (await rows(world))
      .filter(({ id }) => id === outdated.id)
      .map(({ status, last_error }) => [status, last_error]),
    [['cancelled', 'what it tells is no longer so']],
  )
  for (const { parsed } of world.sink.mails) assert.match(parsed.text ?? '', /Consumido: +6,00\s€/)
  await setBrandMail(world, null)
})

test('a second mail for the same cause is never written', async (world) => {
  const mail = aMail()
  await appendMails(world.db.$client, [mail])
  await appendMails(world.db.$client, [{ ...mail, id: newId() }])
  deliver(world)
  await until('it is sent', haveStatus(world, 'sent'))
  assert.is(world.sink.mails.length, 1)
})

test('a 4xx is tried again until it is taken, under the same Message-ID', async (world) => {
  world.sink.behaviour = { data: 451 }
  const mail = aMail()
  await appendMails(world.db.$client, [mail])
  deliver(world)
  await until('it was tried three times', async () => ((await rows(world))[0]?.attempts ?? 0) >= 3)
  const [row] = await rows(world)
  assert.is(row?.status, 'pending')
  assert.match(row?.last_error ?? '', '451')
  world.sink.behaviour = {}
  await until('it is sent', haveStatus(world, 'sent'))
  assert.is(world.sink.mails[0]?.parsed.messageId, `<${mail.id}@op.example.com>`)
})

test('a 5xx fails it for good, with the reason', async (world) => {
  world.sink.behaviour = { rcpt: 550 }
  await appendMails(world.db.$client, [aMail()])
  const delivery = deliver(world)
  await until('it has failed', haveStatus(world, 'failed'))
  const [row] = await rows(world)
  assert.match(row?.last_error ?? '', '550')
  assert.is(row?.attempts, 1)
  assert.is(delivery.state().failed, 1)
})

test('a server that is down holds mails back and loses none', async (world) => {
  const { url } = world.sink
  await world.sink.close()
  await appendMails(world.db.$client, [aMail(), aMail(), aMail()])
  const delivery = deliver(world, url)
  await until('all were tried', () => delivery.state().postponed >= 3)
  world.sink = await openSmtpSink(Number(new URL(url).port))
  await until('all are sent', haveStatus(world, 'sent'))
  assert.is(world.sink.mails.length, 3)
})

test('a server that dies after taking the mail gets it again under the same Message-ID', async (world) => {
  world.sink.behaviour = { dieAfterData: true }
  await appendMails(world.db.$client, [aMail()])
  deliver(world)
  await until('it was taken once', () => world.sink.mails.length >= 1)
  world.sink.behaviour = {}
  await until('it is sent', haveStatus(world, 'sent'))
  assert.ok(world.sink.mails.length >= 2)
  assert.is(new Set(world.sink.mails.map(({ parsed }) => parsed.messageId)).size, 1)
})

test('one that cannot be made fails alone', async (world) => {
  const good = aMail()
  await appendMails(world.db.$client, [
    aMail({ content: { clientName: 'Acme' } }),
    aMail({ recipient: 'noc@acme.example.com\r\nBcc: x@evil.example' }),
    good,
  ])
  deliver(world)
  await until('all are answered', async () => (await rows(world)).every(({ status }) => status !== 'pending'))
  const found = await rows(world)
  assert.is(found.filter(({ status }) => status === 'failed').length, 2)
  assert.is(found.find(({ id }) => id === good.id)?.status, 'sent')
  assert.is(world.sink.mails.length, 1)
})

test('one whose attachment is gone fails, one whose attachment cannot be read now is tried again', async (world) => {
  const gone = aMail({ attachments: [{ kind: 'report', id: 'gone' }] })
  const later = aMail({ attachments: [{ kind: 'report', id: 'later' }] })
  await appendMails(world.db.$client, [gone, later])
  let tries = 0
  deliver(world, world.sink.url, async (attachments) => {
    if (JSON.stringify(attachments).includes('gone')) throw new NotFound('report schedule', 'gone')
    tries += 1
    if (tries === 1) throw new Error('the database is away')
    return []
  })
  await until('both are answered', async () =>
    (await rows(world)).every(({ status }) => status !== 'pending'),
  )
  const found = await rows(world)
  assert.is(found.find(({ id }) => id === gone.id)?.status, 'failed')
  assert.match(found.find(({ id }) => id === gone.id)?.last_error ?? '', /report schedule/)
  assert.is(found.find(({ id }) => id === later.id)?.status, 'sent')
  assert.is(tries, 2)
})

test('three replicas send more mails than are claimed at once, each mail once', async (world) => {
  await appendMails(
    world.db.$client,
    Array.from({ length: 75 }, () => aMail()),
  )
  for (const delivery of [deliver(world), deliver(world), deliver(world)]) delivery.wake()
  await until('all are sent', haveStatus(world, 'sent'))
  assert.is(world.sink.mails.length, 75)
})

test('a mail that one replica is claiming is passed over by the others', async (world) => {
  await appendMails(world.db.$client, [aMail(), aMail(), aMail()])
  const due = { now: Date.now(), leaseMs: 1000 }
  const one = await world.db.$client.reserve()
  await one`begin`
  const first = await claimMails(one, { ...due, limit: 1 })
  const rest = await claimMails(world.db.$client, { ...due, limit: 10 })
  await one`commit`
  one.release()
  assert.is(first.length, 1)
  assert.is(rest.length, 2)
  assert.not.ok(rest.some(({ id }) => id === first[0]?.id))
  assert.equal(await claimMails(world.db.$client, { ...due, limit: 10 }), [])
})

test('a mail whose report takes many leases is made once and sent once', async (world) => {
  await appendMails(world.db.$client, [aMail({ attachments: [{ kind: 'report', id: 'long' }] })])
  const leaseMs = 100
  let made = 0
  const makeSlowly = async () => {
    made += 1
    const begun = Date.now()
    await until('five leases are over', () => Date.now() > begun + 5 * leaseMs)
    return []
  }
  deliver(world, world.sink.url, makeSlowly, { leaseMs })
  deliver(world, world.sink.url, makeSlowly, { leaseMs })
  await until('it is sent', haveStatus(world, 'sent'))
  assert.is(made, 1)
  assert.is(world.sink.mails.length, 1)
})

test('a mail that another sender has taken over meanwhile is left to it', async (world) => {
  await appendMails(world.db.$client, [aMail({ attachments: [{ kind: 'report', id: 'long' }] })])
  let made = 0
  deliver(world, world.sink.url, async () => {
    made += 1
    // As if this process had stood still until its lease was over.
    if (made === 1) await world.db.$client`update mails set attempts = attempts + 1, next_attempt_at = now()`
    return []
  })
  await until('it is sent', haveStatus(world, 'sent'))
  assert.is(made, 2)
  assert.is(world.sink.mails.length, 1)
  assert.is((await rows(world))[0]?.attempts, 3)
})

test('without a server the row names the file', async (world) => {
  await appendMails(world.db.$client, [aMail()])
  deliver(world, null)
  await until('it is written', haveStatus(world, 'sent'))
  assert.match(
    (await rows(world))[0]?.file ?? '',
    /2026-01-02T10-00-00Z-max-daily-usage-acme-[0-9a-f]{6}\.eml$/,
  )
})

test('the pause between tries doubles from 30 s to an hour', () => {
  assert.equal(
    [1, 2, 3, 7, 8, 100].map((attempts) => retryDelay(attempts)),
    [30_000, 60_000, 120_000, 1_920_000, 3_600_000, 3_600_000],
  )
})

test.run()
