/**
 * The fields of `call-table.ts` as the code that reads, writes and shows calls walks through them.
 */
import { getTableColumns } from 'drizzle-orm'
import { calls } from '../schema/calls.ts'
import { callTable, type ReportedCallField, type ShownCallField } from './call-table.ts'

/** PostgreSQL's types without their length. */
export type CallFieldType =
  | 'uuid'
  | 'text'
  | 'integer'
  | 'smallint'
  | 'boolean'
  | 'numeric'
  | 'timestamptz'
  | 'date'
  | 'jsonb'
  | 'text[]'

export interface CallField {
  name: keyof typeof callTable
  column: string
  type: CallFieldType
  isNullable: boolean
  hasDefault: boolean
  isWord: boolean
  isGranted: boolean
}

const columns = getTableColumns(calls)

/** All of them, in the table's order. */
export const callFields: readonly CallField[] = (Object.keys(callTable) as CallField['name'][]).map(
  (name) => ({
    name,
    column: columns[name].name,
    type: columns[name].getSQLType().replace(/\(.*\)/, '') as CallFieldType,
    isNullable: !columns[name].notNull,
    hasDefault: columns[name].hasDefault,
    isWord: 'word' in callTable[name],
    isGranted: 'granted' in callTable[name],
  }),
)

/** What answers and facts show. */
export const shownCallFields = callFields.filter(isShown)

/** What the report of calls has beside. */
export const reportedCallFields = callFields.filter(isReported)

function isShown(field: CallField): field is CallField & { name: ShownCallField } {
  return 'shown' in callTable[field.name]
}

function isReported(field: CallField): field is CallField & { name: ReportedCallField } {
  const row = callTable[field.name]
  return 'shown' in row && row.shown === 'reports'
}
