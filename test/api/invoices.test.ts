import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '../../src/uuid.ts'
import { makeTenant, openTestApi } from './test-api.ts'

const api = await openTestApi()
const invoices = suite('/v1/invoices')
invoices.after(() => api.close())

/** A brand with a series, a tax, a fixed cost, and complete data of both parties. */
async function openBooks() {
  const tenant = await makeTenant(api)
  const { brandId, clientId, brandKey: key } = tenant
  const make = async (path: string, body: object) => {
    const { status, body: made } = await api.send('POST', path, { key, body })
    assert.is(status, 201, JSON.stringify(made))
    return made
  }
  const tax = await make('/v1/taxes', { name: 'VAT', rate: '21', category: 'S' })
  const sequence = await make('/v1/invoice-number-sequences', { name: 'main', prefix: 'F{yyyy}-', width: 4 })
  const seat = await make('/v1/fixed-costs', { name: 'Seat', price: '9.95', currency: 'EUR' })
  await api.send('PATCH', `/v1/brands/${brandId}`, {
    body: {
      issuer: { legalName: 'Telco', taxId: 'B58378431', country: 'ES', iban: 'ES9121000418450200051332' },
    },
  })
  await api.send('PATCH', `/v1/clients/${clientId}`, {
    key,
    body: { taxIds: [tax.id], invoiceData: { legalName: 'Acme, S.A.', taxId: 'A58818501', country: 'ES' } },
  })
  const draft = (more: object = {}) =>
    make('/v1/invoices', {
      clientId,
      numberSequenceId: sequence.id,
      from: '2026-01-01',
      to: '2026-02-01',
      fixedCosts: [{ fixedCostId: seat.id, quantity: 3 }],
      ...more,
    })
  const send = (method: string, path: string, body?: unknown) => api.send(method, path, { key, body })
  return { ...tenant, tax, sequence, seat, make, draft, send }
}

/** Its due day has been over for long. */
async function letDueDayPass(id: string): Promise<void> {
  const owner = postgres(api.databaseUrl, { max: 1, onnotice: () => {} })
  await owner.unsafe(`
    alter table invoices disable trigger user;
    update invoices set due_day = '2026-03-01', due_at = '2026-03-02T00:00:00Z' where id = '${id}';
    alter table invoices enable trigger user`)
  await owner.end()
}

invoices('from draft to issue, payment and credit, the balance follows', async () => {
  const { send, draft, clientId } = await openBooks()
  const drafted = await draft()
  assert.equal(
    [drafted.status, drafted.number, drafted.net, drafted.tax, drafted.total],
    ['draft', null, '29.85', '6.27', '36.12'],
  )
  const { status, body: issued } = await send('POST', `/v1/invoices/${drafted.id}/issue`)
  assert.is(status, 200, JSON.stringify(issued))
  assert.match(issued.number, /^F\d{4}-0001$/)
  assert.is((await send('POST', `/v1/invoices/${drafted.id}/issue`, {})).body.number, issued.number)
  assert.is((await send('GET', `/v1/clients/${clientId}/balance`)).body.invoicedUnpaid, '36.12')

  const paid = await send('POST', `/v1/invoices/${drafted.id}/payments`, {
    amount: '36.12',
    method: 'transfer',
  })
  assert.equal([paid.status, paid.body.status, paid.body.amountDue], [201, 'paid', '0'])
  assert.is((await send('GET', `/v1/clients/${clientId}/balance`)).body.balance, '0')

  const note = await send('POST', `/v1/invoices/${drafted.id}/credit-notes`, {
    lines: [{ index: 0, quantity: '1' }],
  })
  assert.equal(
    [note.status, note.body.kind, note.body.total, note.body.creditsInvoiceId],
    [201, 'credit-note', '-12.04', drafted.id],
  )
  const rest = await send('POST', `/v1/invoices/${drafted.id}/credit-notes`, { reason: 'all wrong' })
  assert.is(rest.body.total, '-24.08')
  assert.is((await send('GET', `/v1/invoices/${drafted.id}`)).body.status, 'credited')
  const again = await send('POST', `/v1/invoices/${drafted.id}/credit-notes`, {})
  assert.equal([again.status, again.body.code], [409, 'invoice_is_final'])
})

