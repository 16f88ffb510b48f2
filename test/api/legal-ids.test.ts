import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('tax numbers and bank accounts of brands and clients')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let n = 0

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

type Fields = Record<string, unknown>
interface Place {
  pointer: string
  /** Sends the fields of the party; answers its fields as they are kept. */
  send: (fields: Fields) => ReturnType<TestApi['send']>
  kept: (body: Record<string, Fields>) => Fields
}

/** Every way in which a party comes in: issuers and clients, made and changed. */
async function places(): Promise<Place[]> {
  const brand = await must(
    api.send('POST', '/v1/brands', { body: { name: `Legal ${++n}`, currency: 'EUR' } }),
  )
  // With a limit of the day there is no warning but those of the ids.
  const client = () => ({
    brandId: tenant.brandId,
    name: `Legal ${++n}`,
    sipDomain: `legal${n}.example.com`,
    maxDailyUsage: '100',
  })
  const { id } = await must(api.send('POST', '/v1/clients', { body: client() }))
  const issuer = (body: Record<string, Fields>) => body.issuer ?? {}
  const invoiceData = (body: Record<string, Fields>) => body.invoiceData ?? {}
  return [
    {
      pointer: '/issuer',
      send: (fields) =>
        api.send('POST', '/v1/brands', { body: { name: `Legal ${++n}`, currency: 'EUR', issuer: fields } }),
      kept: issuer,
    },
    {
      pointer: '/issuer',
      send: (fields) => api.send('PATCH', `/v1/brands/${brand.id}`, { body: { issuer: fields } }),
      kept: issuer,
    },
    {
      pointer: '/invoiceData',
      send: (fields) => api.send('POST', '/v1/clients', { body: { ...client(), invoiceData: fields } }),
      kept: invoiceData,
    },
    {
      pointer: '/invoiceData',
      send: (fields) => api.send('PATCH', `/v1/clients/${id}`, { body: { invoiceData: fields } }),
      kept: invoiceData,
    },
  ]
}

test('a VAT number is kept without blanks, in capitals, with the prefix of its country', async () => {
  for (const { send, kept } of await places()) {
    for (const [country, taxId, expected] of [
      ['FR', 'fr83404833048', 'FR83404833048'],
      ['FR', 'fr 83 404 833 048', 'FR83404833048'],
      ['GR', 'gr 094259216', 'EL094259216'],
      ['GB', 'xi980780684', 'XI980780684'],
      ['IM', 'gb 980 780 684', 'GB980780684'],
      ['ES', 'b-58378431', 'B58378431'],
      ['US', ' 12-3456789 ', '12-3456789'],
    ]) {
      const { status, body } = await send({ country, taxId })
      assert.ok(status < 300, JSON.stringify(body))
      assert.is(kept(body).taxId, expected)
      assert.is('warnings' in body, false, JSON.stringify(body.warnings))
    }
  }
})

test('one of an impossible form is refused, one with a wrong check digit is taken with a warning', async () => {
  for (const { pointer, send } of await places()) {
    for (const [country, taxId] of [
      ['FR', 'fr123'],
      ['FR', 'FRfr83404833048'],
      ['ES', 'B1'],
      ['GR', 'EL1'],
      ['GB', 'XI12'],
    ]) {
      const { status, body } = await send({ country, taxId })
      assert.equal([status, body.errors?.[0]?.pointer], [400, `${pointer}/taxId`], `${country} ${taxId}`)
    }
    const { status, body } = await send({ country: 'ES', taxId: 'ESB58378432' })
    assert.ok(status < 300)
    assert.is(body.warnings.length, 1)
    assert.match(body.warnings[0], /ESB58378432.*check digit/)
    const path = `/v1/${pointer === '/issuer' ? 'brands' : 'clients'}/${body.id}`
    assert.equal((await must(api.send('GET', path))).warnings, body.warnings)
  }
})

test('the country of a client is its invoice data’s, else its own', async () => {
  const client = { brandId: tenant.brandId, name: 'Own', sipDomain: `legal${++n}.example.com` }
  const made = (fields: object) => api.send('POST', '/v1/clients', { body: { ...client, ...fields } })
  const wrong = await made({ countryCode: 'FR', invoiceData: { taxId: 'fr123' } })
  assert.equal([wrong.status, wrong.body.errors?.[0]?.pointer], [400, '/invoiceData/taxId'])
  const { id } = await must(made({ countryCode: 'ES', invoiceData: { taxId: 'B58378431' } }))
  // The number that was right becomes another country's.
  const moved = await api.send('PATCH', `/v1/clients/${id}`, { body: { countryCode: 'FR' } })
  assert.equal([moved.status, moved.body.errors?.[0]?.pointer], [400, '/invoiceData/taxId'])
})

test('an IBAN is checked by mod 97 and a BIC by its form, and both are kept without blanks', async () => {
  for (const { pointer, send, kept } of (await places()).filter(({ pointer }) => pointer === '/issuer')) {
    const { body } = await send({ iban: 'es91 2100 0418 4502 0005 1332', bic: 'caixesbb xxx' })
    assert.equal([kept(body).iban, kept(body).bic], ['ES9121000418450200051332', 'CAIXESBBXXX'])
    for (const iban of ['hello', 'ES91', 'ES9221000418450200051332', 'US9121000418450200051332']) {
      const wrong = await send({ iban })
      assert.equal([wrong.status, wrong.body.errors?.[0]?.pointer], [400, `${pointer}/iban`], iban)
    }
    const wrong = await send({ bic: 'CAIX' })
    assert.equal([wrong.status, wrong.body.errors?.[0]?.pointer], [400, `${pointer}/bic`])
    assert.ok((await send({ iban: '', bic: '' })).status < 300, 'none')
  }
})

test('what stood there before the check stays until it is changed', async () => {
  const brand = await must(
    api.send('POST', '/v1/brands', { body: { name: `Legal ${++n}`, currency: 'EUR' } }),
  )
  const client = await must(
    api.send('POST', '/v1/clients', {
      body: { brandId: brand.id, name: 'Before', sipDomain: `legal${++n}.example.com` },
    }),
  )
  const { $client: sql } = api.context.worker
  const old = { country: 'ES', taxId: 'B1', iban: 'hello', bic: 'x' }
  await sql`update brands set issuer = ${JSON.stringify(old)}::text::jsonb where id = ${brand.id}`
  await sql`
    update clients set invoice_data = '{"country":"ES","taxId":"B1"}'::jsonb where id = ${client.id}`
  const change = (path: string, body: object) => api.send('PATCH', path, { body })
  const changed = await must(change(`/v1/brands/${brand.id}`, { issuer: { phone: '+34911000111' } }))
  assert.equal(changed.issuer, { ...old, phone: '+34911000111' })
  await must(change(`/v1/clients/${client.id}`, { invoiceData: { town: 'Barcelona' } }))
  const wrong = await change(`/v1/brands/${brand.id}`, { issuer: { iban: 'hello2' } })
  assert.equal([wrong.status, wrong.body.errors?.[0]?.pointer], [400, '/issuer/iban'])
})

test.run()
