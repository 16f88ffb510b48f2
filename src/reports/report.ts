/**
 * What is a report? Named columns and rows in batches, whatever file they become.
 *
 * A value is as PostgreSQL writes it: amounts are decimal text, instants its text of a `timestamptz` in UTC,
 * days `YYYY-MM-DD`, counts numbers or digits. Nothing here turns money into a JavaScript number. Column names
 * are a promise to whoever reads the files: `docs/reports.md` lists them.
 */
import type { ReportRequest } from './report-request.ts'

export type Value = string | number | boolean | null
export type Row = readonly Value[]
export type Batches = AsyncIterable<readonly Row[]>

/**
 * How a value is written:
 * - `word`: ids, codes and closed lists; no spreadsheet ever runs them, and they hold no separator
 * - `text`: what others typed or sent, telephone numbers too
 * - `integer`: counts and seconds. `amount`: money. `decimal`: shares and averages, as decimal text
 * - `instant`: a point in time, shown in the row's `timeZone`. `day`: a calendar day
 * - `object`: a JSON object, as JSON text
 */
export type ColumnKind =
  | 'word'
  | 'text'
  | 'integer'
  | 'amount'
  | 'decimal'
  | 'instant'
  | 'day'
  | 'boolean'
  | 'object'

export interface Column {
  name: string
  kind: ColumnKind
}

/** Columns from their names and kinds, in that order. */
export function toColumns(kinds: Readonly<Record<string, ColumnKind>>): readonly Column[] {
  return Object.entries(kinds).map(([name, kind]) => ({ name, kind }))
}

export interface Report {
  /** As files are called: `calls`, `usage` … */
  name: string
  columns: readonly Column[]
  batches: Batches
}

/** What a report may be narrowed by; `days` is `from` and `to`. `api/reports/report-query.ts` has their shapes. */
export type ReportFilter =
  | 'days'
  | 'timeZone'
  | 'status'
  | 'direction'
  | 'toNormalized'
  | 'destination'
  | 'label'
  | 'datedBy'
  | 'below'
  | 'currency'

/**
 * All that is known of a report, in a file of its own: routes, their query, schedules, the command line and the
 * access table follow from the list in `open-report.ts`.
 */
export interface ReportDescription {
  name: string
  /** One line, for the description of the API. */
  summary: string
  takes: readonly ReportFilter[]
  /** What `groupBy` may name; absent: it is not grouped. `label:<name>` stands for any label. */
  groups?: readonly string[]
  /** Part of a portal: whoever does not see it gets 404 `feature_disabled`. */
  needs?: 'invoices' | 'costs'
  /** Throws where the request is at fault; rows are read when somebody reads the batches. */
  open(request: ReportRequest): Promise<Omit<Report, 'name'>>
}

/** Place of the column with the zone that a row's instants are shown in; -1: they are shown in UTC. */
export function placeOfTimeZone(columns: readonly Column[]): number {
  return columns.findIndex(({ name }) => name === 'timeZone' || name === 'time_zone')
}