invoices('the documents of an issued invoice are a PDF, a UBL and a CSV', async () => {
  const { send, draft } = await openBooks()
  const { id } = await draft()
  assert.is((await send('GET', `/v1/invoices/${id}.xml`)).body.code, 'invoice_not_issued')
  assert.match((await send('GET', `/v1/invoices/${id}.pdf`)).body, /^%PDF-1\.7/)
  await send('POST', `/v1/invoices/${id}/issue`)
  const pdf = await send('GET', `/v1/invoices/${id}.pdf`)
  assert.is(pdf.headers['content-type'], 'application/pdf')
  const xml = await send('GET', `/v1/invoices/${id}.xml`)
  assert.match(xml.body, '<cbc:PayableAmount currencyID="EUR">36.12</cbc:PayableAmount>')
  const csv = await send('GET', `/v1/invoices/${id}.csv`)
  assert.is(
    csv.body,
    'call_id,answered_at,from,to,destination,duration_seconds,billed_seconds,price,currency,time_zone\r\n',
  )
})

invoices(
  'a template of nobody or of another brand is refused at its place, in drafts and previews',
  async () => {
    const { send, draft, clientId, sequence, make } = await openBooks()
    const stranger = await openBooks()
    const theirs = await stranger.make('/v1/invoice-templates', { name: 'theirs', content: {} })
    const ours = await make('/v1/invoice-templates', { name: 'ours', content: {} })
    const { id } = await draft({ templateId: ours.id })
    const period = { clientId, numberSequenceId: sequence.id, from: '2026-01-01', to: '2026-02-01' }
    for (const templateId of [theirs.id, '01946000-0000-7000-8000-000000000001']) {
      for (const [path, body] of [
        ['/v1/invoices', { ...period, templateId }],
        ['/v1/invoices/preview', { ...period, templateId }],
        [`/v1/invoices/${id}/recompute`, { templateId }],
      ] as const) {
        const { status, body: problem } = await send('POST', path, body)
        assert.equal([status, problem.errors?.[0]?.pointer], [400, '/templateId'], path)
      }
    }
    assert.is((await send('POST', `/v1/invoices/${id}/recompute`, {})).status, 200)
  },
)

invoices('a period that is not over is refused with its code', async () => {
  const { send, draft } = await openBooks()
  const { id } = await draft({ from: '2099-01-01', to: '2099-02-01' })
  const { status, body } = await send('POST', `/v1/invoices/${id}/issue`, {})
  assert.equal([status, body.code, body.errors.length], [409, 'period_open', 1])
})

invoices('an overlap is refused with the number of the other', async () => {
  const { send, draft } = await openBooks()
  const first = await draft()
  const { body: issued } = await send('POST', `/v1/invoices/${first.id}/issue`)
  const second = await draft({ from: '2026-01-31', to: '2026-03-01' })
  const { body } = await send('POST', `/v1/invoices/${second.id}/issue`)
  assert.is(body.code, 'period_overlap')
  assert.match(body.errors[0].detail, issued.number)
})

invoices('lists filter by state and client, and a draft may be deleted', async () => {
  const { send, draft, clientId } = await openBooks()
  const one = await draft()
  const two = await draft({ from: '2026-02-01', to: '2026-03-01', dueDays: 0 })
  const { body: issued } = await send('POST', `/v1/invoices/${two.id}/issue`)
  // The day of issue is the last to pay it.
  assert.equal([issued.status, issued.dueDay], ['issued', issued.issueDay])
  await letDueDayPass(two.id)
  const ids = async (query: string) =>
    (await send('GET', `/v1/invoices?${query}`)).body.data.map((row: { id: string }) => row.id)
  assert.equal(await ids(`clientId=${clientId}`), [two.id, one.id])
  assert.equal(await ids('status=draft'), [one.id])
  assert.equal(await ids('status=overdue'), [two.id])
  assert.equal(await ids('status=issued'), [])
  const page = await send('GET', `/v1/clients/${clientId}/invoices?limit=1`)
  assert.is(page.body.data.length, 1)
  assert.is(
    (await send('GET', `/v1/clients/${clientId}/invoices?cursor=${page.body.nextCursor}`)).body.data[0].id,
    one.id,
  )
  assert.is((await send('GET', '/v1/receivables')).body.data[0].due, '36.12')
  assert.is((await send('DELETE', `/v1/invoices/${one.id}`)).status, 204)
  const refused = await send('DELETE', `/v1/invoices/${two.id}`)
  assert.equal([refused.status, refused.body.code], [409, 'invoice_is_final'])
})

