import { parse } from 'csv-parse/sync'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { streamReadOnly } from '../../src/db/stream-batches.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { loadInvoiceDocument, streamItems } from '../../src/invoices/invoice-document.ts'
import { checkTemplate } from '../../src/invoices/invoice-template.ts'
import { numberFormats } from '../../src/invoices/number-formats.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { renderInvoicePdf } from '../../src/invoices/pdf/render-invoice-pdf.ts'
import { renderInvoiceXml } from '../../src/invoices/render-invoice-xml.ts'
import { Decimal, formatAmount } from '../../src/money.ts'
import { renderInvoiceCsv } from '../../src/reports/render-invoice-csv.ts'
import type { Column } from '../../src/reports/report.ts'
import { writeCsv } from '../../src/reports/write-csv.ts'
import { fixedCostTerm, openOffice, refusalOf } from './office.ts'

const office = await openOffice()
const documents = suite('documents')
documents.after(() => office.close())
const january = ['2026-01-01', '2026-02-01'] as const

const load = (id: string) => loadInvoiceDocument(office.sql, { id, scope: office.request.scope })

async function* inOnePage<Item>(items: readonly Item[]) {
  yield items
}

async function mixedInvoice(language = 'en') {
  const client = await office.addClient({ language })
  await office.call(client, { day: '2026-01-05', destination: 'Spain', price: '0.3333', seconds: 61 })
  await office.call(client, { day: '2026-01-06', destination: 'Łódź – Polska', price: '12.5' })
  const suffix = client.id.slice(-8)
  const reverse = await office.addTax({ name: `Reverse ${suffix}`, rate: '0', category: 'AE' })
  const seat = await office.addFixedCost({ name: `Seat & "desk" ${suffix}`, price: '10' })
  const abroad = await office.addFixedCost({ name: `Abroad ${suffix}`, price: '7', taxId: reverse })
  return office.issue(client, ...january, {
    fixedCosts: [fixedCostTerm(seat, '2'), fixedCostTerm(abroad)],
    discounts: [{ description: 'Ten', percent: '10', amount: null }],
  })
}

const all = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map(([, text]) => text ?? '')
const one = (xml: string, name: string) => new Decimal(all(xml, name)[0] ?? 'NaN')
const sum = (texts: string[]) => texts.reduce((total, text) => total.plus(text), new Decimal(0))

