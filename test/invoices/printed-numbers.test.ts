import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { exemptionReason } from '../../src/invoices/e-invoice/exemption-reason.ts'
import type { TaxCategory } from '../../src/invoices/invoice.ts'
import { numberFormats } from '../../src/invoices/number-formats.ts'
import { drawInvoice } from '../../src/invoices/pdf/draw-invoice.ts'
import { sampleInvoice } from '../../src/invoices/sample-invoice.ts'
import { taxNumberLabel } from '../../src/invoices/tax-number-label.ts'
import { Decimal } from '../../src/money.ts'
import { aBuyer, aSeller, type Country, debited } from './e-invoice/parties.ts'
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

const dueTo = async (language: string, seller: Country, mandate: boolean, more: object = {}) => {
  const { document } = sampleInvoice({ ...wish, language, seller: aSeller(seller) })
  const buyer = mandate ? debited(aBuyer('DE')) : aBuyer('DE')
  const invoice = { ...document.invoice, buyer, ...more }
  const text = textOfPdf(await drawInvoice({ ...document, buyer, invoice }, { part: 'invoice' }))
  return text.replaceAll('\u00a0', ' ').replaceAll('\n', ' ')
}

test('who is debited reads from which account and by which mandate, in each language, and pays by no transfer', async () => {
  for (const [language, words] of [
    ['en', 'collected from your account {iban} by SEPA direct debit'],
    ['es', 'adeudo directo SEPA'],
    ['ca', 'càrrec directe SEPA'],
    ['it', 'addebito diretto SEPA'],
    ['de', 'per SEPA-Lastschrift von Ihrem Konto {iban}'],
    ['fr', 'prélèvement SEPA'],
    ['pt', 'débito direto SEPA'],
  ] as const) {
    const text = await dueTo(language, 'ES', true)
    for (const part of [words, '{iban}', 'M-2026/1', 'DE98ZZZ09999999999']) {
      const wanted = part.replace('{iban}', 'DE89 3704 0044 0532 0130 00')
      assert.ok(text.includes(wanted), `${language}: ${wanted}\n${text}`)
    }
    assert.not.ok(text.includes('ES91 2100 0418 4502 0005 1332'), language)
  }
  // SEPA collects euros alone.
  assert.match(
    await dueTo('en', 'ES', true, { currency: 'USD' }),
    'Payment to: Telco & Söhne ES · IBAN ES91 2100',
  )
})

test('an issuer in France says what late payment costs, in each language; others do not', async () => {
  for (const [language, words] of [
    ['fr', 'indemnité forfaitaire de 40 €'],
    ['en', 'a fixed sum of 40 €'],
    ['de', 'eine Pauschale von 40 €'],
    ['es', 'una indemnización fija de 40 €'],
    ['ca', 'una indemnització fixa de 40 €'],
    ['it', 'un’indennità fissa di 40 €'],
    ['pt', 'uma indemnização fixa de 40 €'],
  ] as const) {
    assert.ok((await dueTo(language, 'FR', false)).includes(words), language)
    assert.not.ok((await dueTo(language, 'BE', false)).includes('40 €'), language)
  }
  assert.match(await dueTo('fr', 'FR', false), 'Paiement à : Telco & Söhne FR')
  assert.not.ok((await dueTo('fr', 'FR', false, { kind: 'credit-note' })).includes('40 €'), 'credit note')
})

test('why no tax is charged is said in the words of the law, by language', () => {
  const category = (category: TaxCategory) => ({ category, rate: new Decimal(0), name: 'VAT', reason: null })
  for (const [language, reverseCharge, withinUnion, exported, outside] of [
    ['en', 'Reverse charge', 'exempt', 'Export', 'Not subject to VAT'],
    ['es', 'Inversión del sujeto pasivo', 'intracomunitaria exenta', 'Exportación exenta', 'no sujeta a IVA'],
    [
      'ca',
      'Inversió del subjecte passiu',
      'intracomunitària exempta',
      'Exportació exempta',
      'no subjecta a IVA',
    ],
    ['it', 'Inversione contabile', 'non imponibile', 'Esportazione non imponibile', 'fuori campo IVA'],
    [
      'de',
      'Steuerschuldnerschaft des Leistungsempfängers',
      'innergemeinschaftliche',
      'Ausfuhr',
      'Nicht steuerbar',
    ],
    ['fr', 'Autoliquidation', 'intracommunautaire exonérée', 'Exportation exonérée', 'Non soumis à la TVA'],
    ['pt', 'IVA – autoliquidação', 'intracomunitária isenta', 'Exportação isenta', 'Não sujeito a IVA'],
  ] as const) {
    for (const [code, words] of [
      ['AE', reverseCharge],
      ['K', withinUnion],
      ['G', exported],
      ['O', outside],
    ] as const) {
      const said = exemptionReason(category(code), language) ?? ''
      assert.ok(said.includes(words), `${language} ${code}: ${said}`)
    }
    assert.is(exemptionReason(category('S'), language), undefined)
  }
})

test('a plain English reader and one in Britain read days as Britons write them', () => {
  for (const [language, day] of [
    ['en', '2 Feb 2026'],
    ['en-GB', '2 Feb 2026'],
    ['en-US', 'Feb 2, 2026'],
    ['de', '02.02.2026'],
    ['fr', '2 févr. 2026'],
  ] as const) {
    assert.is(numberFormats({ language, currency: 'EUR', timeZone: 'UTC' }).day('2026-02-02'), day, language)
  }
})

test.run()
