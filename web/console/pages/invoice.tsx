/**
 * One invoice with its documents, and what is done with it: issue, pay, credit.
 */
import { useLocation, useRoute } from 'preact-iso'
import { Documents } from '../../portal/pages/invoices.tsx'
import { api } from '../../shared/api.ts'
import { TextField } from '../../shared/form.tsx'
import { Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, FormDialog } from '../dialogs.tsx'
import { orNull } from '../parts.tsx'
import { type Invoice, InvoiceView } from './invoice-view.tsx'

export function InvoicePage() {
  const { words } = useLocale()
  const { may } = useConsole()
  const id = useRoute().params.id ?? ''
  const { data, error, reload } = useData(`invoice ${id}`, (signal) =>
    api('GET /v1/invoices/{id}', { params: { id }, signal }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const kind = data.kind === 'invoice' ? words.invoice : words.creditNote
  return (
    <>
      <Heading
        actions={
          <>
            {data.status !== 'draft' && <Documents id={id} />}
            {may('invoices', 'u') && <Actions invoice={data} onChanged={reload} />}
          </>
        }
      >
        {`${kind} ${data.number ?? ''}`.trim()}
      </Heading>
      <p>
        <a href="/console/invoices">{words.back}</a> ·{' '}
        <a href={`/console/clients/${data.clientId}`}>{words.client}</a>
        {data.creditsInvoiceId && (
          <>
            {' · '}
            <a href={`/console/invoices/${data.creditsInvoiceId}`}>{words.invoice}</a>
          </>
        )}
      </p>
      <InvoiceView invoice={data} />
    </>
  )
}

function Actions({ invoice, onChanged }: { invoice: Invoice; onChanged(): void }) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const params = { id: invoice.id }
  if (invoice.status === 'draft') {
    return (
      <>
        <AskFirst
          label={texts.issueInvoice}
          question={texts.issueText}
          act={async () => {
            await api('POST /v1/invoices/{id}/issue', { params, body: {} })
            onChanged()
          }}
        />
        {may('invoices', 'd') && (
          <AskFirst
            label={texts.deleteDraft}
            question={words.invoice}
            isDanger
            act={async () => {
              await api('DELETE /v1/invoices/{id}', { params })
              route('/console/invoices')
            }}
          />
        )}
      </>
    )
  }
  if (invoice.kind === 'credit-note') return null
  return (
    <>
      <FormDialog
        label={texts.recordPayment}
        send={async ({ amount = '', method, reference }, _ifMatch, { once }) => {
          await api('POST /v1/invoices/{id}/payments', {
            params,
            body: {
              amount: amount.replace(',', '.'),
              method: orNull(method),
              reference: orNull(reference),
            },
            headers: once,
          })
          onChanged()
        }}
      >
        <TextField
          name="amount"
          label={`${words.amount} (${invoice.currency})`}
          value={invoice.amountDue}
          inputMode="decimal"
          pattern="-?[0-9]+([.,][0-9]+)?"
          required
        />
        <TextField name="method" label={texts.method} />
        <TextField name="reference" label={words.reference} />
      </FormDialog>
      {invoice.status !== 'credited' && (
        <AskFirst
          label={texts.makeCreditNote}
          question={texts.creditNoteText}
          isDanger
          act={async ({ reason }, _ifMatch, { once }) => {
            const note = await api('POST /v1/invoices/{id}/credit-notes', {
              params,
              body: reason ? { reason } : {},
              headers: once,
            })
            route(`/console/invoices/${note.id}`)
          }}
        >
          <TextField name="reason" label={words.reason} maxLength={1000} />
        </AskFirst>
      )}
    </>
  )
}