/** The arithmetic that EN 16931 asks of every document: BR-CO-10, 11, 13, 14, 15, 16, 17. */
function checkArithmetic(xml: string, digits = 2): void {
  const lines = [
    ...xml.matchAll(/<cac:(?:Invoice|CreditNote)Line>[\s\S]*?<\/cac:(?:Invoice|CreditNote)Line>/g),
  ].map(([text]) => text)
  const allowances = [...xml.matchAll(/<cac:AllowanceCharge>[\s\S]*?<\/cac:AllowanceCharge>/g)].map(
    ([text]) => text,
  )
  const lineSum = sum(lines.map((line) => all(line, 'cbc:LineExtensionAmount')[0] ?? ''))
  const allowanceSum = sum(allowances.map((text) => all(text, 'cbc:Amount')[0] ?? ''))
  const [totals = ''] = /<cac:LegalMonetaryTotal>[\s\S]*?<\/cac:LegalMonetaryTotal>/.exec(xml) ?? []
  assert.ok(one(totals, 'cbc:LineExtensionAmount').eq(lineSum), 'BR-CO-10')
  const exclusive = one(totals, 'cbc:TaxExclusiveAmount')
  assert.ok(exclusive.eq(lineSum.minus(allowanceSum)), 'BR-CO-13')
  const subtotals = [...xml.matchAll(/<cac:TaxSubtotal>[\s\S]*?<\/cac:TaxSubtotal>/g)].map(([text]) => text)
  const tax = sum(subtotals.map((text) => all(text, 'cbc:TaxAmount')[0] ?? ''))
  assert.ok(one(xml, 'cbc:TaxAmount').eq(tax), 'BR-CO-14')
  assert.ok(one(totals, 'cbc:TaxInclusiveAmount').eq(exclusive.plus(tax)), 'BR-CO-15')
  const prepaid = all(totals, 'cbc:PrepaidAmount')[0] ?? '0'
  assert.ok(
    one(totals, 'cbc:PayableAmount').eq(one(totals, 'cbc:TaxInclusiveAmount').minus(prepaid)),
    'BR-CO-16',
  )
  for (const text of subtotals) {
    const rate = new Decimal(all(text, 'cbc:Percent')[0] ?? '0')
    const exact = one(text, 'cbc:TaxableAmount').times(rate).div(100)
    assert.ok(exact.toDecimalPlaces(digits).eq(one(text, 'cbc:TaxAmount')), 'BR-CO-17')
    const category = all(text, 'cbc:ID')[0]
    assert.is(all(text, 'cbc:TaxExemptionReason').length, category === 'S' ? 0 : 1, 'BR-AE-10')
  }
  for (const line of lines) {
    assert.ok(one(line, 'cbc:PriceAmount').gte(0), 'BR-27')
    const quantity = new Decimal(
      all(line, 'cbc:InvoicedQuantity')[0] ?? all(line, 'cbc:CreditedQuantity')[0] ?? 'NaN',
    )
    const net = quantity.times(one(line, 'cbc:PriceAmount')).toDecimalPlaces(digits)
    assert.ok(net.eq(one(line, 'cbc:LineExtensionAmount')), 'net = quantity × price')
    for (const name of ['cbc:ID', 'cbc:Name']) assert.ok(all(line, name).length > 0, name)
  }
  const amounts = [...xml.matchAll(/<cbc:(\w*Amount) currencyID="[A-Z]{3}">([^<]*)</g)]
  for (const [, name, amount = ''] of amounts) {
    if (name !== 'PriceAmount') assert.match(amount, /^-?\d+(\.\d{1,2})?$/, 'BR-DEC')
  }
  for (const text of xml.matchAll(/<cac:PartyTaxScheme>\s*<cbc:CompanyID>([^<]*)/g)) {
    assert.match(text[1] ?? '', /^[A-Z]{2}/, 'BR-CO-09')
  }
  for (const name of [
    'cbc:CustomizationID',
    'cbc:IssueDate',
    'cbc:DocumentCurrencyCode',
    'cbc:IdentificationCode',
    'cbc:RegistrationName',
  ]) {
    assert.ok(all(xml, name).length > 0, name)
  }
}

documents('the e-invoice adds up by the rules of EN 16931, with allowances and reverse charge', async () => {
  const invoice = await mixedInvoice()
  const xml = await renderInvoiceXml(await load(invoice.id))
  checkArithmetic(xml)
  assert.equal(all(xml, 'cbc:InvoiceTypeCode'), ['380'])
  assert.is(all(xml, 'cbc:EndDate')[0], '2026-01-31')
  assert.match(xml, 'Seat &amp; &quot;desk&quot;')
  assert.is(one(xml, 'cbc:PayableAmount').toFixed(), formatAmount(invoice.total))
})

documents('a credit note has positive sums and names the invoice it corrects', async () => {
  const invoice = await mixedInvoice()
  const note = await creditInvoice(office.context, {
    ...office.request,
    id: invoice.id,
    lines: null,
    reason: 'all wrong',
    numberSequenceId: null,
  })
  const xml = await renderInvoiceXml(await load(note.id))
  checkArithmetic(xml)
  assert.equal(all(xml, 'cbc:CreditNoteTypeCode'), ['381'])
  assert.match(xml, `<cac:InvoiceDocumentReference>\n      <cbc:ID>${invoice.number}</cbc:ID>`)
  assert.is(one(xml, 'cbc:PayableAmount').toFixed(), formatAmount(invoice.total))
})

