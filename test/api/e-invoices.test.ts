import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, must, openTestApi, type TestApi } from './test-api.ts'

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

test.run()
