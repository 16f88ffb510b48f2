import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { noTerms } from '../../src/invoices/invoice-terms.ts'
import { runInvoiceSchedules } from '../../src/invoices/run-invoice-schedules.ts'
import { runInvoices } from '../../src/invoices/run-invoices.ts'
import { fixedCostTerm } from '../invoices/office.ts'
import { makeTenant, must, openTestApi } from './test-api.ts'

const test = suite('warnings of an invoice')
const api = await openTestApi()
test.after(() => api.close())
const sql = api.context.worker.$client
const worker = { sql, clock: Date.now, onCommitted: () => {} }

const issuer = { legalName: 'Telco, S.L.', taxId: 'B58378431', postalAddress: 'Calle Mayor 1', country: 'ES' }
const invoiceData = {
  legalName: 'Acme, S.A.',
  taxId: 'A58818501',
  postalAddress: 'Gran Vía 2',
  country: 'ES',
  email: 'billing@acme.example',
}
const all = [
  'issuer_without_address',
  'issuer_without_tax_id',
  'client_without_legal_data',
  'no_taxes',
  'no_email',
]

/** A brand with a line rental of 9.95 and one client, about whom nothing is known. */
async function openBooks() {
  const tenant = await makeTenant(api)
  const { brandId, clientId, brandKey: key } = tenant
  const send = (method: string, path: string, body?: unknown) => must(api.send(method, path, { key, body }))
  const sequence = await send('POST', '/v1/invoice-number-sequences', { name: 'main', prefix: 'F', width: 4 })
  const tax = await send('POST', '/v1/taxes', { name: 'VAT', rate: '21', category: 'S' })
  const seat = await send('POST', '/v1/fixed-costs', { name: 'Seat', price: '9.95', currency: 'EUR' })
  const terms = { fixedCosts: [{ fixedCostId: seat.id }] }
  const wanted = { clientId, numberSequenceId: sequence.id, from: '2026-01-01', to: '2026-02-01', ...terms }
  const brand = (body: object) => send('PATCH', `/v1/brands/${brandId}`, body)
  const client = (body: object) => send('PATCH', `/v1/clients/${clientId}`, body)
  await client({ taxIds: [] })
  return {
    ...tenant,
    send,
    wanted,
    terms,
    brand,
    client,
    sequence,
    seat,
    run: {
      brandId,
      scope: { brandId, clientId: null },
      actor: 'test',
      filter: {},
      numberSequenceId: sequence.id as string,
      period: { from: '2026-01-01', to: '2026-02-01' },
    },
    draft: () => send('POST', '/v1/invoices', wanted),
    try: (path: string, body?: unknown) => api.send('POST', path, { key, body }),
    async complete() {
      await brand({ issuer })
      await client({ invoiceData, taxIds: [tax.id] })
    },
  }
}

const codesOf = ({ warnings }: { warnings: { code: string }[] }) => warnings.map(({ code }) => code)

test('drafts and previews say what is missing, until it is there', async () => {
  const books = await openBooks()
  const draft = await books.draft()
  assert.equal(codesOf(draft), all)
  assert.is(
    draft.warnings[2].detail,
    "The client's invoiceData has no legalName, no taxId, no postalAddress.",
  )
  assert.equal(codesOf(await books.send('GET', `/v1/invoices/${draft.id}`)), all)
  assert.equal(codesOf(await books.send('POST', '/v1/invoices/preview', books.wanted)), all)
  await books.brand({ issuer: { legalName: 'Telco, S.L.', postalAddress: 'Calle Mayor 1' } })
  await books.client({ invoiceData: { legalName: 'Acme, S.A.', email: 'billing@acme.example' } })
  const half = await books.send('POST', `/v1/invoices/${draft.id}/recompute`)
  assert.equal(codesOf(half), ['issuer_without_tax_id', 'client_without_legal_data', 'no_taxes'])
  assert.is(half.warnings[1].detail, "The client's invoiceData has no taxId, no postalAddress.")
  await books.complete()
  assert.equal(codesOf(await books.send('POST', `/v1/invoices/${draft.id}/recompute`)), [])
  const issued = await books.send('POST', `/v1/invoices/${draft.id}/issue`)
  assert.is(issued.warnings, undefined, 'an issued invoice is what it is')
})