documents(
  'a prepaid statement has paid in advance what the balance covers, and a draft is no e-invoice',
  async () => {
    for (const [billingMethod, toppedUp, prepaid, due] of [
      ['prepaid', '12.1', '12.1', '0'],
      ['prepaid', '5', '5', '7.1'],
      ['pseudoprepaid', '5', '5', '7.1'],
      // Money that waits on the account settles what a postpaid client would owe.
      ['postpaid', '100', '12.1', '0'],
      ['postpaid', '5', '5', '7.1'],
    ] as const) {
      const client = await office.addClient({ billingMethod })
      await office.topUp(client, toppedUp)
      await office.call(client, { day: '2026-01-05', price: '10' })
      const draft = await office.draft(client, ...january)
      const document = await load(draft.id)
      assert.is((await refusalOf(renderInvoiceXml(document))).code, 'invoice_not_issued')
      const { id } = await office.issue(client, ...january)
      // What comes later changes the invoice, not its document.
      await office.topUp(client, '50')
      const xml = await renderInvoiceXml(await load(id))
      checkArithmetic(xml)
      assert.equal(
        [one(xml, 'cbc:PrepaidAmount').toFixed(), one(xml, 'cbc:PayableAmount').toFixed()],
        [prepaid, due],
        `${billingMethod} ${toppedUp}`,
      )
    }
  },
)

/** How often a text is drawn: pdfkit writes glyph ids of subset fonts, so words are counted by structure instead. */
function structureOf(pdf: Buffer) {
  const text = pdf.toString('latin1')
  const count = (name: string) => text.split(`/S /${name}\n`).length - 1
  return {
    pages: text.split('/Type /Page\n').length - 1,
    rows: count('TR'),
    tables: count('Table'),
    headings: count('H1'),
  }
}

documents(
  'grounds of exemption and names of taxes that the standard has one group for stand in one',
  async () => {
    const exempt = await Promise.all([
      office.addTax({ name: 'Education', rate: '0', category: 'E', reason: 'Article 132 (1) (i)' }),
      office.addTax({ name: 'Insurance', rate: '0', category: 'E', reason: 'Article 135 (1) (a)' }),
      office.addTax({ name: 'VAT 21 %', rate: '21', category: 'S' }),
    ])
    const costs = await Promise.all(
      exempt.map((taxId, i) => office.addFixedCost({ name: `Taxed ${i}`, price: '10', taxId })),
    )
    const client = await office.addClient()
    await office.call(client, { day: '2026-01-05', price: '10' })
    const { id, taxes } = await office.issue(client, ...january, {
      fixedCosts: costs.map((cost) => fixedCostTerm(cost)),
    })
    assert.equal(
      taxes.map(({ name }) => name),
      ['Education', 'Insurance', 'IVA 21 %, VAT 21 %'],
    )
    const xml = await renderInvoiceXml(await load(id))
    const groups = [...xml.matchAll(/<cac:TaxSubtotal>[\s\S]*?<\/cac:TaxSubtotal>/g)].map(([text]) => text)
    checkArithmetic(xml)
    assert.equal(
      groups.map((group) => [
        ...all(group, 'cbc:ID').slice(0, 1),
        ...all(group, 'cbc:TaxableAmount'),
        ...all(group, 'cbc:TaxAmount'),
        ...all(group, 'cbc:TaxExemptionReason'),
      ]),
      [
        ['E', '20.00', '0.00', 'Article 132 (1) (i); Article 135 (1) (a)'],
        ['S', '20.00', '4.20'],
      ],
    )
  },
)

documents('the PDF of a small client is one tagged page in each language', async () => {
  for (const language of ['en', 'es', 'ca', 'it']) {
    const { id } = await mixedInvoice(language)
    const document = await load(id)
    const pdf = await renderInvoicePdf(document, {
      part: 'both',
      items: streamReadOnly(office.sql, (tx) => streamItems(tx, document)),
      showsPrices: true,
    })
    const text = pdf.toString('latin1')
    assert.match(text, '/MarkInfo')
    assert.match(text, `/Lang (${language})`)
    assert.match(text, '/FontFile2')
    // Lines with header, taxes with header, calls with header and total.
    assert.equal(structureOf(pdf), { pages: 1, rows: 14, tables: 3, headings: 1 }, language)
  }
})

documents('a PDF drawn twice is the same to the last byte, also when it was paid meanwhile', async () => {
  const { id, total } = await mixedInvoice()
  const draw = async () => {
    const document = await load(id)
    return renderInvoicePdf(document, {
      part: 'both',
      items: streamReadOnly(office.sql, (tx) => streamItems(tx, document)),
      showsPrices: true,
    })
  }
  const first = await draw()
  await payInvoice(office.context, {
    ...office.request,
    id,
    amount: formatAmount(total),
    paidAt: 0,
    method: null,
    reference: null,
    idempotencyKey: null,
  })
  assert.ok(first.equals(await draw()))
})

