/**
 * Runs of direct debits, newest first, and a way to make the next one.
 */
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { TextField } from '../../shared/form.tsx'
import { Badge, Card, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable, Table } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useClientNames } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import { BrandField } from '../parts.tsx'

export type Run = Answer<'GET /v1/direct-debit-runs/{id}'>
type Skipped = Answer<'POST /v1/direct-debit-runs'>['skipped']

export function DirectDebitsPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const [skipped, setSkipped] = useState<Skipped>([])
  const runs = usePages<Run>('direct debit runs', (cursor, signal) =>
    api('GET /v1/direct-debit-runs', { query: cursor ? { cursor } : {}, signal }),
  )
  const sum = ({ debits, amount }: Run['total'], currency: string) =>
    debits > 0 && `${format.money(amount, currency)} (${format.whole(debits)})`
  return (
    <>
      <Heading
        actions={
          may('direct-debit-runs', 'c') && (
            <FormDialog
              label={texts.addDirectDebitRun}
              isPrimary
              submit={texts.addDirectDebitRun}
              send={async ({ collectionDay = '', dueTo, brandId }, _ifMatch, { once }) => {
                const run = await api('POST /v1/direct-debit-runs', {
                  body: { collectionDay, ...(dueTo && { dueTo }), ...(brandId && { brandId }) },
                  headers: once,
                })
                if (run.skipped.length === 0) return route(`/console/direct-debits/${run.id}`)
                setSkipped(run.skipped)
                runs.reload()
              }}
            >
              <BrandField />
              <TextField
                name="collectionDay"
                label={texts.collectionDay}
                hint={texts.collectionDayHint}
                type="date"
                required
              />
              <TextField name="dueTo" label={texts.dueTo} hint={texts.dueToHint} type="date" />
            </FormDialog>
          )
        }
      >
        {texts.directDebits}
      </Heading>
      <p class="muted">{texts.directDebitsText}</p>
      {skipped.length > 0 && <SkippedInvoices skipped={skipped} />}
      <PagedTable
        caption={texts.directDebits}
        empty={texts.noDirectDebitRuns}
        pages={runs}
        keyOf={({ id }) => id}
        columns={[
          {
            name: texts.collectionDay,
            isTitle: true,
            isShort: true,
            cell: ({ id, collectionDay }) => (
              <a href={`/console/direct-debits/${id}`}>{format.day(collectionDay)}</a>
            ),
          },
          { name: words.status, cell: ({ status }) => <RunStatus status={status} /> },
          {
            name: texts.booked,
            isFigure: true,
            cell: ({ booked, currency }) => sum(booked, currency),
          },
          {
            name: texts.returned,
            isFigure: true,
            cell: ({ returned, currency }) => sum(returned, currency),
          },
          {
            name: words.total,
            isFigure: true,
            isCorner: true,
            cell: ({ total, currency }) => sum(total, currency),
          },
        ]}
      />
    </>
  )
}

export function RunStatus({ status }: { status: Run['status'] }) {
  const { texts } = useConsole()
  const tones = { open: 'warn', confirmed: 'good', cancelled: undefined } as const
  return <Badge tone={tones[status]}>{texts.directDebitRunStatuses[status]}</Badge>
}

/** Told once, by the answer that made the run. */
function SkippedInvoices({ skipped }: { skipped: Skipped }) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const nameClient = useClientNames(skipped.map(({ clientId }) => clientId))
  return (
    <Card title={texts.skippedInvoices}>
      <Table
        caption={texts.skippedInvoices}
        empty={words.nothingHere}
        rows={skipped}
        keyOf={({ invoiceId }) => invoiceId}
        columns={[
          {
            name: words.client,
            isTitle: true,
            cell: ({ clientId }) => (
              <a href={`/console/clients/${clientId}?tab=invoicing`}>{nameClient(clientId)}</a>
            ),
          },
          { name: texts.fault, cell: ({ detail }) => detail },
          {
            name: words.invoice,
            isCorner: true,
            cell: ({ invoiceId }) => <a href={`/console/invoices/${invoiceId}`}>{words.invoice}</a>,
          },
        ]}
      />
    </Card>
  )
}
