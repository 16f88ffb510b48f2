import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { textOfPdf } from '../invoices/text-of-pdf.ts'
import { makeTenant, must, openTestApi, platformKey, type TestApi } from './test-api.ts'

const test = suite('/v1/invoice-templates/preview')
const path = '/v1/invoice-templates'
let api: TestApi
let own: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

/** One red point. */
const logo =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC'

test.before(async () => {
  api = await openTestApi()
  own = await makeTenant(api)
  other = await makeTenant(api)
  const issuer = { legalName: 'Telco Ibérica, S.L.', taxId: 'ESB11111111', iban: 'ES9121000418450200051332' }
  await must(api.send('PATCH', `/v1/brands/${own.brandId}`, { body: { issuer, logo, language: 'es' } }))
})
test.after(() => api.close())

async function preview(body: object, key = own.brandKey) {
  const answer = await api.app.inject({
    method: 'POST',
    url: `${path}/preview`,
    headers: { authorization: `Bearer ${key}` },
    payload: body,
  })
  assert.is(answer.statusCode, 200, answer.body)
  assert.is(answer.headers['content-type'], 'application/pdf')
  const pdf = answer.rawPayload
  return { pdf, text: textOfPdf(pdf).replaceAll(/[\u00a0\u202f]/g, ' ') }
}
const refusal = (body: object, key = own.brandKey) => api.send('POST', `${path}/preview`, { body, key })
const create = (content: object, key = own.brandKey) =>
  must(api.send('POST', path, { key, body: { name: `Template ${JSON.stringify(content)}`, content } }))
const has = (text: string, line: string) => assert.ok(text.split('\n').includes(line), `${line} in\n${text}`)

test('without a template it is the built-in one, by the brand, in its language, and it adds up', async () => {
  const { pdf, text } = await preview({})
  assert.match(pdf.toString('latin1'), '/Subtype /Image')
  for (const line of ['Factura', 'PREVIEW-0001', 'Telco Ibérica, S.L.', 'Acme Ltd.']) has(text, line)
  // 0.1932, 0.0687, 1.4295 and 1.1515 of calls; 29.90; 2 × 12 × 16/31 = 12.39; 18.50; less a tenth of 63.63.
  for (const line of ['0,19 €', '0,07 €', '1,43 €', '1,15 €', '29,90 €', '12,39 €', '18,50 €'])
    has(text, line)
  for (const line of ['−4,51 €', '−1,85 €'].map((line) => line.replace('−', '-'))) has(text, line)
  // 40.62 at 21 % and 16.65 at 10 %.
  for (const line of ['40,62 €', '8,53 €', '16,65 €', '1,67 €', '57,27 €', '67,47 €']) has(text, line)
})

test('it is drawn in the language, currency and zone asked for', async () => {
  const { text } = await preview({ language: 'en', currency: 'JPY', timeZone: 'Asia/Tokyo' })
  for (const line of ['Invoice', '¥2,990', '¥1,850']) has(text, line)
  assert.not.match(text, '€')
})

test('a template that is not stored is drawn: its words, its columns, its sections', async () => {
  const content = {
    texts: { es: { opening: 'Estimados {clientName}: son {total}.' } },
    labels: { es: { invoice: 'Recibo' } },
    lineColumns: ['description', 'net'],
    sections: ['parties', 'opening', 'lines', 'taxes', 'totals'],
  }
  const { text } = await preview({ content })
  has(text, 'Recibo')
  has(text, 'Estimados Acme Ltd.: son 67,47 €.')
  assert.not.match(text, '+447700900456')
  assert.match((await preview({})).text, '447700900456')
})

test('a stored template is drawn by its id, for a platform key with the brand it is of', async () => {
  const { id } = await create({ texts: { es: { closing: 'Hasta pronto' } } })
  has((await preview({ templateId: id })).text, 'Hasta pronto')
  const { text } = await preview({ templateId: id }, platformKey)
  for (const line of ['Hasta pronto', 'Telco Ibérica, S.L.']) has(text, line)
})

test('a platform key may name a brand, or none: then the issuer is made up', async () => {
  has((await preview({ brandId: own.brandId }, platformKey)).text, 'Telco Ibérica, S.L.')
  const { text } = await preview({}, platformKey)
  for (const line of ['Invoice', 'Example Telecom', '€67.47']) has(text, line)
})

test('a bad template is refused with every place, as when it is stored', async () => {
  const content = { colors: { accent: 'red' }, texts: { en: { footer: '{nmber}' } }, sections: ['parties'] }
  const tried = await refusal({ content })
  const stored = await api.send('POST', path, { key: own.brandKey, body: { name: 'bad', content } })
  assert.equal(
    [tried.status, tried.body.errors.map(({ pointer }: { pointer: string }) => pointer)],
    [
      400,
      [
        '/content/colors/accent',
        '/content/texts/en/footer',
        '/content/sections',
        '/content/sections',
        '/content/sections',
      ],
    ],
  )
  assert.equal(tried.body.errors, stored.body.errors)
})

test('what does not exist or does not go together is refused with its place', async () => {
  const { id } = await create({})
  for (const [body, pointer] of [
    [{ language: 'xx' }, '/language'],
    [{ currency: 'XXQ' }, '/currency'],
    [{ timeZone: 'Europe/Nowhere' }, '/timeZone'],
    [{ content: {}, templateId: id }, '/templateId'],
  ] as const) {
    const { status, body: problem } = await refusal(body)
    assert.equal([status, problem.errors?.[0]?.pointer], [400, pointer])
  }
})

test('a template of nobody or of another brand is refused at its place, another brand does not exist', async () => {
  const { id } = await create({ colors: {} }, other.brandKey)
  const nobodys = '01946000-0000-7000-8000-000000000001'
  for (const answer of [
    await refusal({ templateId: id }),
    await refusal({ templateId: id, brandId: own.brandId }, platformKey),
    await refusal({ templateId: nobodys }),
    await refusal({ templateId: nobodys }, platformKey),
  ]) {
    assert.equal([answer.status, answer.body.errors?.[0]?.pointer], [400, '/templateId'])
  }
  assert.is((await refusal({ brandId: other.brandId })).status, 404)
  assert.is((await refusal({ brandId: '01946000-0000-7000-8000-000000000001' }, platformKey)).status, 404)
})

test.run()
