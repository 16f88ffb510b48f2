/**
 * Invoices of all clients, found by status and day.
 */
import { useLocation } from 'preact-iso'
import { Documents, InvoiceStatus } from '../../portal/pages/invoices.tsx'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Heading } from '../../shared/layout.tsx'
import { addDays, useLocale } from '../../shared/locale.tsx'
import { StatusField, useStatus } from '../../shared/status-filter.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useClientNames } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { withoutEmpty } from '../parts.tsx'

type Invoice = Answer<'GET /v1/invoices'>['data'][number]
const statuses = ['draft', 'issued', 'overdue', 'paid', 'credited'] as const

export function InvoicesPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { query, url, route } = useLocation()
  const status = useStatus(statuses)
  const invoices = usePages<Invoice>(url, (cursor, signal) =>
    api('GET /v1/invoices', {
      query: {
        ...(status && { status }),
        ...(query.number && { number: query.number }),
        ...(query.clientId && { clientId: query.clientId }),
        ...(query.from && { issuedFrom: query.from }),
        ...(query.to && { issuedTo: addDays(query.to, 1) }),
        ...(cursor && { cursor }),
      },
      signal,
    }),
  )
  const nameClient = useClientNames(invoices.rows.map(({ clientId }) => clientId))
  return (
    <>
      <Heading
        actions={
          may('invoices', 'c') && (
            <>
              <a class="button" href="/console/invoices/run">
                {texts.invoiceRun}
              </a>
              <a class="button primary" href="/console/invoices/new">
                {texts.newInvoice}
              </a>
            </>
          )
        }
      >
        {words.invoices}
      </Heading>
      <Form
        key={url}
        class="filters"
        send={async (values) =>
          route(
            `/console/invoices?${new URLSearchParams(withoutEmpty({ ...values, clientId: query.clientId }))}`,
          )
        }
      >
        <StatusField statuses={statuses} names={words.invoiceStatuses} />
        <TextField name="number" label={words.number} value={query.number ?? ''} />
        <TextField name="from" label={words.fromDay} type="date" value={query.from ?? ''} />
        <TextField name="to" label={words.toDay} type="date" value={query.to ?? ''} />
        <div class="buttons">
          <SubmitButton>{words.filter}</SubmitButton>
          {Object.keys(query).length > 0 && (
            <a class="button" href="/console/invoices">
              {words.clearFilter}
            </a>
          )}
        </div>
      </Form>
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
              <a href={`/console/invoices/${id}`}>
                {number ?? (kind === 'invoice' ? words.invoice : words.creditNote)}
              </a>
            ),
          },
          { name: words.client, cell: ({ clientId }) => nameClient(clientId) },
          {
            name: words.period,
            isDetail: true,
            cell: ({ from, to }) => `${format.day(from)} – ${format.day(addDays(to, -1))}`,
          },
          { name: words.due, cell: ({ dueDay }) => dueDay && format.day(dueDay) },
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