documents('many calls run over pages with each call once', async () => {
  const client = await office.addClient()
  const { sql } = office
  await office.call(client, { day: '2026-01-05', price: '0.1', callId: 'seed' })
  await sql`
    insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, answered_at, ended_at,
                       duration_seconds, billed_seconds, price, currency, destination, usage_day, rollup_id, created_at)
    select client_id, 'copy-' || n, brand_id, status, direction, from_number, to_number, answered_at + n * interval '1 second',
           ended_at, duration_seconds, billed_seconds, price, currency, destination, usage_day, rollup_id, created_at
    from calls, generate_series(1, 299) n
    where client_id = ${client.id} and call_id = 'seed'`
  const { id } = await office.issue(client, ...january)
  const document = await load(id)
  const pdf = await renderInvoicePdf(document, {
    part: 'both',
    items: streamReadOnly(sql, (tx) => streamItems(tx, document)),
    showsPrices: true,
  })
  const { pages, rows } = structureOf(pdf)
  assert.ok(pages > 4, String(pages))
  // 300 calls and their total; lines, taxes; three headers.
  assert.is(rows, 300 + 1 + 1 + 1 + 3)
})

documents('CSV keeps numbers as they are, or safe from spreadsheets', async () => {
  const { id } = await mixedInvoice()
  const document = await load(id)
  const write = async (flavour: 'raw' | 'spreadsheet', showsPrices: boolean) => {
    let text = ''
    for await (const chunk of renderInvoiceCsv(
      streamReadOnly(office.sql, (tx) => streamItems(tx, document)),
      {
        currency: 'EUR',
        timeZone: 'Europe/Madrid',
        flavour,
        showsPrices,
      },
    ))
      text += chunk
    return text.split('\r\n')[1]
  }
  assert.match(
    (await write('raw', true)) ?? '',
    /,2026-01-05T13:00:00\.000\+01:00,\+34911000111,\+34600111222,Spain,61,61,0\.3333,EUR,Europe\/Madrid$/,
  )
  // As in reports: a telephone number is no formula.
  assert.match(
    (await write('spreadsheet', false)) ?? '',
    /,2026-01-05 13:00:00,\+34911000111,\+34600111222,Spain,61,61,Europe\/Madrid$/,
  )
})

documents('a call late on the last day of October stands on that day, whatever the flavour', async () => {
  for (const [timeZone, raw, shown] of [
    ['America/New_York', '2026-10-31T20:30:00.000-04:00', '2026-10-31 20:30:00'],
    ['Europe/Madrid', '2026-11-01T01:30:00.000+01:00', '2026-11-01 01:30:00'],
    ['Pacific/Auckland', '2026-11-01T13:30:00.000+13:00', '2026-11-01 13:30:00'],
  ] as const) {
    const item = { callId: 'c', from: '1', to: '2', toNormalized: null, destination: 'Spain' }
    const sums = { durationSeconds: 1, billedSeconds: 1, price: new Decimal('0.5') }
    const items = [{ ...item, ...sums, answeredAt: Date.parse('2026-11-01T00:30:00Z') }]
    const cellOf = async (flavour: 'raw' | 'spreadsheet') => {
      let text = ''
      const options = { currency: 'EUR', timeZone, flavour, showsPrices: true }
      for await (const piece of renderInvoiceCsv(inOnePage(items), options)) text += piece
      assert.is(text.startsWith('\ufeff'), flavour === 'spreadsheet')
      return text.split('\r\n')[1]?.split(',')[1]
    }
    assert.equal([await cellOf('raw'), await cellOf('spreadsheet')], [raw, shown])
  }
})

