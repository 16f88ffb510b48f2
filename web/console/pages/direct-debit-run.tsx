/**
 * One run of direct debits: its file for the bank, its confirmation, and what became of each debit.
 */
import { useLocation, useRoute } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { TextField } from '../../shared/form.tsx'
import { Badge, Card, Facts, Heading } from '../../shared/layout.tsx'
import { maxDecimals, useLocale } from '../../shared/locale.tsx'
import { StatusFilter, useStatus } from '../../shared/status-filter.tsx'
import { Failure, Loading, PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, FormDialog } from '../dialogs.tsx'
import { type Run, RunStatus } from './direct-debits.tsx'

type Debit = Answer<'GET /v1/direct-debit-runs/{id}/debits'>['data'][number]

const statuses = ['pending', 'booked', 'returned', 'cancelled'] as const

export function DirectDebitRunPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const id = useRoute().params.id ?? ''
  const { url } = useLocation()
  const run = useData(`direct debit run ${id}`, (signal) =>
    api('GET /v1/direct-debit-runs/{id}', { params: { id }, signal }),
  )
  const status = useStatus(statuses)
  const debits = usePages<Debit>(`debits ${url}`, (cursor, signal) =>
    api('GET /v1/direct-debit-runs/{id}/debits', {
      params: { id },
      query: { ...(status && { status }), ...(cursor && { cursor }) },
      signal,
    }),
  )
  if (run.error) return <Failure error={run.error} retry={run.reload} />
  if (!run.data) return <Loading />
  const reload = () => {
    run.reload()
    debits.reload()
  }
  return (
    <>
      <Heading
        actions={
          <>
            <a class="button" href={`/v1/direct-debit-runs/${id}.xml`} download>
              {texts.bankFile}
            </a>
            {may('direct-debit-runs', 'u') && run.data.status === 'open' && (
              <Decisions id={id} onDone={reload} />
            )}
          </>
        }
      >
        {`${texts.directDebitRun} · ${format.day(run.data.collectionDay)}`}
      </Heading>
      <p>
        <a href="/console/direct-debits">{words.back}</a> · <RunStatus status={run.data.status} />
      </p>
      <Sums run={run.data} />
      <StatusFilter statuses={statuses} names={texts.debitStatuses} />
      <Debits
        debits={debits}
        currency={run.data.currency}
        mayReturn={may('direct-debit-runs', 'u') && run.data.status !== 'cancelled'}
        onReturned={reload}
      />
    </>
  )
}

function Decisions({ id, onDone }: { id: string; onDone(): void }) {
  const { format } = useLocale()
  const { texts } = useConsole()
  const params = { id }
  return (
    <>
      <AskFirst
        label={texts.confirmRun}
        question={texts.confirmRunText}
        act={async ({ paidAt }) => {
          const body = paidAt ? { paidAt: format.toInstant(paidAt) } : {}
          await api('POST /v1/direct-debit-runs/{id}/confirm', { params, body })
          onDone()
        }}
      >
        <TextField
          name="paidAt"
          label={`${texts.moneyCameAt} (${format.timeZone})`}
          hint={texts.instantHint}
          type="datetime-local"
        />
      </AskFirst>
      <AskFirst
        label={texts.cancelRun}
        question={texts.cancelRunText}
        isDanger
        act={async () => {
          await api('POST /v1/direct-debit-runs/{id}/cancel', { params })
          onDone()
        }}
      />
    </>
  )
}

function Sums({ run: { total, booked, returned, creditor, currency, paidAt } }: { run: Run }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const sum = ({ debits, amount }: Run['total']) =>
    `${format.money(amount, currency)} · ${format.whole(debits)}`
  return (
    <Card title={words.total}>
      <p class="big">
        {format.money(total.amount, currency)}{' '}
        <small>
          {texts.debits}: {format.whole(total.debits)}
        </small>
      </p>
      <Facts
        facts={[
          [texts.booked, sum(booked)],
          [texts.returned, sum(returned)],
          paidAt === null ? null : [texts.moneyCameAt, format.instant(paidAt)],
          [texts.creditor, `${creditor.name} · ${creditor.iban} · ${creditor.creditorId}`],
        ]}
      />
    </Card>
  )
}

function Debits({
  debits,
  currency,
  mayReturn,
  onReturned,
}: {
  debits: ReturnType<typeof usePages<Debit>>
  currency: string
  mayReturn: boolean
  onReturned(): void
}) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const decimals = maxDecimals(debits.rows.map(({ amount }) => amount))
  const tones = { pending: 'warn', booked: 'good', returned: 'bad', cancelled: undefined } as const
  return (
    <PagedTable
      caption={texts.debits}
      empty={texts.noDebits}
      pages={debits}
      keyOf={({ id }) => id}
      columns={[
        {
          name: words.client,
          isTitle: true,
          cell: ({ clientId, clientName }) => <a href={`/console/clients/${clientId}`}>{clientName}</a>,
        },
        {
          name: words.invoice,
          isShort: true,
          cell: ({ invoiceId, invoiceNumber }) => (
            <a href={`/console/invoices/${invoiceId}`}>{invoiceNumber}</a>
          ),
        },
        { name: texts.mandateId, cell: ({ mandateId }) => <span class="code">{mandateId}</span> },
        { name: 'IBAN', isDetail: true, cell: ({ iban }) => <span class="code">{iban}</span> },
        {
          name: words.status,
          cell: ({ status, returnReason, returnedAt }) => (
            <>
              <Badge tone={tones[status]}>{texts.debitStatuses[status]}</Badge> {returnReason}{' '}
              {returnedAt && <span class="muted">{format.instant(returnedAt)}</span>}
            </>
          ),
        },
        {
          name: words.amount,
          isFigure: true,
          isCorner: true,
          cell: ({ amount }) => format.money(amount, currency, decimals),
        },
        {
          name: texts.returnDebit,
          isActions: true,
          cell: (debit) =>
            mayReturn &&
            (debit.status === 'pending' || debit.status === 'booked') && (
              <ReturnDebit debit={debit} onReturned={onReturned} />
            ),
        },
      ]}
    />
  )
}

function ReturnDebit({ debit, onReturned }: { debit: Debit; onReturned(): void }) {
  const { format } = useLocale()
  const { texts } = useConsole()
  const runId = useRoute().params.id ?? ''
  return (
    <FormDialog
      label={texts.returnDebit}
      title={`${debit.clientName} · ${debit.invoiceNumber}`}
      submit={texts.returnDebit}
      send={async ({ reason = '', returnedAt }) => {
        await api('POST /v1/direct-debit-runs/{runId}/debits/{id}/return', {
          params: { runId, id: debit.id },
          body: {
            reason: reason.toUpperCase(),
            ...(returnedAt && { returnedAt: format.toInstant(returnedAt) }),
          },
        })
        onReturned()
      }}
    >
      <p>{texts.returnDebitText}</p>
      <TextField
        name="reason"
        label={texts.returnReason}
        hint={texts.returnReasonHint}
        pattern="[A-Za-z0-9]{4}"
        required
      />
      <TextField
        name="returnedAt"
        label={`${texts.instant} (${format.timeZone})`}
        hint={texts.instantHint}
        type="datetime-local"
      />
    </FormDialog>
  )
}
