import { readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadInvoiceDocument } from '../../src/invoices/invoice-document.ts'
import { numberFormats } from '../../src/invoices/number-formats.ts'
import { renderInvoicePdf } from '../../src/invoices/pdf/render-invoice-pdf.ts'
import { renderInvoiceXml } from '../../src/invoices/render-invoice-xml.ts'
import { currencyDigits, Decimal, formatAmount, isCurrentCurrency, listCurrencies } from '../../src/money.ts'
import { mailView } from '../../src/notifications/mail-view.ts'
import { openOffice } from './office.ts'
import { textOfPdf } from './text-of-pdf.ts'

const office = await openOffice()
const test = suite('digits of currencies')
test.after(() => office.close())

const twoDigits = 'AFN ALL COP HUF IDR IRR KPW LAK LBP MGA MMK PKR SOS SYP YER EUR'.split(' ')

/** A call of 1234.56 and 20 % tax, as it is booked. */
const booked: Record<string, [net: string, tax: string, total: string]> = {
  ...Object.fromEntries(twoDigits.map((code) => [code, ['1234.56', '246.91', '1481.47']])),
  IQD: ['1234.560', '246.912', '1481.472'],
  KWD: ['1234.560', '246.912', '1481.472'],
  UYW: ['1234.5600', '246.9120', '1481.4720'],
  CLF: ['1234.5600', '246.9120', '1481.4720'],
  JPY: ['1235', '247', '1482'],
}

for (const [currency, amounts] of Object.entries(booked)) {
  test(`an invoice in ${currency} prints ${amounts.join(' + ')} everywhere`, async () => {
    const vat = await office.addTax({ name: `Tax ${currency}`, rate: '20', category: 'S' })
    const client = await office.addClient({ currency, taxIds: [vat] })
    await office.call(client, { day: '2026-01-05', price: '1234.56' })
    const invoice = await office.issue(client, '2026-01-01', '2026-02-01')
    const exact = amounts.map((amount) => formatAmount(new Decimal(amount)))
    assert.equal([invoice.net, invoice.tax, invoice.total].map(formatAmount), exact)
    assert.is(await office.balance(client), formatAmount(invoice.total.negated()))

    const document = await loadInvoiceDocument(office.sql, { id: invoice.id, scope: office.request.scope })
    const text = textOfPdf(await renderInvoicePdf(document, { part: 'invoice' }))
    for (const amount of amounts) {
      const printed = amount.replace(/^(\d)(\d{3})\b/, '$1,$2')
      assert.match(text, new RegExp(`(^|[^\\d.,])${printed}($|[^\\d.,])`, 'm'), `${printed} in:\n${text}`)
    }
    const total = formatAmount(invoice.total)
    const view = mailView(
      {
        clientName: 'Acme',
        number: invoice.number ?? '',
        from: '2026-01-01',
        to: '2026-02-01',
        total,
        amountDue: total,
        dueDay: null,
        currency,
        timeZone: 'UTC',
        language: 'en',
      },
      { brand: 'Operator' },
    )
    assert.is(view.total?.replaceAll(/[^\d.]/g, ''), amounts[2])
    if (currencyDigits(currency) <= 2)
      assert.match(await renderInvoiceXml(document), `>${amounts[2]}</cbc:PayableAmount>`)
  })
}

test('every currency is printed with the digits it is booked with, in every language', () => {
  for (const { code, digits } of listCurrencies()) {
    for (const language of ['en', 'es', 'ca', 'it', 'de', 'fr', 'ja', 'hi', 'ar', 'fa']) {
      const { money, price } = numberFormats({ language, currency: code, timeZone: 'UTC' })
      const one = `1${(1).toFixed(digits).slice(1)}`.replace('.', '')
      assert.is(money(new Decimal(1)).replaceAll(/[^0-9]/g, ''), one, `${code} ${language}`)
      const exact = price(new Decimal('1.123456789'))
      assert.is(exact.replaceAll(/[^0-9]/g, ''), '1123456789', `${code} ${language}`)
    }
  }
})

test('days are those of the calendar of the books in every language', () => {
  for (const language of ['en', 'th', 'fa', 'ar', 'ja']) {
    const formats = numberFormats({ language, currency: 'EUR', timeZone: 'UTC' })
    assert.match(formats.day('2026-01-31'), /2026/, language)
    assert.match(formats.instant(Date.parse('2026-01-31T10:00:00Z')), /2026.*10:00:00/, language)
  }
})

test('nobody else writes amounts with a sign of their currency', () => {
  const source = new URL('../../src/', import.meta.url)
  const writers = (readdirSync(source, { recursive: true }) as string[]).filter(
    (file) => file.endsWith('.ts') && /style: *'currency'/.test(readFileSync(new URL(file, source), 'utf8')),
  )
  // Sheets are read with the signs that languages give to currencies: no amount is written there.
  assert.equal(writers.sort(), ['currency-format.ts', 'tariffs/sheet-units.ts'])
})

test('a retired currency is refused for new books and goes on in those that are kept', () => {
  assert.not(isCurrentCurrency('BGN'))
  assert.not(listCurrencies().some(({ code }) => code === 'BGN'))
  assert.is(currencyDigits('BGN'), 2)
})

test.run()
