import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { attachInvoices } from '../../src/invoices/attach-invoices.ts'
import { anEvent } from '../calls/a-call-desk.ts'
import { textOfPdf } from '../invoices/text-of-pdf.ts'
import { makeTenant, must, openTestApi, platformKey } from './test-api.ts'

const test = suite('documents of an invoice')
const api = await openTestApi()
test.after(() => api.close())

/** Of one call: nothing else in the books has these digits. */
const price = '0.7393'
/** The invoice has this call and 0.2607 for another, 1.00 without tax. */
async function openBooks(portalVisibility: object = { invoices: true, callPrices: false }) {
  const tenant = await makeTenant(api)
  const { clientId, brandKey: key } = tenant
  const send = (method: string, path: string, body?: unknown) => must(api.send(method, path, { key, body }))
  const client = `/v1/clients/${clientId}`
  await send('PATCH', client, {
    portalVisibility,
    invoiceData: {
      legalName: 'Acme, S.A.',
      taxId: 'A58818501',
      country: 'ES',
      email: 'billing@acme.example',
    },
  })
  const deck = await send('POST', '/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  const rate = (prefix: string, perMinute: string) => ({
    prefix,
    destination: 'Spain',
    steps: [{ rate: perMinute, perSeconds: 60, incrementSeconds: 60 }],
  })
  await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [rate('346', price), rate('349', '0.2607')])
  const plan = await send('POST', '/v1/rating-plans', {
    name: 'Plan',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  await send('POST', `${client}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2025-01-01T00:00:00Z',
  })
  const answeredAt = Date.parse('2026-02-10T12:00:00Z')
  const times = { startedAt: answeredAt, answeredAt, endedAt: answeredAt + 60_000 }
  const events = ['+34600111222', '+34911222333'].map((to, i) =>
    anEvent({ kind: 'end', client: clientId, callId: `${clientId}-${i}`, to, ...times }),
  )
  await settleCalls(api.callsContext, { events, undeliverable: [] })
  const sequence = await send('POST', '/v1/invoice-number-sequences', { name: 'main', prefix: 'F', width: 4 })
  const draft = await send('POST', '/v1/invoices', {
    clientId,
    numberSequenceId: sequence.id,
    from: '2026-02-01',
    to: '2026-03-01',
  })
  const issue = () => send('POST', `/v1/invoices/${draft.id}/issue`)
  return { ...tenant, send, id: draft.id as string, issue, client }
}

async function get(path: string, key: string) {
  const { statusCode, rawPayload, headers } = await api.app.inject({
    method: 'GET',
    url: path,
    headers: { authorization: `Bearer ${key}` },
  })
  return { status: statusCode, bytes: rawPayload, disposition: String(headers['content-disposition']) }
}

const mailed = (id: string) =>
  attachInvoices(api.context.worker.$client, JSON.stringify([{ kind: 'invoice-pdf', id }]))

test('one number is one PDF: platform, operator, client and mail get the same bytes, whoever is first', async () => {
  for (const first of ['mail', 'client', 'operator']) {
    const { id, issue, clientKey, brandKey, send } = await openBooks()
    await issue()
    const ways: Record<string, () => Promise<Buffer | undefined>> = {
      mail: async () => (await mailed(id))[0]?.content,
      client: async () => (await get(`/v1/invoices/${id}.pdf`, clientKey)).bytes,
      operator: async () => (await get(`/v1/invoices/${id}.pdf`, brandKey)).bytes,
      platform: async () => (await get(`/v1/invoices/${id}.pdf?items=false`, platformKey)).bytes,
    }
    const made = await ways[first]?.()
    assert.match(textOfPdf(made as Buffer), '1.00')
    assert.not.match(textOfPdf(made as Buffer), /7393|600111222/)
    await send('POST', `/v1/invoices/${id}/payments`, { amount: '0.5' })
    for (const [name, way] of Object.entries(ways)) {
      assert.ok(made?.equals((await way()) as Buffer), `${name} after ${first}`)
    }
  }
})

test('two who are first at once get one document', async () => {
  const { id, issue, clientKey, brandKey } = await openBooks()
  await issue()
  const all = await Promise.all(
    [clientKey, brandKey, platformKey].map((key) => get(`/v1/invoices/${id}.pdf`, key)),
  )
  for (const { status, bytes } of all) assert.ok(status === 200 && bytes.equals(all[0]?.bytes as Buffer))
  const kept = await api.context.worker.$client`select 1 from invoice_documents where invoice_id = ${id}`
  assert.is(kept.length, 1)
})

test('the document stays as it was made, also where another release would draw it in another way', async () => {
  const { id, issue, clientKey } = await openBooks()
  await issue()
  const earlier = Buffer.from('%PDF-1.7 as an earlier release drew it')
  const worker = api.context.worker.$client
  await worker`insert into invoice_documents (invoice_id, profile, content) values (${id}, 'plain', ${earlier})`
  assert.ok((await get(`/v1/invoices/${id}.pdf`, clientKey)).bytes.equals(earlier))
  assert.ok((await mailed(id))[0]?.content.equals(earlier))
  for (const change of [
    worker`update invoice_documents set content = '' where invoice_id = ${id}`,
    worker`delete from invoice_documents where invoice_id = ${id}`,
  ]) {
    const failure = await change.then(
      () => undefined,
      (error: Error) => error,
    )
    assert.match(String(failure), /permission denied|append-only/)
  }
})

test('a draft is drawn as it stands, and nothing of it is kept', async () => {
  const { id, brandKey, send } = await openBooks()
  const before = textOfPdf((await get(`/v1/invoices/${id}.pdf`, brandKey)).bytes)
  await send('POST', `/v1/invoices/${id}/recompute`, {
    discounts: [{ description: 'Half', percent: '50' }],
  })
  const after = textOfPdf((await get(`/v1/invoices/${id}.pdf`, brandKey)).bytes)
  assert.not.match(before, 'Half')
  assert.match(after, 'Half')
  const kept = await api.context.worker.$client`select 1 from invoice_documents where invoice_id = ${id}`
  assert.is(kept.length, 0)
})

test('the annex is a document of its own, with the prices that its reader may see', async () => {
  const { id, issue, clientKey, brandKey, send, client } = await openBooks()
  const { number } = await issue()
  const path = `/v1/invoices/${id}/annex.pdf`
  const annexOf = async (key: string) => textOfPdf((await get(path, key)).bytes)
  assert.is((await get(path, brandKey)).disposition, `inline; filename="${number}.calls.pdf"`)
  assert.match(await annexOf(brandKey), /34600111222[\s\S]*0\.7393/)
  assert.match(await annexOf(clientKey), '34600111222')
  assert.not.match(await annexOf(clientKey), '7393')
  assert.equal(
    (await mailed(id)).map(({ filename }) => filename),
    [`${number}.pdf`, `${number}.calls.pdf`],
  )
  const attached = async () => textOfPdf((await mailed(id))[1]?.content as Buffer)
  assert.match(await attached(), '34600111222')
  assert.not.match(await attached(), '7393')
  await send('PATCH', client, { portalVisibility: { callPrices: true } })
  assert.match(await annexOf(clientKey), '0.7393')
  assert.match(await attached(), '0.7393')
  await send('PATCH', client, { portalVisibility: { invoices: false } })
  assert.is((await get(path, clientKey)).status, 404)
  assert.is((await get(`/v1/invoices/${id}.pdf`, clientKey)).status, 404)
})

test('a brand whose template has no place for calls sends no annex', async () => {
  const { id, issue, send } = await openBooks()
  await send('POST', '/v1/invoice-templates', {
    name: 'short',
    isDefault: true,
    content: { sections: ['parties', 'lines', 'taxes', 'totals'] },
  })
  await issue()
  assert.is((await mailed(id)).length, 1)
})

test('calls within the invoice are asked for in vain', async () => {
  const { id, brandKey } = await openBooks()
  const { status, body } = await api.send('GET', `/v1/invoices/${id}.pdf?items=true`, { key: brandKey })
  assert.is(status, 400)
  assert.is(body.errors[0].pointer, '/items')
})

test('more calls than are printed are left to the CSV', async () => {
  const { id, issue, brandKey } = await openBooks()
  const worker = api.context.worker.$client
  await worker`
    update call_rollups set calls = 20001 where client_id = (select client_id from invoices where id = ${id})`
  await issue()
  const { status, body } = await api.send('GET', `/v1/invoices/${id}/annex.pdf`, { key: brandKey })
  assert.equal([status, body.code], [422, 'annex_too_long'])
  assert.is((await mailed(id)).length, 1)
})

test('a stranger finds neither', async () => {
  const { id, issue } = await openBooks()
  await issue()
  const stranger = await makeTenant(api)
  for (const path of [`/v1/invoices/${id}.pdf`, `/v1/invoices/${id}/annex.pdf`]) {
    assert.is((await get(path, stranger.brandKey)).status, 404, path)
    assert.is((await get(path, platformKey)).status, 200, path)
    assert.is((await get(path, stranger.clientKey)).status, 404, path)
  }
})

test.run()
