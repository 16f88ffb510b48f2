import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { drawInvoice } from '../../../src/invoices/pdf/draw-invoice.ts'
import { renderInvoiceXml } from '../../../src/invoices/render-invoice-xml.ts'
import { skipTest, testFolder } from '../../servers.ts'
import { textOfPdf } from '../text-of-pdf.ts'
import { randomDocuments } from './random-documents.ts'

const test = suite('Factur-X')
const [document] = randomDocuments(1, 20261201)
if (!document) throw new Error('there is no document')
const xml = await renderInvoiceXml(document, { syntax: 'cii' })
const pdf = await drawInvoice(document, { part: 'invoice', facturX: xml })
const text = pdf.toString('latin1')

/** The stream of the object that has this in its head. */
function readStream(head: RegExp): Buffer {
  const found = head.exec(text)
  assert.ok(found, String(head))
  const start = text.indexOf('stream\n', found.index) + 'stream\n'.length
  return pdf.subarray(start, text.indexOf('\nendstream', start))
}

test('the XML stands in the PDF as it is, named and related as programs look for it', () => {
  assert.is(inflateSync(readStream(/\/Type \/EmbeddedFile/)).toString(), xml)
  for (const said of ['/AFRelationship /Alternative', '/F (factur-x.xml)', '/Subtype /text#2Fxml', '/AF [']) {
    assert.ok(text.includes(said), said)
  }
})

test('the PDF is a tagged PDF/A-3 that says which level of Factur-X it holds', () => {
  const xmp = readStream(/\/Type \/Metadata/).toString()
  for (const said of [
    '<pdfaid:part>3</pdfaid:part>',
    '<pdfaid:conformance>A</pdfaid:conformance>',
    '<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>',
    '<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>',
    '<pdfaSchema:prefix>fx</pdfaSchema:prefix>',
    `<rdf:li>${document.seller.name.replace('&', '&amp;')}</rdf:li>`,
  ]) {
    assert.ok(xmp.includes(said), said)
  }
  for (const said of ['/MarkInfo', '/GTS_PDFA1', '/FontFile2', '/ToUnicode'])
    assert.ok(text.includes(said), said)
})

test('its pages say what the plain PDF says, and it is the same to the last byte each time', async () => {
  const plain = await drawInvoice(document, { part: 'invoice' })
  assert.is(textOfPdf(pdf), textOfPdf(plain))
  assert.not.match(plain.toString('latin1'), 'EmbeddedFile')
  assert.ok(pdf.equals(await drawInvoice(document, { part: 'invoice', facturX: xml })))
})

const detached = 'another program takes the XML out of it'
if (existsSync('/usr/bin/pdfdetach')) {
  test(detached, () => {
    const [file, out] = [join(testFolder(), 'invoice.pdf'), join(testFolder(), 'out.xml')]
    writeFileSync(file, pdf)
    execFileSync('/usr/bin/pdfdetach', ['-savefile', 'factur-x.xml', '-o', out, file])
    assert.is(readFileSync(out, 'utf8'), xml)
  })
} else skipTest(test, detached, 'pdfdetach is not there: install poppler-utils')

test.run()