invoices("a client's users see issued invoices where they are visible, and never a draft", async () => {
  const { send, draft, clientId, clientKey } = await openBooks()
  const { id } = await draft()
  const asClient = (path: string) => api.send('GET', path, { key: clientKey })
  await send('PATCH', `/v1/clients/${clientId}`, { portalVisibility: { invoices: true } })
  assert.is((await asClient(`/v1/invoices/${id}`)).status, 404)
  await send('POST', `/v1/invoices/${id}/issue`)
  assert.is((await asClient(`/v1/invoices/${id}`)).status, 200)
  assert.is((await asClient(`/v1/invoices/${id}.pdf`)).status, 200)
  await send('PATCH', `/v1/clients/${clientId}`, { portalVisibility: { invoices: false } })
  assert.is((await asClient(`/v1/invoices/${id}`)).status, 404)
  assert.is((await api.send('POST', `/v1/invoices/${id}/issue`, { key: clientKey })).status, 403)
})

invoices("another brand's invoices and settings do not exist", async () => {
  const one = await openBooks()
  const other = await openBooks()
  const { id } = await one.draft()
  for (const [method, path] of [
    ['GET', `/v1/invoices/${id}`],
    ['GET', `/v1/invoices/${id}.pdf`],
    ['POST', `/v1/invoices/${id}/issue`],
    ['DELETE', `/v1/invoices/${id}`],
    ['GET', `/v1/taxes/${one.tax.id}`],
  ] as const) {
    assert.is((await other.send(method, path)).status, 404, path)
  }
  const foreign = await other.send('POST', '/v1/invoices', {
    clientId: other.clientId,
    numberSequenceId: one.sequence.id,
    from: '2026-01-01',
    to: '2026-02-01',
    fixedCosts: [],
  })
  assert.equal([foreign.status, foreign.body.errors[0].pointer], [400, '/numberSequenceId'])
})

invoices('settings are checked: a sequence, a template, a tax, a discount', async () => {
  const { send, sequence, draft, clientId } = await openBooks()
  assert.match((await send('GET', `/v1/invoice-number-sequences/${sequence.id}/next`)).body.number, /-0001$/)
  const yearly = { name: 'y', prefix: 'F-', width: 3, resetYearly: true }
  assert.is((await send('POST', '/v1/invoice-number-sequences', yearly)).status, 400)
  const template = { name: 't', content: { colors: { accent: 'red' } } }
  const refused = await send('POST', '/v1/invoice-templates', template)
  assert.equal([refused.status, refused.body.errors[0].pointer], [400, '/content/colors/accent'])
  assert.is((await send('POST', '/v1/taxes', { name: 'x', rate: '5', category: 'AE' })).status, 400)
  const discounts = [{ description: 'both', percent: '5', amount: '1' }]
  const body = { clientId, numberSequenceId: sequence.id, from: '2026-01-01', to: '2026-02-01', discounts }
  assert.is((await send('POST', '/v1/invoices', body)).body.errors[0].pointer, '/discounts/0')
  const schedule = {
    name: 's',
    unit: 'month',
    firstDay: '2026-01-31',
    numberSequenceId: sequence.id,
    dueDays: 10,
  }
  const made = await send('POST', '/v1/invoice-schedules', schedule)
  assert.equal([made.status, made.body.dueDays, made.body.enabled], [201, 10, true])
  const off = await send('PATCH', `/v1/invoice-schedules/${made.body.id}`, { enabled: false })
  assert.equal([off.status, off.body.enabled, off.body.dueDays], [200, false, 10])
  const preview = await send('POST', '/v1/invoices/preview', { ...body, discounts: [] })
  assert.equal([preview.status, preview.body.total], [200, '0'])
  const { id } = await draft()
  const again = await send('POST', `/v1/invoices/${id}/recompute`, {
    discounts: [{ description: 'd', amount: '9.85' }],
  })
  assert.equal([again.status, again.body.net], [200, '20'])
})

