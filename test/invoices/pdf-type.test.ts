import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openPdf } from '../../src/invoices/pdf/pdf-fonts.ts'
import { PdfType } from '../../src/invoices/pdf/pdf-type.ts'
import { splitRuns } from '../../src/invoices/pdf/text-runs.ts'

const pdfType = suite('PdfType')

function open() {
  const pdf = openPdf({ title: 'Types', language: 'en', author: 'Test', createdAt: 0 })
  pdf.addPage()
  return pdf
}

pdfType('letters looked up one by one are as wide as the whole text laid out', () => {
  const pdf = open()
  for (const text of [
    '+34 911 000 111',
    '31/1/26, 23:59:50',
    '1.234.567,89 €',
    'AVATAR To Ty. Via Łódź',
    'Trucades col·lectives, però més cares',
    'Città – già fatturato',
    'Тариф «Москва»',
    'Ελλάδα κινητά',
  ]) {
    for (const weight of ['regular', 'bold'] as const) {
      for (const run of splitRuns(text, weight)) {
        const { width, operands } = new PdfType(pdf, run.font).set(run.text)
        const whole = pdf.font(run.font).fontSize(1000).widthOfString(run.text)
        assert.ok(Math.abs(width - whole) < 0.01, `${run.text}: ${width}, whole ${whole}`)
        assert.ok(operands !== null, run.text)
      }
    }
  }
})

pdfType('close letters are moved together', () => {
  const type = new PdfType(open(), 'latin regular')
  const together = type.set('To').width
  assert.ok(together < type.set('T').width + type.set('o').width)
  assert.match(type.set('To').operands ?? '', /^<[0-9a-f]{4}> [0-9.]+ <[0-9a-f]{4}>$/)
})

pdfType('a letter that sits on another is left to the whole layout', () => {
  const type = new PdfType(open(), 'latin regular')
  const { operands, width } = type.set('x\u0301')
  assert.is(operands, null)
  assert.ok(width > 0)
})

pdfType('a letter written as two is drawn as one', () => {
  assert.equal(splitRuns('Jose\u0301', 'bold'), [{ font: 'latin bold', text: 'José' }])
})

pdfType.run()
