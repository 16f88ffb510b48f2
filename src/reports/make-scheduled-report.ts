/**
 * A period of a schedule as the report it repeats: the same columns, rows and files as `/v1/reports` answers.
 *
 * What goes to a client's own mailbox obeys the switches of its portal, as everything its users can reach; a folder is
 * the operator's.
 */
import type { Db } from '../db/connection.ts'
import { readAsTenant } from '../db/read-as-tenant.ts'
import type { ReportOrder } from '../db/reports/report-schedule-periods.ts'
import type { CsvFlavour } from '../spreadsheet-text.ts'
import { ClientClocks } from './client-clocks.ts'
import {
  openReport,
  type ReportFile,
  type ReportFormat,
  type ReportName,
  writeReport,
} from './open-report.ts'
import { type ReportRequest, seesAll, type Visibility } from './report-request.ts'
import { type ReportSums, sumReport } from './sum-report.ts'

/** `db` is of the API's role: rows are the brand's alone, whatever a report asks for. `sums` are of the rows read. */
export async function makeScheduledReport(
  { db, now }: { db: Db; now: number },
  order: ReportOrder,
): Promise<ReportFile & { sums: () => ReportSums }> {
  const { filter, brandId, clientId } = order
  const visibility = readVisibility(order)
  // A report that sums up days for want of prices takes those of the client, not of the schedule.
  const isSummed = !visibility.callPrices && (order.report === 'statements' || order.report === 'balances')
  const tenant = {
    role: 'brand' as const,
    brandId,
    clientId: null,
    actor: `report schedule ${order.scheduleId}`,
  }
  const request: ReportRequest = {
    db,
    tenant,
    readClocks: () => readAsTenant(db, tenant, (tx) => ClientClocks.read(tx, order)),
    visibility,
    brandId,
    clientId,
    from: order.from,
    to: order.to,
    timeZone: isSummed ? null : order.shownIn,
    groupBy: order.groupBy,
    datedBy: filter.datedBy ?? null,
    now,
    status: filter.status ?? null,
    direction: filter.direction ?? null,
    toNormalized: filter.toNormalized ?? null,
    destination: filter.destination ?? null,
    label: readLabel(filter.label),
    below: filter.below ?? null,
  }
  // Held against the closed lists when the schedule was written.
  const format = order.format as ReportFormat
  const style = { flavour: order.flavour as CsvFlavour, locale: order.locale }
  const { report, sums } = sumReport(await openReport(order.report as ReportName, request))
  return { ...writeReport(report, format, style), sums }
}

/** `calls_2026-01-01_2026-02-01_daily-calls_6f1c2a.csv`: schedules of one folder never write the same file. */
export function reportFileName({ report, from, to, name, scheduleId, format }: ReportOrder): string {
  const readable = name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${[report, from, to, readable || 'report', scheduleId.slice(-12)].join('_')}.${format}`
}

function readVisibility({ clientId, directory, portalVisibility, clientFeatures }: ReportOrder): Visibility {
  if (clientId === null || directory !== null) return seesAll
  return {
    callPrices: portalVisibility?.callPrices === true,
    costs: false,
    ratingProfiles: portalVisibility?.ratingProfiles === true,
    invoices: portalVisibility?.invoices === true && clientFeatures.includes('invoices'),
  }
}

function readLabel(text: string | undefined): ReportRequest['label'] {
  if (text === undefined) return null
  const colon = text.indexOf(':')
  return { name: text.slice(0, colon), value: text.slice(colon + 1) }
}
