/**
 * What runs by itself: invoices of each period, and reports.
 */
import { api } from '../../shared/api.ts'
import { Badge, Card, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'

export function SchedulesPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const invoices = usePages(may('invoice-schedules') ? 'invoice schedules' : null, (cursor, signal) =>
    api('GET /v1/invoice-schedules', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  const reports = usePages(may('report-schedules') ? 'report schedules' : null, (cursor, signal) =>
    api('GET /v1/report-schedules', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  const every = (unit: keyof typeof texts.units, count: number) => texts.units[unit](format.whole(count))
  const state = (enabled: boolean) => (
    <Badge tone={enabled ? 'good' : undefined}>{enabled ? texts.enabled : texts.disabled}</Badge>
  )
  return (
    <>
      <Heading>{texts.schedules}</Heading>
      <Card title={texts.invoiceSchedules}>
        <PagedTable
          caption={texts.invoiceSchedules}
          empty={texts.noSchedules}
          pages={invoices}
          keyOf={({ id }) => id}
          columns={[
            { name: words.name, isTitle: true, cell: ({ name }) => name },
            { name: texts.every, cell: ({ unit, every: count = 1 }) => every(unit, count) },
            { name: texts.firstDay, isShort: true, cell: ({ firstDay }) => format.day(firstDay) },
            { name: words.status, isCorner: true, cell: ({ enabled = true }) => state(enabled) },
          ]}
        />
      </Card>
      <Card title={texts.reportSchedules}>
        <PagedTable
          caption={texts.reportSchedules}
          empty={texts.noSchedules}
          pages={reports}
          keyOf={({ id }) => id}
          columns={[
            { name: words.name, isTitle: true, cell: ({ name }) => name },
            { name: texts.kind, cell: ({ report, format: file }) => `${report} (${file})` },
            { name: texts.every, cell: ({ unit, every: count = 1 }) => every(unit, count) },
            { name: texts.recipient, cell: ({ emails = [], directory }) => emails.join(', ') || directory },
            {
              name: texts.lastError,
              cell: ({ delivered }) => delivered.lastError && String(delivered.lastError.detail ?? ''),
            },
            { name: words.status, isCorner: true, cell: ({ enabled = true }) => state(enabled) },
          ]}
        />
      </Card>
    </>
  )
}
