import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, must, openTestApi, platformKey, type TestApi } from './test-api.ts'

const test = suite('e-invoices')
let api: TestApi
let brandId: string
let n = 0

test.before(async () => {
  api = await openTestApi()
  brandId = (await must(api.send('POST', '/v1/brands', { body: { name: 'Telco', currency: 'EUR' } }))).id
})
test.after(() => api.close())

const addClient = (more: object = {}) =>
  api.send('POST', '/v1/clients', {
    body: { brandId, name: `Client ${++n}`, sipDomain: `client${n}.example.com`, ...more },
  })
const pointers = ({ status, body }: Answer) => [status, body.errors?.map((fault: Fault) => fault.pointer)]
interface Fault {
  pointer: string
  detail: string
}

test('an electronic address is of a known scheme and of its form, for issuers and clients', async () => {
  for (const [scheme, value, place] of [
    ['0088', '7300010000001', null],
    ['0088', '7300010000002', '/value'],
    ['0208', '0202239951', null],
    ['0208', '0202239952', '/value'],
    ['0208', 'BE0202239951', '/value'],
    ['0192', '923609016', null],
    ['0192', '923609017', '/value'],
    ['0007', '5560360793', null],
    ['0007', '5560360794', '/value'],
    ['0184', 'DK13585628', null],
    ['0184', 'DK1358562', '/value'],
    ['9930', 'DE123456788', null],
    ['EM', 'invoices@acme.example', null],
    ['EM', 'acme.example', '/value'],
    ['9907', '12345', '/scheme'],
    ['XX', '12345', '/scheme'],
    ['88', '12345', '/scheme'],
    ['0088', '', '/value'],
    ['0204', '04011000-1234 512345', '/value'],
  ] as const) {
    const endpointId = { scheme, value }
    const answers: [string, Answer][] = [
      ['/invoiceData', await addClient({ invoiceData: { endpointId } })],
      ['/issuer', await api.send('PATCH', `/v1/brands/${brandId}`, { body: { issuer: { endpointId } } })],
    ]
    for (const [party, answer] of answers) {
      const wanted = place === null ? undefined : [`${party}/endpointId${place}`]
      const status = place !== null ? 400 : party === '/issuer' ? 200 : 201
      assert.equal(pointers(answer), [status, wanted], `${scheme} ${value}`)
      if (place === null) assert.equal(answer.body[party.slice(1)].endpointId, endpointId)
    }
  }
})

test('contact, references and profile are kept; an unknown profile is refused', async () => {
  const invoiceData = { contactName: 'Ms Roe', buyerReference: '04011000-12345-34', purchaseOrder: 'PO 7' }
  const { status, body } = await addClient({ invoiceData, eInvoiceProfile: 'xrechnung-3' })
  assert.is(status, 201, JSON.stringify(body))
  assert.equal([body.invoiceData, body.eInvoiceProfile], [invoiceData, 'xrechnung-3'])
  const cleared = await api.send('PATCH', `/v1/clients/${body.id}`, {
    body: { eInvoiceProfile: null, invoiceData: { purchaseOrder: null } },
  })
  assert.equal(
    [cleared.status, cleared.body.eInvoiceProfile, cleared.body.invoiceData.buyerReference],
    [200, null, '04011000-12345-34'],
  )
  assert.equal(pointers(await addClient({ eInvoiceProfile: 'peppol' })), [400, ['/eInvoiceProfile']])
  const brand = await api.send('PATCH', `/v1/brands/${brandId}`, { body: { eInvoiceProfile: 'peppol' } })
  assert.equal(pointers(brand), [400, ['/eInvoiceProfile']])
})

test('a mandate is kept in the form of banks, and a bad one is refused with its place', async () => {
  const mandate = { mandateId: 'M-2026/1', signedDay: '2026-01-15', iban: 'de89 3704 0044 0532 0130 00' }
  const { status, body } = await addClient({ directDebit: mandate })
  assert.is(status, 201, JSON.stringify(body))
  assert.equal(body.directDebit, { ...mandate, iban: 'DE89370400440532013000', scheme: 'core' })
  for (const [change, place] of [
    [{ iban: 'DE89370400440532013001' }, 'iban'],
    [{ iban: '' }, 'iban'],
    [{ iban: 'TR330006100519786457841326' }, 'iban'],
    [{ bic: 'hello' }, 'bic'],
    [{ signedDay: '2026-02-30' }, 'signedDay'],
    [{ mandateId: 'M_1' }, 'mandateId'],
    [{ mandateId: 'x'.repeat(36) }, 'mandateId'],
    [{ scheme: 'cor1' }, 'scheme'],
  ] as const) {
    const answer = await addClient({ directDebit: { ...mandate, ...change } })
    assert.equal(pointers(answer), [400, [`/directDebit/${place}`]], JSON.stringify(change))
  }
})

