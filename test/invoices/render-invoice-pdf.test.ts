import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { drawInvoice } from '../../src/invoices/pdf/draw-invoice.ts'
import { renderInvoicePdf } from '../../src/invoices/pdf/render-invoice-pdf.ts'
import { sampleInvoice } from '../../src/invoices/sample-invoice.ts'

const test = suite('renderInvoicePdf')
const wish = { language: 'es', currency: 'EUR', timeZone: 'UTC', seller: null, template: null, logo: null }
const { document, items } = sampleInvoice(wish)

/** The sample's calls again and again, in pages. */
async function* pages(count: number, perPage: number) {
  for (let page = 0; page < count; page++) {
    yield Array.from({ length: perPage }, (_, i) => items[i % items.length] as (typeof items)[number])
  }
}

test('a document drawn in a thread is the same to the last byte', async () => {
  for (const [part, showsPrices] of [
    ['both', true],
    ['annex', true],
    ['annex', false],
  ] as const) {
    const here = await drawInvoice(document, { part, items: pages(3, 10), showsPrices })
    assert.ok(here.equals(await renderInvoicePdf(document, { part, items: pages(3, 10), showsPrices })))
  }
  const bare = await drawInvoice(document, { part: 'invoice' })
  assert.ok(bare.equals(await renderInvoicePdf(document, { part: 'invoice' })))
})

test('a document is the same to the last byte whatever was drawn before', async () => {
  // This process has measured no letter of it yet.
  const fresh = { ...document, seller: { ...document.seller, name: 'Ŵĭfi Office – Ťăvola AVATAR' } }
  const first = await drawInvoice(fresh, { part: 'invoice' })
  assert.ok(first.equals(await drawInvoice(fresh, { part: 'invoice' })))
  await drawInvoice(document, { part: 'annex', items: pages(1, 10), showsPrices: true })
  assert.ok(first.equals(await drawInvoice(fresh, { part: 'invoice' })))
})

test('others have their turn while thousands of calls are drawn', async () => {
  let isDrawn = false
  const drawn = renderInvoicePdf(document, {
    part: 'both',
    items: pages(1, 5_000),
    showsPrices: true,
  }).finally(() => {
    isDrawn = true
  })
  // Drawn here, these calls would be one turn.
  let turns = 0
  while (!isDrawn) {
    await new Promise((resolve) => setImmediate(resolve))
    turns += 1
  }
  await drawn
  assert.ok(turns > 50, `${turns} turns`)
})

test('long annexes are tagged by row, which keeps the file small, however the calls come', async () => {
  const countCells = async (count: number, perPage: number) => {
    const annex = { part: 'annex', items: pages(count, perPage), showsPrices: true } as const
    const pdf = await drawInvoice(document, annex)
    return pdf.toString('latin1').split(/\/S \/TD\b/).length - 1
  }
  const columns = 6
  const totalRow = (isByRow: boolean) => (isByRow ? 1 : columns)
  assert.is(await countCells(5, 200), 1000 * columns + totalRow(false))
  assert.is(await countCells(6, 200), 1200 + totalRow(true))
  assert.is(await countCells(1, 1200), 1200 + totalRow(true))
})

test('what breaks the stream of calls breaks the document', async () => {
  const failure = new Error('the database went away')
  async function* broken() {
    yield* pages(1, 10)
    throw failure
  }
  const reason = await renderInvoicePdf(document, {
    part: 'annex',
    items: broken(),
    showsPrices: true,
  }).catch((error) => error)
  assert.is(reason, failure)
})

test.run()
