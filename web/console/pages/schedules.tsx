/**
 * What runs by itself: invoices of each period, and reports.
 */
import { api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Badge, Card, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { CheckField } from '../parts.tsx'

export function SchedulesPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const invoices = usePages(may('invoice-schedules') ? 'invoice schedules' : null, (cursor, signal) =>
    api('GET /v1/invoice-schedules', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  const reports = usePages(may('report-schedules') ? 'report schedules' : null, (cursor, signal) =>
    api('GET /v1/report-schedules', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  const every = (unit: Unit, count: number) =>
    count === 1 ? texts.everyOne[unit] : texts.units[unit](format.whole(count))
  const state = (enabled: boolean) => (
    <Badge tone={enabled ? 'good' : undefined}>{enabled ? texts.enabled : texts.disabled}</Badge>
  )
  return (
    <>
      <Heading>{texts.schedules}</Heading>
      {may('invoice-schedules') && (
        <Card
          title={texts.invoiceSchedules}
          actions={
            may('invoice-schedules', 'c') && (
              <a class="button" href="/console/schedules/invoices/new">
                {texts.addInvoiceSchedule}
              </a>
            )
          }
        >
          <PagedTable
            caption={texts.invoiceSchedules}
            empty={texts.noSchedules}
            pages={invoices}
            keyOf={({ id }) => id}
            columns={[
              {
                name: words.name,
                isTitle: true,
                cell: ({ id, name }) => <a href={`/console/schedules/invoices/${id}`}>{name}</a>,
              },
              { name: texts.every, cell: ({ unit, every: count = 1 }) => every(unit, count) },
              { name: texts.firstDay, isShort: true, cell: ({ firstDay }) => format.day(firstDay) },
              { name: words.status, isCorner: true, cell: ({ enabled = true }) => state(enabled) },
            ]}
          />
        </Card>
      )}
      {may('report-schedules') && (
        <Card
          title={texts.reportSchedules}
          actions={
            may('report-schedules', 'c') && (
              <a class="button" href="/console/schedules/reports/new">
                {texts.addReportSchedule}
              </a>
            )
          }
        >
          <PagedTable
            caption={texts.reportSchedules}
            empty={texts.noSchedules}
            pages={reports}
            keyOf={({ id }) => id}
            columns={[
              {
                name: words.name,
                isTitle: true,
                cell: ({ id, name }) => <a href={`/console/schedules/reports/${id}`}>{name}</a>,
              },
              {
                name: texts.report,
                cell: ({ report, format: file }) => `${texts.reportNames[report]} (${file.toUpperCase()})`,
              },
              { name: texts.every, cell: ({ unit, every: count = 1 }) => every(unit, count) },
              {
                name: texts.recipient,
                cell: ({ emails = [], directory }) => emails.join(', ') || directory,
              },
              {
                name: texts.lastError,
                cell: ({ delivered }) =>
                  delivered.lastError && String((delivered.lastError as { detail?: unknown }).detail ?? ''),
              },
              { name: words.status, isCorner: true, cell: ({ enabled = true }) => state(enabled) },
            ]}
          />
        </Card>
      )}
    </>
  )
}

type Unit = 'day' | 'week' | 'month' | 'year'

/** How often, from when on, and whether at all; `readRepetition` reads it. */
export function RepetitionFields({
  schedule,
  units,
}: {
  schedule: { unit: Unit; every?: number; firstDay: string; enabled?: boolean } | undefined
  units: readonly Unit[]
}) {
  const { format } = useLocale()
  const { texts } = useConsole()
  return (
    <>
      <SelectField
        name="unit"
        label={texts.unit}
        value={schedule?.unit ?? 'month'}
        options={units.map((unit) => ({ value: unit, text: texts.everyOne[unit] }))}
      />
      <TextField
        name="every"
        label={texts.everyHowMany}
        value={String(schedule?.every ?? 1)}
        pattern="[0-9]{1,3}"
        required
      />
      <TextField
        name="firstDay"
        label={texts.firstDay}
        hint={texts.firstDayHint}
        type="date"
        value={schedule?.firstDay ?? `${format.today().slice(0, 7)}-01`}
        required
      />
      <CheckField name="enabled" label={texts.scheduleIsOn} isOn={schedule?.enabled ?? true} />
    </>
  )
}

export function readRepetition<Known extends Unit>(
  { unit, every, firstDay = '', enabled }: Record<string, string>,
  units: readonly Known[],
) {
  return {
    unit: units.find((known) => known === unit) ?? ('month' as Known),
    every: Number(every),
    firstDay,
    enabled: enabled === 'on',
  }
}