test('a creditor id is checked by its digits, whatever its business code', async () => {
  for (const [creditorId, kept] of [
    ['DE98ZZZ09999999999', 'DE98ZZZ09999999999'],
    ['de98 abc 0999 9999 999', 'DE98ABC09999999999'],
    ['', ''],
    ['DE97ZZZ09999999999', null],
    ['DE98', null],
  ] as const) {
    const answer = await api.send('PATCH', `/v1/brands/${brandId}`, { body: { issuer: { creditorId } } })
    if (kept === null) assert.equal(pointers(answer), [400, ['/issuer/creditorId']], creditorId)
    else assert.is(answer.body.issuer?.creditorId, kept, creditorId)
  }
})

test('a tax has one of the nine categories, a rate where it charges, and a code of its ground', async () => {
  for (const [category, rate, reasonCode, places] of [
    ['S', '21', null, null],
    ['Z', '0', null, null],
    ['E', '0', 'VATEX-EU-132-1I', null],
    ['AE', '0', 'VATEX-EU-AE', null],
    ['K', '0', 'VATEX-EU-IC', null],
    ['G', '0', 'VATEX-EU-G', null],
    ['O', '0', 'VATEX-EU-O', null],
    ['L', '7', null, null],
    ['L', '0', null, null],
    ['M', '4', null, null],
    ['B', '22', null, ['/category']],
    ['K', '21', null, ['/rate']],
    ['O', '4', 'VATEX-EU-G', ['/rate', '/reasonCode']],
    ['E', '0', 'VATEX-EU-AE', ['/reasonCode']],
    ['AE', '0', 'VATEX-EU-132', ['/reasonCode']],
    ['E', '0', 'VATEX-EU-999', ['/reasonCode']],
    ['E', '0', 'Article 132', ['/reasonCode']],
    ['S', '21', 'VATEX-EU-AE', ['/reasonCode']],
    ['Z', '0', 'VATEX-EU-132', ['/reasonCode']],
    ['L', '7', 'VATEX-EU-O', ['/reasonCode']],
  ] as const) {
    const tax = { brandId, name: `Tax ${++n}`, category, rate, ...(reasonCode && { reasonCode }) }
    const answer = await api.send('POST', '/v1/taxes', { body: tax })
    const told = `${category} ${rate} ${reasonCode}`
    if (places !== null) assert.equal(pointers(answer), [400, places], told)
    else assert.equal([answer.status, answer.body.reasonCode], [201, reasonCode], told)
  }
})

/** A Belgian brand and client, and an invoice of 10 EUR a month. */
async function anOffice(profiles: { brand?: string; client?: string }, invoiceData: object = {}) {
  const brand = await must(
    api.send('POST', '/v1/brands', {
      body: {
        name: `Telco ${++n}`,
        currency: 'EUR',
        eInvoiceProfile: profiles.brand ?? null,
        issuer: {
          ...{ legalName: 'Telco NV', taxId: 'BE0202239951', country: 'BE', postalAddress: 'Hoogstraat 1' },
          ...{ town: 'Brussel', postalCode: '1000', iban: 'BE68539007547034' },
          endpointId: { scheme: '0208', value: '0202239951' },
        },
      },
    }),
  )
  const owned = { brandId: brand.id }
  const tax = { ...owned, name: 'BTW', rate: '21', category: 'S' }
  const sequence = { ...owned, name: 'main', prefix: `E${n}-`, width: 4 }
  const cost = { ...owned, name: 'Line', price: '10', currency: 'EUR' }
  const { id: taxId } = await must(api.send('POST', '/v1/taxes', { body: tax }))
  const { id: numberSequenceId } = await must(
    api.send('POST', '/v1/invoice-number-sequences', { body: sequence }),
  )
  const { id: fixedCostId } = await must(api.send('POST', '/v1/fixed-costs', { body: cost }))
  const client = await must(
    addClient({
      ...owned,
      taxIds: [taxId],
      eInvoiceProfile: profiles.client ?? null,
      invoiceData: {
        ...{ legalName: 'Acme NV', taxId: 'BE0417497106', country: 'BE', postalAddress: 'Laagstraat 2' },
        endpointId: { scheme: '0208', value: '0417497106' },
        ...invoiceData,
      },
    }),
  )
  const draft = {
    ...{ clientId: client.id, numberSequenceId, from: '2026-01-01', to: '2026-02-01' },
    fixedCosts: [{ fixedCostId, quantity: 1 }],
  }
  return {
    brandId: brand.id as string,
    clientId: client.id as string,
    draft: (more: object = {}) => must(api.send('POST', '/v1/invoices', { body: { ...draft, ...more } })),
    issue: (id: string) => must(api.send('POST', `/v1/invoices/${id}/issue`, { body: {} })),
  }
}