invoices('a schedule and a fixed cost name only what is their own brand’s', async () => {
  const [own, foreign] = [await openBooks(), await openBooks()]
  const schedule = { name: 's', unit: 'month', firstDay: '2026-01-31', numberSequenceId: own.sequence.id }
  const { id } = (await own.send('POST', '/v1/invoice-schedules', schedule)).body
  for (const fields of [{ clientId: foreign.clientId }, { numberSequenceId: foreign.sequence.id }]) {
    for (const [method, path] of [
      ['POST', '/v1/invoice-schedules'],
      ['PATCH', `/v1/invoice-schedules/${id}`],
    ] as const) {
      const body = method === 'POST' ? { ...schedule, ...fields } : fields
      const { status, body: problem } = await own.send(method, path, body)
      assert.equal([status, problem.errors?.[0]?.pointer], [400, `/${Object.keys(fields)[0]}`])
    }
  }
  const { id: foreignCostId } = await foreign.make('/v1/fixed-costs', {
    name: 'f',
    price: '1',
    currency: 'EUR',
  })
  const terms = {
    taxIds: [own.tax.id, foreign.tax.id],
    fixedCosts: [{ fixedCostId: own.seat.id, taxId: foreign.tax.id }, { fixedCostId: foreignCostId }],
    templateId: foreign.sequence.id,
  }
  const named = await own.send('POST', '/v1/invoice-schedules', { ...schedule, name: 'terms', ...terms })
  const places = ['/taxIds/1', '/fixedCosts/0/taxId', '/fixedCosts/1/fixedCostId', '/templateId']
  assert.is(named.status, 400)
  assert.equal(named.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(), places.sort())
  const cost = { name: 'f', price: '1', currency: 'EUR' }
  const taxed = await own.send('POST', '/v1/fixed-costs', { ...cost, taxId: foreign.tax.id })
  assert.equal([taxed.status, taxed.body.errors?.[0]?.pointer], [400, '/taxId'])
  assert.is((await own.send('POST', '/v1/fixed-costs', { ...cost, taxId: own.tax.id })).status, 201)
})

invoices('what a schedule names cannot be deleted', async () => {
  const { send, sequence, make } = await openBooks()
  const [tax, cost, template] = [
    await make('/v1/taxes', { name: 'IGIC', rate: '7', category: 'S' }),
    await make('/v1/fixed-costs', { name: 'line', price: '1', currency: 'EUR' }),
    await make('/v1/invoice-templates', { name: 'plain', content: {} }),
  ]
  const schedule = await make('/v1/invoice-schedules', {
    ...{ name: 'monthly', unit: 'month', firstDay: '2026-01-01', numberSequenceId: sequence.id },
    ...{ taxIds: [tax.id], fixedCosts: [{ fixedCostId: cost.id }], templateId: template.id },
  })
  const paths = [`/v1/taxes/${tax.id}`, `/v1/fixed-costs/${cost.id}`, `/v1/invoice-templates/${template.id}`]
  for (const path of paths) {
    const { status, body } = await send('DELETE', path)
    assert.equal([status, body.code], [409, 'in_use'])
    assert.match(body.detail, /invoice schedule monthly/)
  }
  await send('DELETE', `/v1/invoice-schedules/${schedule.id}`)
  for (const path of paths) assert.is((await send('DELETE', path)).status, 204)
})

invoices(
  'a payment is refused before its day, and a clock that is a little fast does not matter',
  async () => {
    const { send, draft } = await openBooks()
    const { id } = await draft()
    await send('POST', `/v1/invoices/${id}/issue`)
    const pay = (aheadMs: number) =>
      send('POST', `/v1/invoices/${id}/payments`, {
        amount: '1',
        paidAt: new Date(api.context.calls.clock() + aheadMs).toISOString(),
      })
    const early = await pay(24 * 3_600_000)
    assert.equal([early.status, early.body.errors[0].pointer], [400, '/paidAt'])
    assert.is((await pay(2 * 60_000)).status, 201)
    assert.is((await pay(-40 * 24 * 3_600_000)).status, 201)
  },
)

