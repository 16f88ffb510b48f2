/**
 * One schedule of a report: what is told, to whom and when, and what was delivered.
 */
import { useLocation, useRoute } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton, TextAreaField, TextField } from '../../shared/form.tsx'
import { Badge, Card, Heading } from '../../shared/layout.tsx'
import { addDays, useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { ClientField } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'
import { BrandField, orNull } from '../parts.tsx'
import { RepetitionFields, readRepetition } from './schedules.tsx'

type Schedule = Answer<'GET /v1/report-schedules/{id}'>
type Period = Answer<'GET /v1/report-schedules/{id}/periods'>['data'][number]
const units = ['day', 'week', 'month'] as const
const files = ['xlsx', 'csv', 'json', 'parquet'] as const
const tones = { pending: 'warn', failed: 'bad', done: 'good' } as const

export function ReportSchedulePage() {
  const id = useRoute().params.id ?? ''
  const isNew = id === 'new'
  const schedule = useData(isNew ? null : `report schedule ${id}`, (signal) =>
    api.tagged('GET /v1/report-schedules/{id}', { params: { id }, signal }),
  )
  if (schedule.error) return <Failure error={schedule.error} retry={schedule.reload} />
  if (!isNew && !schedule.data) return <Loading />
  return (
    <>
      <Editor schedule={schedule.data?.answer} etag={schedule.data?.etag ?? ''} onSaved={schedule.reload} />
      {!isNew && <Periods scheduleId={id} />}
    </>
  )
}

function Editor({
  schedule,
  etag,
  onSaved,
}: {
  /** undefined: a new one. */
  schedule: Schedule | undefined
  etag: string
  onSaved(): void
}) {
  const { words, language } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const reports = Object.keys(texts.reportNames) as Schedule['report'][]
  const save = async (values: Record<string, string>, headers: Record<string, string>) => {
    const { name = '', report, format, clientId, groupBy, emails = '', directory, brandId } = values
    const file = files.find((known) => known === format) ?? 'xlsx'
    const body = {
      ...readRepetition(values, units),
      name,
      report: reports.find((known) => known === report) ?? 'calls',
      format: file,
      // People open it in a spreadsheet, in their language; folders are read by programs.
      ...(schedule === undefined && file === 'csv' && !directory
        ? { flavour: 'spreadsheet' as const, locale: language }
        : {}),
      clientId: orNull(clientId),
      groupBy: orNull(groupBy),
      emails: emails.split(/[\s,;]+/).filter(Boolean),
      directory: orNull(directory),
    }
    if (schedule) {
      await api('PATCH /v1/report-schedules/{id}', { params: { id: schedule.id }, body, headers })
      onSaved()
    } else {
      const { id } = await api('POST /v1/report-schedules', {
        body: { ...body, ...(brandId && { brandId }) },
      })
      route(`/console/schedules/reports/${id}`)
    }
  }
  return (
    <>
      <Heading>{schedule?.name ?? texts.addReportSchedule}</Heading>
      <p>
        <a href="/console/schedules">{words.back}</a>
      </p>
      <Card title={texts.reportSchedule}>
        <Form
          class="form two-columns"
          done={words.saved}
          send={(values, ifMatch) => save(values, ifMatch(etag))}
        >
          {!schedule && <BrandField />}
          <TextField name="name" label={words.name} value={schedule?.name ?? ''} required />
          <SelectField
            name="report"
            label={texts.report}
            value={schedule?.report ?? 'calls'}
            options={reports.map((report) => ({ value: report, text: texts.reportNames[report] }))}
          />
          <SelectField
            name="format"
            label={texts.fileKind}
            value={schedule?.format ?? 'xlsx'}
            options={files.map((file) => ({ value: file, text: file.toUpperCase() }))}
          />
          <ClientField value={schedule?.clientId ?? ''} all={texts.everyClient} />
          <RepetitionFields schedule={schedule} units={units} />
          <TextField
            name="groupBy"
            label={texts.groupedBy}
            hint={texts.groupByHint}
            value={schedule?.groupBy ?? ''}
          />
          <TextAreaField
            name="emails"
            label={texts.recipients}
            hint={texts.recipientsHint}
            value={schedule?.emails?.join('\n') ?? ''}
          />
          <TextField
            name="directory"
            label={texts.folder}
            hint={texts.folderHint}
            value={schedule?.directory ?? ''}
          />
          {may('report-schedules', schedule ? 'u' : 'c') && (
            <div class="buttons wide">
              <SubmitButton>{words.save}</SubmitButton>
            </div>
          )}
        </Form>
      </Card>
      {schedule && may('report-schedules', 'd') && (
        <p>
          <AskFirst
            label={words.remove}
            question={texts.removeThing(schedule.name)}
            isDanger
            act={async (_values, ifMatch) => {
              const params = { id: schedule.id }
              await api('DELETE /v1/report-schedules/{id}', { params, headers: ifMatch(etag) })
              route('/console/schedules')
            }}
          />
        </p>
      )}
    </>
  )
}

function Periods({ scheduleId }: { scheduleId: string }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const periods = usePages<Period>(`periods ${scheduleId}`, (cursor, signal) =>
    api('GET /v1/report-schedules/{id}/periods', {
      params: { id: scheduleId },
      query: cursor ? { cursor } : {},
      signal,
    }),
  )
  return (
    <Card title={texts.periods}>
      <PagedTable
        caption={texts.periods}
        empty={texts.noPeriods}
        pages={periods}
        keyOf={({ from }) => from}
        columns={[
          {
            name: words.period,
            isTitle: true,
            cell: ({ from, to }) => `${format.day(from)} – ${format.day(addDays(to, -1))}`,
          },
          { name: texts.rows, isFigure: true, cell: ({ rows }) => rows !== null && format.whole(rows) },
          {
            name: texts.recipients,
            cell: ({ mails, file }) => file ?? mails.map(({ recipient }) => recipient).join(', '),
          },
          {
            name: texts.at,
            isShort: true,
            cell: ({ deliveredAt }) => deliveredAt && format.instant(deliveredAt),
          },
          { name: texts.lastError, cell: ({ lastError }) => lastError?.detail },
          {
            name: words.status,
            isCorner: true,
            cell: ({ status }) => <Badge tone={tones[status]}>{texts.reportPeriodStatuses[status]}</Badge>,
          },
        ]}
      />
    </Card>
  )
}
