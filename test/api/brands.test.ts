import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/brands')
let api: TestApi

test.before(async () => {
  api = await openTestApi()
})
test.after(() => api.close())

test('a brand gets the defaults of the contract', async () => {
  const made = await api.send('POST', '/v1/brands', { body: { name: 'North', currency: 'EUR' } })
  assert.is(made.status, 201)
  assert.is(made.headers.etag, '"1"')
  assert.is(made.headers.location, `/v1/brands/${made.body.id}`)
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...rest } = made.body
  assert.equal(rest, {
    name: 'North',
    currency: 'EUR',
    timeZone: 'UTC',
    language: 'en',
    maxCalls: 0,
    specialNumbers: [],
    freeNumbers: [],
    numbering: null,
    maxRingSeconds: 600,
    lostEndPolicy: 'zero',
    reasonProfile: 'standard',
    reasonOverrides: {},
    issuer: null,
    logo: null,
    retentionDays: null,
    eInvoiceProfile: null,
    journalAccounts: null,
    issueOnlyWhenReady: false,
    creditNoteSequenceId: null,
    corrections: 'invoice',
    mail: { fromName: null, fromAddress: null, replyTo: null, bcc: null },
    invoiceReminders: null,
    paymentReceipts: true,
    leastCostRouting: false,
    lcrSeconds: 180,
  })
  assert.match(made.body.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  assert.equal((await api.send('GET', `/v1/brands/${made.body.id}`)).body, made.body)
})

test('the faults of a body are all named, each with its place', async () => {
  const { status, body, headers } = await api.send('POST', '/v1/brands', {
    body: { currency: 5, maxCalls: '3', colour: 'red', numbering: { countryCode: '34' } },
  })
  assert.is(status, 400)
  assert.match(String(headers['content-type']), 'application/problem+json')
  assert.is(body.type, 'urn:tollgate:problem:invalid_request')
  assert.is(body.code, 'invalid_request')
  const pointers = body.errors.map((fault: { pointer: string }) => fault.pointer).sort()
  assert.equal(pointers, [
    '/colour',
    '/currency',
    '/maxCalls',
    '/name',
    '/numbering/internationalPrefixes',
    '/numbering/nationalLengths',
    '/numbering/nationalPrefix',
  ])
})

test('a currency, zone, language or country that does not exist is refused', async () => {
  const { status, body } = await api.send('POST', '/v1/brands', {
    body: { name: 'Mars', currency: 'ZZZ', timeZone: 'Mars/Base', language: 'zz', issuer: { country: 'ZZ' } },
  })
  assert.is(status, 400)
  assert.equal(
    body.errors.map((fault: { pointer: string }) => fault.pointer),
    ['/currency', '/timeZone', '/language', '/issuer/country'],
  )
})

test('a logo that cannot be drawn is refused when it is saved', async () => {
  const logo = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB'
  const made = await api.send('POST', '/v1/brands', { body: { name: 'Logo', currency: 'EUR', logo } })
  assert.equal([made.status, made.body.errors?.[0]?.pointer], [400, '/logo'])
  const { id } = (await api.send('POST', '/v1/brands', { body: { name: 'Logo', currency: 'EUR' } })).body
  const changed = await api.send('PATCH', `/v1/brands/${id}`, { body: { logo } })
  assert.equal([changed.status, changed.body.errors?.[0]?.pointer], [400, '/logo'])
  assert.is((await api.send('PATCH', `/v1/brands/${id}`, { body: { logo: null } })).status, 200)
})

test('two brands of one name are a conflict with its place', async () => {
  await api.send('POST', '/v1/brands', { body: { name: 'Twin', currency: 'EUR' } })
  const { status, body } = await api.send('POST', '/v1/brands', { body: { name: 'Twin', currency: 'EUR' } })
  assert.is(status, 409)
  assert.is(body.code, 'already_exists')
  assert.is(body.errors[0].pointer, '/name')
})

test('a patch changes what it names, and null takes a field back to its default', async () => {
  const { body: made } = await api.send('POST', '/v1/brands', {
    body: { name: 'East', currency: 'EUR', maxCalls: 7, issuer: { legalName: 'East Ltd', town: 'Riga' } },
  })
  const patched = await api.send('PATCH', `/v1/brands/${made.id}`, {
    body: { maxCalls: null, issuer: { town: null, country: 'LV' }, specialNumbers: ['112'] },
    headers: { 'if-match': '"1"' },
  })
  assert.is(patched.status, 200)
  assert.is(patched.headers.etag, '"2"')
  assert.is(patched.body.maxCalls, 0)
  assert.equal(patched.body.issuer, { legalName: 'East Ltd', country: 'LV' })
  assert.equal(patched.body.specialNumbers, ['112'])
  assert.is(patched.body.name, 'East')
})