documents('the spreadsheet flavour of an invoice defuses what reports do, cell for cell', async () => {
  const texts = [
    '=1+1',
    '\u200b=1+1',
    '＝1+1',
    '+34 600',
    '+34600111222',
    'x;=1+1',
    'x\t=1+1',
    '-1',
    'say "no"',
    'a,b',
  ]
  const item = { answeredAt: null, durationSeconds: 1, billedSeconds: 1, price: new Decimal('-0.5') }
  const items = texts.map((text) => ({
    ...item,
    callId: text,
    from: text,
    to: text,
    toNormalized: null,
    destination: text,
  }))
  const options = { currency: 'EUR', timeZone: 'UTC', showsPrices: true } as const
  const textOf = async (flavour: 'raw' | 'spreadsheet') => {
    let text = ''
    for await (const piece of renderInvoiceCsv(inOnePage(items), { ...options, flavour })) text += piece
    return text
  }
  let report = ''
  const columns: Column[] = [{ name: 'text', kind: 'text' }]
  for await (const piece of writeCsv(columns, inOnePage(texts.map((text) => [text])), {
    flavour: 'spreadsheet',
  }))
    report += piece
  const cells = report.split('\r\n').slice(1, -1)
  const lines = (await textOf('spreadsheet')).split('\r\n').slice(1, -1)
  assert.equal(
    lines,
    cells.map((cell) => `${cell},,${cell},${cell},${cell},1,1,-0.5,EUR,UTC`),
  )
  assert.equal(
    (parse(await textOf('raw')) as string[][]).slice(1).map(([callId]) => callId),
    texts,
  )
})

documents('the annex of a credited invoice still lists its calls, and so does its successor', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '1', callId: 'kept' })
  const first = await office.issue(client, ...january)
  await creditInvoice(office.context, {
    ...office.request,
    id: first.id,
    lines: null,
    reason: null,
    numberSequenceId: null,
  })
  const second = await office.issue(client, ...january)
  for (const { id } of [first, second]) {
    const seen: string[] = []
    const document = await load(id)
    for await (const items of streamReadOnly(office.sql, (tx) => streamItems(tx, document)))
      seen.push(...items.map((item) => item.callId))
    assert.equal(seen, ['kept'])
  }
})

documents('amounts and days are written as each language does, exactly', () => {
  const write = (language: string) => {
    const formats = numberFormats({ language, currency: 'EUR', timeZone: 'Europe/Madrid' })
    return [
      formats.money(new Decimal('1234567890123.45')),
      formats.price(new Decimal('0.012345')),
      formats.day('2026-01-31'),
    ]
      .join(' | ')
      .replaceAll('\u00a0', ' ')
  }
  assert.is(write('en'), '€1,234,567,890,123.45 | €0.012345 | 31 Jan 2026')
  assert.is(write('es'), '1.234.567.890.123,45 € | 0,012345 € | 31 ene 2026')
  assert.is(write('ca'), '1.234.567.890.123,45 € | 0,012345 € | 31 de gen. 2026')
  assert.is(write('it'), '1.234.567.890.123,45 € | 0,012345 € | 31 gen 2026')
})

documents('a bad template is refused with the place', async () => {
  for (const [content, pointer] of [
    [[], ''],
    [{ colour: {} }, '/colour'],
    [{ colors: { accent: 'red' } }, '/colors/accent'],
    [{ labels: { en: { invoise: 'x' } } }, '/labels/en/invoise'],
    [{ texts: { en: { closing: 'Hi {password}' } } }, '/texts/en/closing'],
    [{ sections: ['parties', 'lines', 'taxes', 'totals', 'poem'] }, '/sections/4'],
    [{ sections: ['parties', 'lines', 'totals'] }, '/sections'],
    [{ lineColumns: ['description', 'net', 'net'] }, '/lineColumns/2'],
  ] as const) {
    assert.is(checkTemplate(content)[0]?.pointer, pointer, JSON.stringify(content))
  }
  assert.equal(
    checkTemplate({ texts: { es: { closing: 'Gracias, {clientName}' } }, colors: { accent: '#AA0000' } }),
    [],
  )
})

