import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, makeTenant, must, openTestApi } from './test-api.ts'

const api = await openTestApi()
const test = suite('ETags of invoices')
test.after(() => api.close())

/** A brand with what an issue needs, and a fixed cost of 10 to draft with. */
async function openBooks() {
  const { brandId, clientId, brandKey: key } = await makeTenant(api)
  const send = (method: string, path: string, body?: unknown, ifMatch?: string) =>
    api.send(method, path, { key, body, ...(ifMatch && { headers: { 'if-match': ifMatch } }) })
  const make = (path: string, body: object) => must(send('POST', path, body))
  const tax = await make('/v1/taxes', { name: 'VAT', rate: '20', category: 'S' })
  const sequence = await make('/v1/invoice-number-sequences', { name: 'main', prefix: 'F{yyyy}-', width: 4 })
  const seat = await make('/v1/fixed-costs', { name: 'Seat', price: '10', currency: 'EUR' })
  await must(
    api.send('PATCH', `/v1/brands/${brandId}`, {
      body: {
        issuer: { legalName: 'Telco', taxId: 'B58378431', country: 'ES', iban: 'ES9121000418450200051332' },
      },
    }),
  )
  const invoiceData = { legalName: 'Acme, S.A.', taxId: 'A58818501', country: 'ES' }
  await must(send('PATCH', `/v1/clients/${clientId}`, { taxIds: [tax.id], invoiceData }))
  const draft = () =>
    send('POST', '/v1/invoices', {
      clientId,
      numberSequenceId: sequence.id,
      from: '2026-01-01',
      to: '2026-02-01',
      fixedCosts: [{ fixedCostId: seat.id, quantity: 1 }],
    })
  return { send, draft, key }
}

const tagOf = ({ headers }: Answer) => String(headers.etag)

test('each answer that shows an invoice carries the ETag it is read with afterwards, another after each change', async () => {
  const { send, draft } = await openBooks()
  const drafted = await draft()
  const path = `/v1/invoices/${drafted.body.id}`
  const read = async (of = path) => tagOf(await send('GET', of))
  const tags = [tagOf(drafted)]
  assert.is(await read(), tags[0])
  for (const [action, body] of [
    ['recompute', null],
    ['issue', null],
    ['payments', { amount: '2' }],
  ] as const) {
    const tag = tagOf(await send('POST', `${path}/${action}`, body))
    assert.is(await read(), tag, action)
    tags.push(tag)
  }
  const note = await send('POST', `${path}/credit-notes`, { reason: 'wrong' })
  assert.is(await read(`/v1/invoices/${note.body.id}`), tagOf(note))
  assert.is(new Set([...tags, await read()]).size, 5)
})

test('another tag than the present one is refused with 412, and nothing has changed', async () => {
  const { send, draft } = await openBooks()
  const drafted = await draft()
  const path = `/v1/invoices/${drafted.body.id}`
  const stale = tagOf(drafted)
  await must(send('POST', `${path}/recompute`, { dueDays: 5 }, stale))
  const refuses = async (method: string, action: string, body?: unknown) => {
    const before = await send('GET', path)
    const refused = await send(method, `${path}${action}`, body, stale)
    assert.equal([refused.status, refused.body.code], [412, 'precondition_failed'], action)
    assert.equal((await send('GET', path)).body, before.body)
  }
  await refuses('POST', '/recompute')
  await refuses('POST', '/issue')
  await refuses('DELETE', '')

  const etag = tagOf(await send('GET', path))
  const issued = await send('POST', `${path}/issue`, null, etag)
  assert.is(issued.status, 200)
  // Its answer may have been lost: what it asked for is done.
  assert.equal((await send('POST', `${path}/issue`, null, etag)).body, issued.body)

  await refuses('POST', '/payments', { amount: '12' })
  await refuses('POST', '/credit-notes', { reason: 'wrong' })
  assert.is((await send('POST', `${path}/payments`, { amount: '12' }, tagOf(issued))).body.status, 'paid')
})

test('a payment that is repeated with its key after its answer was forgotten is found, whatever tag it names', async () => {
  const { send, draft, key } = await openBooks()
  const drafted = await draft()
  const path = `/v1/invoices/${drafted.body.id}`
  const etag = tagOf(await send('POST', `${path}/issue`))
  const headers = { 'if-match': etag, 'idempotency-key': 'paid-once' }
  const pay = () => api.send('POST', `${path}/payments`, { key, body: { amount: '2' }, headers })
  assert.is((await pay()).status, 201)
  const owner = postgres(api.databaseUrl, { max: 1 })
  await owner`delete from idempotency_keys`
  await owner.end()
  const again = await pay()
  assert.equal([again.status, again.body.paidAmount, again.body.payments.length], [201, '2', 1])
})

test('a draft of the tag that was read is deleted', async () => {
  const { send, draft } = await openBooks()
  const drafted = await draft()
  const path = `/v1/invoices/${drafted.body.id}`
  assert.is((await send('DELETE', path, undefined, tagOf(drafted))).status, 204)
})

test.run()