test('details are kept for ever unless days are given, a day at least', async () => {
  const { body: made } = await api.send('POST', '/v1/brands', { body: { name: 'Keeper', currency: 'EUR' } })
  assert.is(made.retentionDays, null)
  const path = `/v1/brands/${made.id}`
  assert.is((await api.send('PATCH', path, { body: { retentionDays: 400 } })).body.retentionDays, 400)
  const { status, body } = await api.send('PATCH', path, { body: { retentionDays: 0 } })
  assert.is(status, 400)
  assert.is(body.errors[0].pointer, '/retentionDays')
})

test('a patch that takes a required field away is refused', async () => {
  const { body: made } = await api.send('POST', '/v1/brands', { body: { name: 'West', currency: 'EUR' } })
  const { status, body } = await api.send('PATCH', `/v1/brands/${made.id}`, { body: { name: null } })
  assert.is(status, 400)
  assert.is(body.errors[0].pointer, '/name')
})

test('a patch of something changed since is refused with 412', async () => {
  const { body: made } = await api.send('POST', '/v1/brands', { body: { name: 'Stale', currency: 'EUR' } })
  await api.send('PATCH', `/v1/brands/${made.id}`, { body: { maxCalls: 1 } })
  const { status, body } = await api.send('PATCH', `/v1/brands/${made.id}`, {
    body: { maxCalls: 2 },
    headers: { 'if-match': '"1"' },
  })
  assert.is(status, 412)
  assert.is(body.code, 'precondition_failed')
})

test('what decides a price is kept as versions, from the change on', async () => {
  const { body: made } = await api.send('POST', '/v1/brands', {
    body: { name: 'Versioned', currency: 'EUR', specialNumbers: ['112'] },
  })
  await api.send('PATCH', `/v1/brands/${made.id}`, { body: { maxCalls: 3 } })
  await api.send('PATCH', `/v1/brands/${made.id}`, { body: { freeNumbers: ['900123456'] } })
  const rows = await api.context.worker.$client`
    select version, special_numbers, free_numbers from brand_terms where brand_id = ${made.id} order by version`
  assert.equal(
    rows.map(({ version, special_numbers, free_numbers }) => [version, special_numbers, free_numbers]),
    [
      [1, ['112'], []],
      [2, ['112'], ['900123456']],
    ],
  )
})