const getXml = (id: string, query = '') => api.send('GET', `/v1/invoices/${id}.xml${query}`)
const specification = ({ body }: Answer) =>
  /<cbc:CustomizationID>([^<]*)/.exec(String(body))?.[1]?.split('#').at(-1)
const en16931 = 'urn:cen.eu:en16931:2017'
const peppol = 'urn:fdc:peppol.eu:2017:poacc:billing:3.0'

test("the client's profile comes before the brand's, and the query before both", async () => {
  for (const [brand, client, query, wanted] of [
    [undefined, undefined, '', en16931],
    ['peppol-bis-3', undefined, '', peppol],
    ['xrechnung-3', 'peppol-bis-3', '', peppol],
    ['xrechnung-3', 'peppol-bis-3', '?profile=en16931', en16931],
  ] as const) {
    const profiles = { ...(brand && { brand }), ...(client && { client }) }
    const office = await anOffice(profiles, { buyerReference: 'Dept. 7' })
    const { id } = await office.issue((await office.draft()).id)
    const answer = await getXml(id, query)
    assert.equal([answer.status, specification(answer)], [200, wanted], `${brand} ${client} ${query}`)
    assert.match(answer.body, '<cbc:BuyerReference>Dept. 7</cbc:BuyerReference>')
    assert.equal(pointers(await getXml(id, '?profile=peppol')), [400, ['/profile']])
  }
})

test('what is missing is told by the clients, the brand and the draft, before the invoice refuses', async () => {
  const office = await anOffice({ client: 'peppol-bis-3' }, { endpointId: null })
  const told = (fields: { rule: string; pointer: string }[]) =>
    fields.map(({ rule, pointer }) => `${rule} ${pointer}`)
  const missing = [
    'PEPPOL-EN16931-R010 /invoiceData/endpointId',
    'PEPPOL-EN16931-R003 /invoiceData/buyerReference',
  ]
  const list = await api.send('GET', `/v1/clients?check=eInvoice&brandId=${office.brandId}`)
  assert.equal(told(list.body.data[0].missing), missing)
  const one = await api.send('GET', `/v1/clients/${office.clientId}?check=eInvoice`)
  assert.equal(told(one.body.missing), missing)
  assert.is((await api.send('GET', `/v1/clients/${office.clientId}`)).body.missing, undefined)
  assert.equal(pointers(await api.send('GET', '/v1/clients?check=invoice')), [400, ['/check']])

  const brand = () => api.send('GET', `/v1/brands/${office.brandId}?check=eInvoice`)
  assert.equal((await brand()).body.missing, [])
  await must(api.send('PATCH', `/v1/brands/${office.brandId}`, { body: { issuer: { endpointId: null } } }))
  assert.equal(told((await brand()).body.missing), ['PEPPOL-EN16931-R020 /issuer/endpointId'])

  const draft = await office.draft({ purchaseOrder: 'PO 9' })
  assert.is(draft.purchaseOrder, 'PO 9')
  assert.equal(
    draft.warnings
      .filter(({ code }: { code: string }) => code === 'e_invoice_incomplete')
      .map(({ detail }: Fault) => detail),
    [
      '/seller/endpointId is missing (PEPPOL-EN16931-R020)',
      '/buyer/endpointId is missing (PEPPOL-EN16931-R010)',
    ],
  )
  await office.issue(draft.id)
  const refused = await getXml(draft.id)
  assert.equal(pointers(refused), [422, ['/seller/endpointId', '/buyer/endpointId']])
  assert.is(refused.body.code, 'invoice_not_representable')
  assert.match((await getXml(draft.id, '?profile=en16931')).body, '<cbc:ID>PO 9</cbc:ID>')
})

test('a Factur-X is kept as it was first made, and a draft has none', async () => {
  const office = await anOffice({})
  const { id } = await office.draft()
  const pdf = (query: string) =>
    api.app.inject({
      ...{ method: 'GET', url: `/v1/invoices/${id}.pdf${query}` },
      headers: { authorization: `Bearer ${platformKey}` },
    })
  assert.equal(
    [(await pdf('?profile=factur-x')).json().code, (await pdf('?profile=zugferd')).statusCode],
    ['invoice_not_issued', 400],
  )
  await office.issue(id)
  const first = await pdf('?profile=factur-x')
  assert.is(first.statusCode, 200, first.body)
  assert.ok(first.rawPayload.includes('factur-x.xml'))
  assert.ok(first.rawPayload.equals((await pdf('?profile=factur-x')).rawPayload))
  assert.not.ok((await pdf('')).rawPayload.includes('factur-x.xml'))
})

test.run()