test('a name that no font prints is named with its letters, one that is printed is not', async () => {
  const books = await openBooks()
  await books.complete()
  await books.brand({ issuer: { ...issuer, legalName: '株式会社東京電話' } })
  await books.client({ invoiceData: { ...invoiceData, legalName: 'Acme 😀', town: 'ঢাকা' } })
  const { warnings } = await books.draft()
  assert.equal(warnings, [
    { code: 'unprintable_name', detail: 'No font prints 😀 of "Acme 😀": question marks stand for it.' },
    { code: 'unprintable_name', detail: 'No font prints ঢ া ক of "ঢাকা": question marks stand for it.' },
  ])
})

test('without issueOnlyWhenReady an invoice with warnings is issued', async () => {
  const books = await openBooks()
  const { id } = await books.draft()
  assert.match((await books.send('POST', `/v1/invoices/${id}/issue`)).number, 'F0001')
})

test('with issueOnlyWhenReady the issue names them, changes nothing, and passes when they are gone', async () => {
  const books = await openBooks()
  await books.brand({ issueOnlyWhenReady: true })
  const { id } = await books.draft()
  const { status, body } = await books.try(`/v1/invoices/${id}/issue`)
  assert.equal([status, body.code], [409, 'invoice_not_ready'])
  assert.equal(
    body.errors.map(({ detail }: { detail: string }) => detail.split(':')[0]),
    all,
  )
  assert.is((await books.send('GET', `/v1/invoices/${id}`)).status, 'draft')
  await books.complete()
  // The next number is the first: none was taken.
  assert.is((await books.send('POST', `/v1/invoices/${id}/issue`)).number, 'F0001')
})

test('an address given with the issue stands for the client’s own', async () => {
  const books = await openBooks()
  await books.complete()
  await books.client({ invoiceData: { ...invoiceData, email: null } })
  await books.brand({ issueOnlyWhenReady: true })
  const { id } = await books.draft()
  assert.is((await books.try(`/v1/invoices/${id}/issue`)).body.code, 'invoice_not_ready')
  const { status } = await books.try(`/v1/invoices/${id}/issue`, { email: 'else@acme.example' })
  assert.is(status, 200)
})

test('other obstacles come first and name it beside them', async () => {
  const books = await openBooks()
  await books.brand({ issueOnlyWhenReady: true })
  const { id } = await books.send('POST', '/v1/invoices', { ...books.wanted, to: '2099-01-01' })
  const { body } = await books.try(`/v1/invoices/${id}/issue`)
  assert.is(body.code, 'period_open')
  assert.match(body.detail, 'Also: invoice_not_ready.')
})

test('a run by hand refuses it, tried or meant', async () => {
  const books = await openBooks()
  await books.brand({ issueOnlyWhenReady: true })
  for (const mode of ['dry-run', 'issue'] as const) {
    const refusals: string[] = []
    const { refused, issued } = await runInvoices(worker, {
      ...books.run,
      terms: { ...noTerms, fixedCosts: [fixedCostTerm(books.seat.id)] },
      mode,
      onRefused: (_client, error) => refusals.push(error.code),
    })
    assert.equal([refused, issued, refusals], [1, 0, ['invoice_not_ready']], mode)
  }
})

test('a schedule keeps the refusal with its names, and issues once it is complete', async () => {
  const books = await openBooks()
  await books.brand({ issueOnlyWhenReady: true })
  const schedule = await books.send('POST', '/v1/invoice-schedules', {
    name: 'Monthly',
    clientId: books.clientId,
    numberSequenceId: books.sequence.id,
    unit: 'month',
    every: 1,
    firstDay: '2026-01-01',
    ...books.terms,
  })
  // The client is as old as its first period, and only that one is over.
  await sql`update clients set created_at = '2026-01-01Z' where id = ${books.clientId}`
  let now = Date.parse('2026-02-02T00:00:00Z')
  const context = { sql, clock: () => now, onCommitted: () => {} }
  await runInvoiceSchedules(context)
  const periods = () =>
    books.send('GET', `/v1/invoice-schedules/${schedule.id}/periods`).then(({ data }) => data[0])
  const refused = await periods()
  assert.equal([refused.status, refused.lastError.code], ['failed', 'invoice_not_ready'])
  assert.is(refused.lastError.errors.length, all.length)
  await books.complete()
  now += 3_600_000
  await runInvoiceSchedules(context)
  assert.is((await periods()).status, 'issued')
})

test('who has nothing to invoice is not refused for what is missing', async () => {
  const books = await openBooks()
  await books.brand({ issueOnlyWhenReady: true })
  for (const mode of ['dry-run', 'issue'] as const) {
    const { empty, refused } = await runInvoices(worker, { ...books.run, terms: noTerms, mode })
    assert.equal([empty, refused], [1, 0], mode)
  }
})

test.run()