test('pages neither repeat nor skip while brands are added', async () => {
  const names = new Set<string>()
  let cursor: string | null = null
  let pages = 0
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`
    const { body } = await api.send('GET', `/v1/brands?limit=2${query}`)
    for (const { name } of body.data) {
      assert.not.ok(names.has(name), `${name} twice`)
      names.add(name)
    }
    if (pages++ === 0) await api.send('POST', '/v1/brands', { body: { name: 'Late', currency: 'EUR' } })
    cursor = body.nextCursor
  } while (cursor !== null)
  assert.ok(names.has('North') && names.has('Versioned'))
  assert.not.ok(names.has('Late'))
})

test('a cursor of another list, a limit beyond 500 and an unknown parameter are refused', async () => {
  assert.is((await api.send('GET', '/v1/brands?cursor=abc')).body.code, 'invalid_request')
  assert.is((await api.send('GET', '/v1/brands?limit=501')).status, 400)
  assert.is((await api.send('GET', '/v1/brands?colour=red')).status, 400)
})

test('a brand with clients is in use; one without goes', async () => {
  const { body: made } = await api.send('POST', '/v1/brands', { body: { name: 'Short', currency: 'EUR' } })
  const { body: client } = await api.send('POST', '/v1/clients', {
    body: { brandId: made.id, name: 'One', sipDomain: 'one.short.example' },
  })
  const refused = await api.send('DELETE', `/v1/brands/${made.id}`)
  assert.is(refused.status, 409)
  assert.is(refused.body.code, 'in_use')
  assert.is((await api.send('DELETE', `/v1/clients/${client.id}`)).status, 204)
  assert.is((await api.send('DELETE', `/v1/brands/${made.id}`)).status, 204)
  assert.is((await api.send('GET', `/v1/brands/${made.id}`)).status, 404)
})

test('who mails come from is checked when it is written, at its place', async () => {
  const brand = await must(api.send('POST', '/v1/brands', { body: { name: 'Mails', currency: 'EUR' } }))
  const path = `/v1/brands/${brand.id}`
  const refused: [string, unknown][] = [
    ['/mail/fromName', 'Telco\r\nBcc: x@evil.example'],
    ['/mail/fromName', 'Telco\nBcc: x@evil.example'],
    ['/mail/fromName', 'Telco\u0000'],
    ['/mail/fromName', 'Telco\u2028Bcc: x@evil.example'],
    ['/mail/fromName', '   '],
    ['/mail/fromName', 'x'.repeat(256)],
  ]
  const addresses = [
    'a@x.example\r\nBcc: x@evil.example',
    'a@x.example\n',
    'a@x.example,b@y.example',
    'Telco <a@x.example>',
    'a b@x.example',
    'a@x..example',
    'a..b@x.example',
    'a',
    '',
    ['a@x.example'],
  ]
  for (const field of ['fromAddress', 'replyTo', 'bcc']) {
    for (const address of addresses) refused.push([`/mail/${field}`, address])
  }
  for (const [pointer, value] of refused) {
    const field = pointer.slice('/mail/'.length)
    const mail = { [field]: value }
    const patched = await api.send('PATCH', path, { body: { mail } })
    const made = await api.send('POST', '/v1/brands', { body: { name: 'Other', currency: 'EUR', mail } })
    for (const { status, body } of [patched, made]) {
      assert.equal([status, body.errors?.[0]?.pointer], [400, pointer], JSON.stringify(value))
    }
  }
  const unknown = await api.send('PATCH', path, { body: { mail: { sender: 'a@x.example' } } })
  assert.equal([unknown.status, unknown.body.errors[0].pointer], [400, '/mail/sender'])
  const mail = {
    fromName: 'Telco, «S.L.»',
    fromAddress: 'b@x.example',
    replyTo: 'r@x.example',
    bcc: 'c@x.example',
  }
  assert.equal((await api.send('PATCH', path, { body: { mail } })).body.mail, mail)
  assert.equal((await api.send('PATCH', path, { body: { mail: { bcc: null } } })).body.mail, {
    ...mail,
    bcc: null,
  })
  assert.is((await api.send('PATCH', path, { body: { mail: null } })).body.mail.fromName, null)
})

test('a client sees who its mails come from, and not who gets copies of them', async () => {
  const tenant = await makeTenant(api)
  const path = `/v1/brands/${tenant.brandId}`
  const mail = { fromName: 'Telco', fromAddress: 'b@x.example', replyTo: null, bcc: 'c@x.example' }
  await must(api.send('PATCH', path, { key: tenant.brandKey, body: { mail } }))
  const { bcc: _bcc, ...shown } = mail
  const seenBy = async (key: string) => [
    (await must(api.send('GET', path, { key }))).mail,
    (await must(api.send('GET', '/v1/brands', { key }))).data[0].mail,
  ]
  assert.equal(await seenBy(tenant.brandKey), [mail, mail])
  assert.equal(await seenBy(tenant.clientKey), [shown, shown])
})

test('days of reminders are whole, above 0 and each there once', async () => {
  const brand = await must(api.send('POST', '/v1/brands', { body: { name: 'Reminding', currency: 'EUR' } }))
  const path = `/v1/brands/${brand.id}`
  for (const daysAfterDue of [
    [],
    [0],
    [-3],
    [1.5],
    [3, 3],
    [366],
    ['3'],
    null,
    Array.from({ length: 11 }, (_, i) => i + 1),
  ]) {
    const { status, body } = await api.send('PATCH', path, { body: { invoiceReminders: { daysAfterDue } } })
    assert.is(status, 400, JSON.stringify(daysAfterDue))
    assert.match(body.errors[0].pointer, /^\/invoiceReminders/)
  }
  const invoiceReminders = { daysAfterDue: [3, 10, 30] }
  assert.equal(
    (await api.send('PATCH', path, { body: { invoiceReminders } })).body.invoiceReminders,
    invoiceReminders,
  )
  assert.is((await api.send('PATCH', path, { body: { invoiceReminders: null } })).body.invoiceReminders, null)
})

test.run()