invoices(
  'what became of a period of a schedule can be read: issued, or why not and when it is tried again',
  async () => {
    const { send, sequence, clientId } = await openBooks()
    const schedule = { name: 'monthly', unit: 'month', firstDay: '2026-01-01', numberSequenceId: sequence.id }
    const { id } = (await send('POST', '/v1/invoice-schedules', schedule)).body
    const error = { code: 'unpriced_calls', detail: 'no price', errors: [{ pointer: '', detail: 'call 1' }] }
    await api.context.worker.$client`
    insert into invoice_schedule_periods (schedule_id, client_id, index, period_from, period_to, status, attempts,
                                          next_attempt_at, last_error)
    values (${id}, ${clientId}, 0, '2026-01-01', '2026-02-01', 'empty', 1, '2026-02-01Z', null),
           (${id}, ${clientId}, 1, '2026-02-01', '2026-03-01', 'failed', 2, '2026-03-01T00:02:00Z',
            ${JSON.stringify(error)}::text::jsonb)`
    const first = (await send('GET', `/v1/invoice-schedules/${id}/periods?limit=1`)).body
    const { updatedAt: _updatedAt, ...failed } = first.data[0]
    assert.equal(failed, {
      clientId,
      from: '2026-02-01',
      to: '2026-03-01',
      status: 'failed',
      attempts: 2,
      nextAttemptAt: '2026-03-01T00:02:00.000Z',
      lastError: error,
      invoiceId: null,
    })
    const path = `/v1/invoice-schedules/${id}/periods?cursor=${first.nextCursor}`
    const rest = (await send('GET', path)).body
    assert.equal(
      [rest.data.length, rest.data[0].status, rest.data[0].nextAttemptAt, rest.nextCursor],
      [1, 'empty', null, null],
    )
    const only = (await send('GET', `/v1/invoice-schedules/${id}/periods?status=failed`)).body
    assert.is(only.data.length, 1)
  },
)

invoices('the same Idempotency-Key pays once', async () => {
  const { send, draft, brandKey } = await openBooks()
  const { id } = await draft()
  await send('POST', `/v1/invoices/${id}/issue`)
  const pay = () =>
    api.send('POST', `/v1/invoices/${id}/payments`, {
      key: brandKey,
      body: { amount: '6.12' },
      headers: { 'idempotency-key': 'once' },
    })
  assert.is((await pay()).body.amountDue, '30')
  assert.is((await pay()).body.amountDue, '30')
  const { body } = await send('GET', `/v1/invoices/${id}`)
  assert.equal([body.amountDue, body.payments.length], ['30', 1])
})

invoices('a client without the feature has no section of invoices, and its invoices stay', async () => {
  const { send, draft, clientId } = await openBooks()
  const { id } = await draft()
  assert.is((await send('GET', `/v1/clients/${clientId}/invoices`)).body.data.length, 1)
  await send('PATCH', `/v1/clients/${clientId}`, { features: ['billing'] })
  const hidden = await send('GET', `/v1/clients/${clientId}/invoices`)
  assert.equal([hidden.status, hidden.body.code], [404, 'feature_disabled'])
  assert.is((await send('GET', `/v1/invoices/${id}`)).status, 200)
})

invoices('calls that no invoice took are listed in pages, by client and by day', async () => {
  const { send, brandId, clientId, brandKey: key } = await openBooks()
  const other = await api.send('POST', '/v1/clients', {
    key,
    body: { name: 'Second', sipDomain: `second-${brandId}.example.com` },
  })
  const rows: [string, string, string][] = [
    [clientId, '2026-01-05', '1.5'],
    [clientId, '2026-02-05', '2'],
    [other.body.id, '2026-01-07', '4'],
  ]
  for (const [client, day, amount] of rows) {
    await api.callsContext.db.$client`
      insert into call_rollups (id, client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds, amount)
      values (${newId()}, ${client}, ${brandId}, ${day}, 'Spain', 1, 60, 60, ${amount}::text::numeric)`
  }
  const list = async (query: string) => (await send('GET', `/v1/uninvoiced-calls?${query}`)).body
  const mine = {
    clientId,
    clientName: 'Acme',
    firstDay: '2026-01-05',
    lastDay: '2026-02-05',
    calls: 2,
    amount: '3.5',
  }
  const { data, nextCursor } = await list('limit=1')
  assert.equal(data, [mine])
  const second = await list(`limit=1&cursor=${nextCursor}`)
  assert.equal(
    second.data.map((row: { clientId: string }) => row.clientId),
    [other.body.id],
  )
  assert.is(second.nextCursor, null)
  assert.equal((await list(`clientId=${clientId}`)).data, [mine])
  assert.equal((await list(`clientId=${clientId}&to=2026-02-01`)).data, [
    { ...mine, lastDay: '2026-01-05', calls: 1, amount: '1.5' },
  ])
  assert.equal((await list('to=2026-01-05')).data, [])
  for (const [query, pointer] of [
    ['to=2026-02-30', '/to'],
    ['cursor=WyJhIl0', '/cursor'],
    ['limit=0', '/limit'],
    ['clientid=x', '/clientid'],
  ]) {
    const { status, body } = await send('GET', `/v1/uninvoiced-calls?${query}`)
    assert.equal([status, body.errors[0].pointer], [400, pointer])
  }
})

