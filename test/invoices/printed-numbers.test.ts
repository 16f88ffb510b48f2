import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { drawInvoice } from '../../src/invoices/pdf/draw-invoice.ts'
import { sampleInvoice } from '../../src/invoices/sample-invoice.ts'
import { taxNumberLabel } from '../../src/invoices/tax-number-label.ts'
import { Decimal } from '../../src/money.ts'
import { aBuyer, aSeller } from './e-invoice/parties.ts'
import { textOfPdf } from './text-of-pdf.ts'

const test = suite('numbers as documents print them')
const wish = { language: 'de', currency: 'EUR', timeZone: 'UTC', template: null, logo: null }
const sample = () => sampleInvoice({ ...wish, seller: aSeller('DE') })

test('a tax number is called by what the reader’s language calls it in the party’s country', () => {
  for (const [language, country, label] of [
    ['de', 'DE', 'USt-IdNr.'],
    ['de-AT', 'AT', 'UID-Nr.'],
    ['de', 'ES', 'USt-IdNr.'],
    ['de', 'US', 'Steuernummer'],
    ['es', 'ES', 'NIF'],
    ['es', 'DE', 'NIF-IVA'],
    ['es-MX', 'MX', 'RFC'],
    ['ca', 'ES', 'NIF'],
    ['it', 'IT', 'Partita IVA'],
    ['fr', 'BE', 'N° de TVA'],
    ['pt', 'PT', 'NIF'],
    ['pt', 'BR', 'CNPJ'],
    ['en', 'GB', 'VAT No.'],
    ['en', 'ES', 'VAT ID'],
    ['en', 'US', 'EIN'],
    ['ja', 'JP', 'Tax ID'],
    ['en', '', 'Tax ID'],
  ] as const) {
    assert.is(taxNumberLabel({ language, country }), label, `${language} ${country}`)
  }
})

test('the IBAN stands in groups of four, and each party has its own label', async () => {
  const { document } = sample()
  const buyer = aBuyer('AT')
  const text = textOfPdf(
    await drawInvoice({ ...document, buyer, invoice: { ...document.invoice, buyer } }, { part: 'invoice' }),
  )
  assert.match(text, 'IBAN DE89 3704 0044 0532 0130 00')
  assert.match(text, 'USt-IdNr.: DE136695976')
  assert.match(text, 'UID-Nr.: ATU13585627')
  assert.match(text, 'Ihr Zeichen:\n04011000-12345-34')
  assert.match(text, 'Ihre Bestellung:\nPO-7')
})

test("a brand's own word for tax numbers stays", async () => {
  const { document } = sample()
  const template = { labels: { de: { taxId: 'Steuer-Nr.' } } }
  const text = textOfPdf(await drawInvoice({ ...document, template }, { part: 'invoice' }))
  assert.match(text, 'Steuer-Nr.: DE136695976')
})

test('prices of the annex have as many decimals as the longest, so that they line up', async () => {
  const { document, items } = sample()
  async function* pages() {
    yield items
      .slice(0, 3)
      .map((item, i) => ({ ...item, price: new Decimal(['0.1', '0.3333', '12'][i] ?? 0) }))
  }
  const text = textOfPdf(await drawInvoice(document, { part: 'annex', items: pages(), showsPrices: true }))
  for (const price of ['0,1000 €', '0,3333 €', '12,0000 €', '12,4333 €']) {
    assert.ok(text.replaceAll('\u00a0', ' ').includes(price), price)
  }
})

test.run()
