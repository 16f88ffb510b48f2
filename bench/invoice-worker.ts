/**
 * One piece of invoicing in a process of its own, so that its peak of memory is its own: a draft, a PDF or a run.
 */
import { openDatabase } from '../src/db/connection.ts'
import { streamReadOnly } from '../src/db/stream-batches.ts'
import { draftInvoice } from '../src/invoices/draft-invoice.ts'
import { loadInvoiceDocument, streamItems } from '../src/invoices/invoice-document.ts'
import { noTerms } from '../src/invoices/invoice-terms.ts'
import type { InvoicesContext } from '../src/invoices/invoices-context.ts'
import { issueNewInvoice } from '../src/invoices/issue-invoice.ts'
import { renderInvoicePdf } from '../src/invoices/pdf/render-invoice-pdf.ts'
import { runInvoices } from '../src/invoices/run-invoices.ts'
import { serveOrders } from './child.ts'

export interface MonthToInvoice {
  databaseUrl: string
  brandId: string
  sequenceId: string
  period: { from: string; to: string }
}

export type InvoiceOrder = MonthToInvoice & ({ work: 'draft' | 'pdf'; clientId: string } | { work: 'run' })

export interface InvoiceResult {
  seconds: number
  /** Resident memory before the work and at its peak. */
  idleMiB: number
  mostMiB: number
}

serveOrders<InvoiceOrder>(async (order): Promise<InvoiceResult> => {
  const { $client: sql } = openDatabase(order.databaseUrl, { role: 'tollgate_worker', connections: 4 })
  const context: InvoicesContext = { sql, clock: Date.now, onCommitted: () => {} }
  const { brandId, sequenceId, period } = order
  const request = { scope: { brandId, clientId: null }, actor: 'bench' }
  const wanted = { ...request, numberSequenceId: sequenceId, period, terms: noTerms }
  let work: () => Promise<void>
  if (order.work === 'draft') {
    work = async () => {
      await draftInvoice(context, { ...wanted, clientId: order.clientId })
    }
  } else if (order.work === 'pdf') {
    const { id } = await issueNewInvoice(context, { ...wanted, clientId: order.clientId })
    const find = () => loadInvoiceDocument(sql, { id, scope: request.scope })
    // The thread that draws has loaded its modules before the clock starts.
    await renderInvoicePdf(await find(), { part: 'invoice' })
    work = async () => {
      const document = await find()
      const items = streamReadOnly(sql, (tx) => streamItems(tx, document))
      await renderInvoicePdf(document, { part: 'both', items, showsPrices: true })
    }
  } else {
    work = async () => {
      let told = performance.now()
      await runInvoices(context, {
        ...wanted,
        brandId,
        filter: {},
        onProgress({ issued, empty, refused, total }) {
          if (performance.now() - told < 5000) return
          told = performance.now()
          console.log(`${issued} issued, ${empty} empty, ${refused} refused of ${total}`)
        },
        onRefused({ name }, error) {
          console.log(`${name} was refused: ${error.message}`)
        },
      })
    }
  }
  const idleMiB = process.memoryUsage.rss() / 2 ** 20
  const startedAt = performance.now()
  await work()
  const seconds = (performance.now() - startedAt) / 1000
  return { seconds, idleMiB, mostMiB: process.resourceUsage().maxRSS / 1024 }
})