invoices('a listed invoice says what it says read alone, whatever became of it', async () => {
  const { send, draft, clientId } = await openBooks()
  const ids: string[] = []
  for (const [month, dueDays] of [30, 30, 30, 0, 30].entries()) {
    const [from, to] = [`2026-0${month + 1}-01`, `2026-0${month + 2}-01`]
    const { id } = await draft({ dueDays, from, to })
    ids.push(id)
    if (ids.length === 5) break
    const { status, body } = await send('POST', `/v1/invoices/${id}/issue`)
    assert.is(status, 200, JSON.stringify(body))
  }
  const [paid, partlyPaid, credited, overdue = ''] = ids
  await letDueDayPass(overdue)
  await send('POST', `/v1/invoices/${paid}/payments`, { amount: '36.12' })
  await send('POST', `/v1/invoices/${partlyPaid}/payments`, { amount: '6.02' })
  assert.is((await send('POST', `/v1/invoices/${credited}/credit-notes`, { reason: 'wrong' })).status, 201)
  const listed = (await send('GET', `/v1/clients/${clientId}/invoices`)).body.data
  assert.equal(
    listed.map((one: { kind: string; status: string; amountDue: string }) => [
      one.kind,
      one.status,
      one.amountDue,
    ]),
    [
      ['credit-note', 'issued', '0'],
      ['invoice', 'draft', '36.12'],
      ['invoice', 'overdue', '36.12'],
      ['invoice', 'credited', '0'],
      ['invoice', 'issued', '30.1'],
      ['invoice', 'paid', '0'],
    ],
  )
  for (const one of listed) {
    const alone = (await send('GET', `/v1/invoices/${one.id}`)).body
    for (const [field, value] of Object.entries(one)) assert.equal(value, alone[field], field)
  }
})

invoices('a fixed cost by Max calls needs one, or a quantity', async () => {
  const { make, send, sequence, clientId } = await openBooks()
  const channel = await make('/v1/fixed-costs', {
    name: 'Channel',
    price: '5',
    currency: 'EUR',
    quantityRule: 'maxCalls',
  })
  const body = { clientId, numberSequenceId: sequence.id, from: '2026-01-01', to: '2026-02-01' }
  const term = { fixedCostId: channel.id }
  await send('PATCH', `/v1/clients/${clientId}`, { maxCalls: 0 })
  for (const path of ['/v1/invoices', '/v1/invoices/preview']) {
    const refused = await send('POST', path, { ...body, fixedCosts: [term] })
    assert.equal(
      [refused.status, refused.body.code, refused.body.errors[0].pointer],
      [400, 'invalid_request', '/fixedCosts/0/quantity'],
    )
  }
  const counted = await send('POST', '/v1/invoices/preview', {
    ...body,
    fixedCosts: [{ ...term, quantity: 2 }],
  })
  assert.is(counted.body.net, '10')
  await send('PATCH', `/v1/clients/${clientId}`, { maxCalls: 3 })
  assert.is((await send('POST', '/v1/invoices/preview', { ...body, fixedCosts: [term] })).body.net, '15')
})