documents(
  'yen have no decimals in an e-invoice, dinars two, and an amount with three is refused',
  async () => {
    const issued = async (currency: string, price: string) => {
      const client = await office.addClient({ currency })
      await office.call(client, { day: '2026-01-05', price })
      return load((await office.issue(client, ...january)).id)
    }
    for (const [currency, price, payable] of [
      // 13 after rounding, and 2.73 of tax.
      ['JPY', '12.5', '16'],
      ['KWD', '1', '1.21'],
    ] as const) {
      const xml = await renderInvoiceXml(await issued(currency, price))
      checkArithmetic(xml, currency === 'JPY' ? 0 : 2)
      assert.is(all(xml, 'cbc:PayableAmount')[0], payable)
    }
    // 21 % of 1.500 are 0.315.
    const document = await issued('KWD', '1.5')
    const refusal = await refusalOf(renderInvoiceXml(document))
    assert.equal(
      refusal.errors.map(({ pointer }) => pointer),
      ['/taxes/0/amount'],
    )
  },
)

documents('a tax number has its country before it', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '10' })
  const { id } = await office.issue(client, ...january)
  const document = await load(id)
  for (const [country, taxId, expected] of [
    ['ES', 'B11111111', 'ESB11111111'],
    ['ES', 'ESB11111111', 'ESB11111111'],
    ['GR', '123456789', 'EL123456789'],
    ['GR', 'EL123456789', 'EL123456789'],
    ['ES', 'FR40303265045', 'FR40303265045'],
    ['GB', 'SC123456', 'GBSC123456'],
    // As they could be kept before tax numbers were checked.
    ['FR', 'fr123', 'FR123'],
    ['FR', 'fr 83 404 833 048', 'FR83404833048'],
    ['GB', 'xi 980780684', 'XI980780684'],
    ['IM', '980780684', 'GB980780684'],
  ] as const) {
    const xml = await renderInvoiceXml({ ...document, buyer: { ...document.buyer, country, taxId } })
    const [, , buyer] = xml.split('<cac:PartyTaxScheme>')
    assert.is(/<cbc:CompanyID>([^<]*)/.exec(buyer ?? '')?.[1], expected)
  }
})

documents('payment is by SEPA where euros go to an account in SEPA, else by credit transfer', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '10' })
  const { id } = await office.issue(client, ...january)
  const document = await load(id)
  for (const [currency, iban, code] of [
    ['EUR', 'ES9121000418450200051332', ['58']],
    ['EUR', 'es91 2100 0418 4502 0005 1332', ['58']],
    ['EUR', 'RS35260005601001611379', ['58']],
    ['EUR', 'TR330006100519786457841326', ['30']],
    ['USD', 'ES9121000418450200051332', ['30']],
    ['EUR', 'hello', []],
    ['EUR', '', []],
  ] as const) {
    const { invoice, seller } = document
    const xml = await renderInvoiceXml({
      ...document,
      invoice: { ...invoice, currency },
      seller: { ...seller, iban },
    })
    assert.equal(all(xml, 'cbc:PaymentMeansCode'), code, `${currency} ${iban}`)
  }
})

documents('an invoice that the standard has no words for is refused with the place', async () => {
  const client = await office.addClient()
  const second = await office.addTax({ name: 'Second', rate: '5', category: 'S' })
  await office.call(client, { day: '2026-01-05', price: '10' })
  const { id, taxes } = await office.issue(client, ...january, { taxIds: [office.vatId, second] })
  assert.equal(
    taxes.map((tax) => formatAmount(tax.amount)),
    ['2.1', '0.5'],
  )
  const document = await load(id)
  const refusal = await refusalOf(renderInvoiceXml(document))
  assert.equal([refusal.code, refusal.errors[0]?.pointer], ['invoice_not_representable', '/lines/0'])
})

documents('lines with tax and lines outside its scope make no e-invoice', async () => {
  const client = await office.addClient({ taxIds: [] })
  await office.call(client, { day: '2026-01-05', price: '10' })
  const taxed = await office.addFixedCost({ name: 'Taxed seat', price: '5', taxId: office.vatId })
  const { id } = await office.issue(client, ...january, { fixedCosts: [fixedCostTerm(taxed)] })
  const document = await load(id)
  const refusal = await refusalOf(renderInvoiceXml(document))
  assert.equal([refusal.code, refusal.errors[0]?.pointer], ['invoice_not_representable', '/lines/0'])
})

documents.run()
