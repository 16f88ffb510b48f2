/**
 * Books of finance: `tax`, the VAT of issued documents; `journal`, entries for the accounts of the brand's bookkeeping.
 */
import { reportJournal, reportTaxBook, type TaxBookGroup, taxBookGroups } from '../db/reports/report-books.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { firstMovement } from './client-clocks.ts'
import { type Column, type ReportDescription, toColumns } from './report.ts'
import { type ReportRequest, readGroups } from './report-request.ts'

export const taxReport = {
  name: 'tax',
  summary: 'VAT of issued invoices and credit notes, by rate, category, country and tax number',
  takes: ['days'],
  groups: taxBookGroups,
  needs: 'invoices',
  open: openTaxBook,
} as const satisfies ReportDescription

export const journalReport = {
  name: 'journal',
  summary: "Entries for the brand's bookkeeping: what was issued, and the money that came",
  takes: ['days'],
  // No client sees how its operator keeps its books.
  needs: 'costs',
  open: openJournal,
} as const satisfies ReportDescription

async function openTaxBook(request: ReportRequest) {
  const groups = readGroups(request, taxBookGroups, ['category', 'rate', 'country', 'taxId'])
  return {
    columns: [...groups.flatMap((group) => groupColumns[group]), ...sums],
    batches: streamRows(request, reportTaxBook({ ...request, groups })),
  }
}

async function openJournal(request: ReportRequest) {
  const clocks = await request.readClocks()
  const spans = clocks.spans({ from: firstMovement, until: request.now })
  return { columns: journalColumns, batches: streamRows(request, reportJournal({ ...request, spans })) }
}

const groupColumns: Readonly<Record<TaxBookGroup, readonly Column[]>> = {
  document: toColumns({ issueDay: 'day', number: 'text', kind: 'word', id: 'word' }),
  client: toColumns({ clientName: 'text', clientId: 'word' }),
  month: toColumns({ month: 'word' }),
  category: toColumns({ category: 'word' }),
  rate: toColumns({ rate: 'decimal' }),
  country: toColumns({ country: 'word' }),
  taxId: toColumns({ taxId: 'text' }),
}

const sums = toColumns({ currency: 'word', documents: 'integer', base: 'amount', amount: 'amount' })

const journalColumns = toColumns({
  date: 'day',
  account: 'text',
  debit: 'amount',
  credit: 'amount',
  currency: 'word',
  document: 'text',
  clientId: 'word',
  clientName: 'text',
  text: 'word',
})
