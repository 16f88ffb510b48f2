/**
 * One schedule of invoices: whom it invoices and when, and how far each period has come.
 */
import { useLocation, useRoute } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Card, Heading } from '../../shared/layout.tsx'
import { addDays, useLocale } from '../../shared/locale.tsx'
import { StatusFilter, useStatus } from '../../shared/status-filter.tsx'
import { Failure, Loading, PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { ClientField, useClientNames } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'
import { BrandField, CheckField, orNull } from '../parts.tsx'
import { methods } from './clients.tsx'
import { RepetitionFields, readRepetition } from './schedules.tsx'

type Schedule = Answer<'GET /v1/invoice-schedules/{id}'>
type Period = Answer<'GET /v1/invoice-schedules/{id}/periods'>['data'][number]
const units = ['day', 'week', 'month', 'year'] as const
const statuses = ['pending', 'failed', 'issued', 'empty'] as const
const tones = { pending: 'warn', failed: 'bad', issued: 'good', empty: undefined } as const

export function InvoiceSchedulePage() {
  const { texts } = useConsole()
  const id = useRoute().params.id ?? ''
  const isNew = id === 'new'
  const schedule = useData(isNew ? null : `invoice schedule ${id}`, (signal) =>
    api.tagged('GET /v1/invoice-schedules/{id}', { params: { id }, signal }),
  )
  const series = useData('series', (signal) =>
    api('GET /v1/invoice-number-sequences', { query: { limit: 500, sort: 'name' }, signal }),
  )
  if (schedule.error) return <Failure error={schedule.error} retry={schedule.reload} />
  if (!series.data || (!isNew && !schedule.data)) return <Loading />
  return (
    <>
      {series.data.data.length === 0 && <p class="notice warn">{texts.noSeries}</p>}
      <Editor
        schedule={schedule.data?.answer}
        etag={schedule.data?.etag ?? ''}
        series={series.data.data}
        onSaved={schedule.reload}
      />
      {!isNew && <Periods scheduleId={id} />}
    </>
  )
}

function Editor({
  schedule,
  etag,
  series,
  onSaved,
}: {
  /** undefined: a new one. */
  schedule: Schedule | undefined
  etag: string
  series: readonly { id: string; name: string }[]
  onSaved(): void
}) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const save = async (values: Record<string, string>, headers: Record<string, string>) => {
    const { name = '', clientId, numberSequenceId = '', email, brandId } = values
    const chosen = methods.filter((method) => values[`method-${method}`] === 'on')
    const body = {
      name,
      numberSequenceId,
      ...readRepetition(values, units),
      clientId: orNull(clientId),
      email: orNull(email),
    }
    const filter = { ...schedule?.filter }
    if (schedule) {
      const billingMethods = chosen.length > 0 ? chosen : null
      const params = { id: schedule.id }
      await api('PATCH /v1/invoice-schedules/{id}', {
        params,
        body: { ...body, filter: { billingMethods } },
        headers,
      })
      onSaved()
    } else {
      const { id } = await api('POST /v1/invoice-schedules', {
        body: {
          ...body,
          filter: { ...filter, ...(chosen.length > 0 && { billingMethods: chosen }) },
          ...(brandId && { brandId }),
        },
      })
      route(`/console/schedules/invoices/${id}`)
    }
  }
  return (
    <>
      <Heading>{schedule?.name ?? texts.addInvoiceSchedule}</Heading>
      <p>
        <a href="/console/schedules">{words.back}</a>
      </p>
      <Card title={texts.invoiceSchedule}>
        <Form
          class="form two-columns"
          done={words.saved}
          send={(values, ifMatch) => save(values, ifMatch(etag))}
        >
          {!schedule && <BrandField />}
          <TextField name="name" label={words.name} value={schedule?.name ?? ''} required />
          <ClientField value={schedule?.clientId ?? ''} all={texts.everyClient} />
          <SelectField
            name="numberSequenceId"
            label={texts.series}
            value={schedule?.numberSequenceId ?? series[0]?.id ?? ''}
            options={series.map(({ id, name }) => ({ value: id, text: name }))}
          />
          <RepetitionFields schedule={schedule} units={units} />
          <TextField
            name="email"
            label={words.email}
            hint={texts.scheduleEmailHint}
            type="email"
            value={schedule?.email ?? ''}
          />
          <fieldset class="wide">
            <legend>{texts.onlyBilling}</legend>
            <div class="checks">
              {methods
                .filter((method) => method !== 'none')
                .map((method) => (
                  <CheckField
                    key={method}
                    name={`method-${method}`}
                    label={texts.billingMethods[method]}
                    isOn={schedule?.filter?.billingMethods?.includes(method) ?? false}
                  />
                ))}
            </div>
          </fieldset>
          {may('invoice-schedules', schedule ? 'u' : 'c') && (
            <div class="buttons wide">
              <SubmitButton>{words.save}</SubmitButton>
            </div>
          )}
        </Form>
      </Card>
      {schedule && may('invoice-schedules', 'd') && (
        <p>
          <AskFirst
            label={words.remove}
            question={texts.removeThing(schedule.name)}
            isDanger
            act={async (_values, ifMatch) => {
              const params = { id: schedule.id }
              await api('DELETE /v1/invoice-schedules/{id}', { params, headers: ifMatch(etag) })
              route('/console/schedules')
            }}
          />
        </p>
      )}
    </>
  )
}

/** What became of each client's period. */
function Periods({ scheduleId }: { scheduleId: string }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { url } = useLocation()
  const status = useStatus(statuses)
  const periods = usePages<Period>(`periods ${url}`, (cursor, signal) =>
    api('GET /v1/invoice-schedules/{id}/periods', {
      params: { id: scheduleId },
      query: { ...(status && { status }), ...(cursor && { cursor }) },
      signal,
    }),
  )
  const nameClient = useClientNames(periods.rows.map(({ clientId }) => clientId))
  return (
    <Card
      title={texts.periods}
      actions={
        <button type="button" onClick={periods.reload}>
          {texts.refresh}
        </button>
      }
    >
      <StatusFilter statuses={statuses} names={texts.periodStatuses} />
      <PagedTable
        caption={texts.periods}
        empty={texts.noPeriods}
        pages={periods}
        keyOf={({ clientId, from }) => `${clientId} ${from}`}
        columns={[
          {
            name: words.client,
            isTitle: true,
            cell: ({ clientId }) => <a href={`/console/clients/${clientId}`}>{nameClient(clientId)}</a>,
          },
          {
            name: words.period,
            cell: ({ from, to }) => `${format.day(from)} – ${format.day(addDays(to, -1))}`,
          },
          {
            name: texts.lastError,
            cell: ({ lastError }) =>
              lastError && [lastError.detail, ...lastError.errors.map(({ detail }) => detail)].join(' '),
          },
          {
            name: texts.nextTry,
            isShort: true,
            cell: ({ nextAttemptAt }) => nextAttemptAt && format.instant(nextAttemptAt),
          },
          {
            name: words.invoice,
            cell: ({ invoiceId }) =>
              invoiceId && <a href={`/console/invoices/${invoiceId}`}>{words.invoice}</a>,
          },
          {
            name: words.status,
            isCorner: true,
            cell: (row) => <Badge tone={tones[row.status]}>{texts.periodStatuses[row.status]}</Badge>,
          },
        ]}
      />
    </Card>
  )
}
