/**
 * A new invoice: looked at with its warnings before anything is kept, then made as a draft.
 */
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Card, Heading } from '../../shared/layout.tsx'
import { addDays, useLocale } from '../../shared/locale.tsx'
import { Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { ClientField } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { type Invoice, InvoiceView } from './invoice-view.tsx'

type Terms = NonNullable<Parameters<typeof api<'POST /v1/invoices'>>[1]>['body']

export function NewInvoicePage() {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { query, route } = useLocation()
  const [seen, setSeen] = useState<{ terms: Terms; invoice: Invoice }>()
  const series = useData('series', (signal) =>
    api('GET /v1/invoice-number-sequences', { query: { limit: 500, sort: 'name' }, signal }),
  )
  if (!series.data) return <Loading />
  const firstOfMonth = `${format.today().slice(0, 7)}-01`
  const lastDay = addDays(firstOfMonth, -1)
  return (
    <>
      <Heading>{texts.newInvoice}</Heading>
      <p>
        <a href="/console/invoices">{words.back}</a>
      </p>
      {series.data.data.length === 0 && <p class="notice warn">{texts.noSeries}</p>}
      <Card title={texts.newInvoice}>
        <Form
          class="form two-columns"
          send={async ({ clientId = '', numberSequenceId = '', from = '', last = '' }) => {
            const terms = { clientId, numberSequenceId, from, to: addDays(last, 1) }
            setSeen({ terms, invoice: await api('POST /v1/invoices/preview', { body: terms }) })
          }}
        >
          <ClientField value={query.clientId} />
          <SelectField
            name="numberSequenceId"
            label={texts.series}
            options={series.data.data.map(({ id, name }) => ({ value: id, text: name }))}
          />
          <TextField
            name="from"
            label={words.fromDay}
            type="date"
            value={`${lastDay.slice(0, 7)}-01`}
            required
          />
          <TextField name="last" label={words.toDay} type="date" value={lastDay} required />
          <div class="buttons wide">
            <SubmitButton>{texts.preview}</SubmitButton>
          </div>
        </Form>
      </Card>
      {seen && (
        <>
          <InvoiceView invoice={seen.invoice} />
          <Form
            send={async () => {
              const { id } = await api('POST /v1/invoices', { body: seen.terms })
              route(`/console/invoices/${id}`)
            }}
          >
            <SubmitButton>{texts.makeDraft}</SubmitButton>
          </Form>
        </>
      )}
    </>
  )
}
