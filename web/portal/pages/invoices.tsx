/**
 * The client's invoices and credit notes, newest first, each with its documents.
 */
import { type Answer, api } from '../../shared/api.ts'
import { Badge, Heading } from '../../shared/layout.tsx'
import { addDays, useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { usePortal } from '../client.tsx'

type Invoice = Answer<'GET /v1/clients/{clientId}/invoices'>['data'][number]

export function InvoicesPage() {
  const { words, format } = useLocale()
  const { client } = usePortal()
  const invoices = usePages<Invoice>('invoices', (cursor, signal) =>
    api('GET /v1/clients/{clientId}/invoices', {
      params: { clientId: client.id },
      query: { limit: 50, ...(cursor && { cursor }) },
      signal,
    }),
  )
  return (
    <>
      <Heading>{words.invoices}</Heading>
      <PagedTable
        caption={words.invoices}
        empty={words.noInvoices}
        pages={invoices}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.number,
            isTitle: true,
            isShort: true,
            cell: ({ id, number, kind }) => (
              <a href={`/portal/invoices/${id}`}>
                {number ?? (kind === 'invoice' ? words.invoice : words.creditNote)}
              </a>
            ),
          },
          {
            name: words.period,
            cell: ({ from, to }) => `${format.day(from)} – ${format.day(addDays(to, -1))}`,
          },
          { name: words.issued, isShort: true, cell: ({ issueDay }) => issueDay && format.day(issueDay) },
          { name: words.due, isShort: true, cell: ({ dueDay }) => dueDay && format.day(dueDay) },
          { name: words.status, cell: ({ status }) => <InvoiceStatus status={status} /> },
          {
            name: words.total,
            isFigure: true,
            isCorner: true,
            cell: ({ total, currency }) => format.money(total, currency),
          },
          {
            name: words.amountDue,
            isFigure: true,
            cell: ({ amountDue, currency }) => format.money(amountDue, currency),
          },
          { name: words.download, cell: ({ id, status }) => status !== 'draft' && <Documents id={id} /> },
        ]}
      />
    </>
  )
}

export function InvoiceStatus({ status }: { status: Invoice['status'] }) {
  const { words } = useLocale()
  const tones = {
    paid: 'good',
    overdue: 'bad',
    issued: 'warn',
    draft: undefined,
    credited: undefined,
  } as const
  return <Badge tone={tones[status]}>{words.invoiceStatuses[status]}</Badge>
}

export function Documents({ id }: { id: string }) {
  return (
    <span class="actions">
      <a href={`/v1/invoices/${id}.pdf`} target="_blank" rel="noopener">
        PDF
      </a>
      <a href={`/v1/invoices/${id}.xml`} target="_blank" rel="noopener">
        XML
      </a>
    </span>
  )
}
