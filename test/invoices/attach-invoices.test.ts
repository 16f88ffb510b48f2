import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { attachInvoices } from '../../src/invoices/attach-invoices.ts'
import { openOffice } from './office.ts'

const test = suite('attachInvoices')
const office = await openOffice()
test.after(() => office.close())

test('an invoice mail carries the invoice as a PDF under its number, and its calls as another', async () => {
  office.setNow('2026-02-03T09:00:00Z')
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '0.25' })
  const invoice = await office.issue(client, '2026-01-01', '2026-02-01')
  const attached = await attachInvoices(office.sql, JSON.stringify([{ kind: 'invoice-pdf', id: invoice.id }]))
  assert.equal(
    attached.map(({ filename, contentType }) => [filename, contentType]),
    [
      [`${invoice.number}.pdf`, 'application/pdf'],
      [`${invoice.number}.calls.pdf`, 'application/pdf'],
    ],
  )
  for (const { content } of attached) {
    assert.is(content.subarray(0, 5).toString(), '%PDF-')
    assert.ok(content.length > 5000)
  }
})

test('a mail without attachments carries nothing', async () => {
  assert.equal(await attachInvoices(office.sql, null), [])
  assert.equal(await attachInvoices(office.sql, '[]'), [])
})

test.run()
