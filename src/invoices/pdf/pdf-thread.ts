/** The thread behind `render-invoice-pdf.ts`: draws invoices, and looks through logos. */
import { serveJobs } from '../../threads/serve-jobs.ts'
import { findLogoFault } from './check-logo.ts'
import { drawInvoice } from './draw-invoice.ts'
import { fromPlain, fromPlainItem, type PlainItem } from './plain-document.ts'
import type { PdfTask } from './render-invoice-pdf.ts'

serveJobs((task: PdfTask, pages: AsyncIterable<readonly PlainItem[]>) => {
  if (task.work === 'check-logo') return findLogoFault(task.logo)
  const { part, showsPrices, facturX } = task
  const document = fromPlain(task.document)
  return drawInvoice(
    document,
    part === 'invoice'
      ? { part, ...(facturX !== undefined && { facturX }) }
      : { part, items: revived(pages), showsPrices },
  )
})

async function* revived(pages: AsyncIterable<readonly PlainItem[]>) {
  for await (const items of pages) yield items.map(fromPlainItem)
}
