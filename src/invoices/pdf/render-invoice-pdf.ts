/**
 * The way to an invoice's PDF: it is drawn in a thread, because 20,000 calls take most of a second.
 *
 * So many are drawn at once, and one of a brand; take the place before the connection to the database, which would wait
 * with you. What draws is loaded by the thread: most processes never draw.
 */
import type { CallItem } from '../../db/invoices/invoice-items.ts'
import { ServiceUnavailable } from '../../errors.ts'
import { FairPlaces } from '../../quotas/fair-places.ts'
import { OutOfTime, ThreadEnded, ThreadPool } from '../../threads/thread-pool.ts'
import type { InvoiceDocument } from '../invoice-document.ts'
import { type PlainDocument, toPlain, toPlainItem } from './plain-document.ts'

/** The invoice alone, which may carry itself as XML (Factur-X), its annex of calls alone, or both in one file. */
export type PdfOptions = { part: 'invoice'; facturX?: string } | ({ part: 'annex' | 'both' } & Annex)

export interface Annex {
  items: AsyncIterable<readonly CallItem[]>
  /** Hidden from portal users of clients that hide them. */
  showsPrices: boolean
}

export type PdfTask =
  | {
      work: 'draw'
      document: PlainDocument
      part: PdfOptions['part']
      showsPrices: boolean
      facturX?: string
    }
  | { work: 'check-logo'; logo: string }

const threads = 2
const pool = new ThreadPool({
  file: new URL('./pdf-thread.ts', import.meta.url),
  threads,
  budgetMs: 30_000,
  memoryMb: 512,
})
const places = new FairPlaces(
  { running: threads, runningPerTenant: 1, waitingPerTenant: 20, waiting: 200, timeoutMs: null },
  { code: 'too_many_jobs', what: 'documents', retryAfterSeconds: 5 },
)

/** Does `work`, which draws, when the brand has a place for it. Throws `QuotaReached`. */
export function withPdfPlace<Result>(tenant: string, work: () => Promise<Result>): Promise<Result> {
  return places.run({ brandId: tenant, clientId: null }, work)
}

/** Throws `ServiceUnavailable` where it took too much time or memory, and what `items` throws. */
export async function renderInvoicePdf(document: InvoiceDocument, options: PdfOptions): Promise<Buffer> {
  const annex = options.part === 'invoice' ? null : options
  const task: PdfTask = {
    work: 'draw',
    document: toPlain(document),
    part: options.part,
    showsPrices: annex?.showsPrices ?? false,
    ...(options.part === 'invoice' && options.facturX !== undefined && { facturX: options.facturX }),
  }
  const bytes = (await inThread(task, annex ? plainPages(annex.items) : undefined)) as Uint8Array
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** What is wrong with a logo given as a data URL; undefined: nothing. */
export async function checkLogo(tenant: string, logo: string): Promise<string | undefined> {
  return (await withPdfPlace(tenant, () => inThread({ work: 'check-logo', logo }))) as string | undefined
}

async function inThread(task: PdfTask, pages?: AsyncIterable<unknown>): Promise<unknown> {
  try {
    return await pool.run(task, pages)
  } catch (error) {
    if (!(error instanceof OutOfTime || error instanceof ThreadEnded)) throw error
    throw new ServiceUnavailable('This document took too long to draw: repeat later.', { cause: error })
  }
}

async function* plainPages(pages: AsyncIterable<readonly CallItem[]>) {
  for await (const items of pages) yield items.map(toPlainItem)
}