invoices(
  'days of a fixed cost that are backwards or outside the period are refused with their place',
  async () => {
    const { send, seat, sequence, clientId, draft } = await openBooks()
    const { id } = await draft()
    const body = { clientId, numberSequenceId: sequence.id, from: '2026-01-01', to: '2026-02-01' }
    for (const [days, pointer] of [
      [{ from: '2026-01-20', to: '2026-01-10' }, '/fixedCosts/0/to'],
      [{ from: '2026-01-20', to: '2026-01-20' }, '/fixedCosts/0/to'],
      [{ from: '2026-02-01' }, '/fixedCosts/0/from'],
      [{ to: '2026-01-01' }, '/fixedCosts/0/to'],
      [{ from: '2025-12-01', to: '2025-12-15' }, '/fixedCosts/0/to'],
    ] as const) {
      const terms = { fixedCosts: [{ fixedCostId: seat.id, ...days }] }
      for (const [path, sent] of [
        ['/v1/invoices', { ...body, ...terms }],
        ['/v1/invoices/preview', { ...body, ...terms }],
        [`/v1/invoices/${id}/recompute`, terms],
      ] as const) {
        const { status, body: refusal } = await send('POST', path, sent)
        assert.equal(
          [status, refusal.code, refusal.errors[0].pointer],
          [400, 'invalid_request', pointer],
          path,
        )
      }
    }
    const overlapping = { fixedCosts: [{ fixedCostId: seat.id, from: '2025-12-15', to: '2026-01-10' }] }
    assert.is((await send('POST', '/v1/invoices/preview', { ...body, ...overlapping })).body.net, '9.95')
    const schedule = {
      name: 'Backwards',
      unit: 'month',
      firstDay: '2026-01-01',
      numberSequenceId: sequence.id,
      fixedCosts: [{ fixedCostId: seat.id, from: '2026-01-20', to: '2026-01-10' }],
    }
    const refused = await send('POST', '/v1/invoice-schedules', schedule)
    assert.equal([refused.status, refused.body.errors[0].pointer], [400, '/fixedCosts/0/to'])
  },
)

invoices("a brand's series of credit notes is its own, and its notes are numbered there", async () => {
  const { make, send, draft, brandId } = await openBooks()
  const strange = await openBooks()
  const refused = await send('PATCH', `/v1/brands/${brandId}`, { creditNoteSequenceId: strange.sequence.id })
  assert.equal([refused.status, refused.body.errors[0].pointer], [400, '/creditNoteSequenceId'])
  const notes = await make('/v1/invoice-number-sequences', { name: 'notes', prefix: 'R', width: 3 })
  const { body: brand } = await send('PATCH', `/v1/brands/${brandId}`, { creditNoteSequenceId: notes.id })
  assert.equal([brand.creditNoteSequenceId, brand.corrections], [notes.id, 'invoice'])
  const { id } = await draft()
  await send('POST', `/v1/invoices/${id}/issue`)
  const { status, body: note } = await send('POST', `/v1/invoices/${id}/credit-notes`, {
    lines: [{ index: 0, quantity: 1 }],
    rebill: true,
  })
  assert.equal([status, note.number, note.lines[0].correctsInvoiceId], [201, 'R001', null])
  const inUse = await send('DELETE', `/v1/invoice-number-sequences/${notes.id}`)
  assert.equal([inUse.status, inUse.body.code], [409, 'in_use'])
  assert.is((await send('PATCH', `/v1/brands/${brandId}`, { corrections: 'never' })).status, 400)
})

invoices('whether prices include tax may change until the client has money', async () => {
  const { send, draft, clientId } = await openBooks()
  const change = (pricesIncludeTax: boolean) => send('PATCH', `/v1/clients/${clientId}`, { pricesIncludeTax })
  assert.is((await send('GET', `/v1/clients/${clientId}`)).body.pricesIncludeTax, false)
  assert.is((await change(true)).body.pricesIncludeTax, true)
  const drafted = await draft()
  // 29.85 with 21 % in it.
  assert.equal([drafted.net, drafted.tax, drafted.total], ['24.67', '5.18', '29.85'])
  await send('POST', `/v1/invoices/${drafted.id}/issue`)
  const refused = await change(false)
  assert.equal(
    [refused.status, refused.body.code, refused.body.errors[0].pointer],
    [409, 'prices_include_tax_fixed', '/pricesIncludeTax'],
  )
  assert.is((await change(true)).status, 200)
})

invoices.run()
