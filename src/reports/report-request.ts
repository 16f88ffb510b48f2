/**
 * What does somebody ask of a report, and what may they see of it?
 */
import type { Db } from '../db/connection.ts'
import type { Tenant } from '../db/tenant.ts'
import { InvalidRequest } from '../errors.ts'
import { type PortalView, wholeView } from '../identities/portal-view.ts'
import type { ClientClocks } from './client-clocks.ts'

/** What the asker's portal shows: the rule stands in portal-view.ts, once for answers and exports. */
export type Visibility = PortalView
export const seesAll: Visibility = wholeView

export interface ReportRequest {
  db: Db
  tenant: Tenant
  /** Clocks of all clients that a report may tell of. */
  readClocks(): Promise<ClientClocks>
  /** Aborts when the one who asked has left. */
  gone?: AbortSignal | undefined
  visibility: Visibility
  /** Narrower than the tenant, where the platform asks for one brand. */
  brandId: string | null
  clientId: string | null
  /** Local days `YYYY-MM-DD` of each client, half open; null: no limit. */
  from: string | null
  to: string | null
  /** The zone instants are shown in; null: each client's own. */
  timeZone: string | null
  /** As given, comma-separated; null: the report's own choice. */
  groupBy: string | null
  /** Of invoices: by which of their days they are asked for; null: the first of their period. */
  datedBy: 'period' | 'issue' | null
  /** Epoch milliseconds: what is overdue. */
  now: number
  status: string | null
  direction: string | null
  toNormalized: string | null
  destination: string | null
  label: { name: string; value: string } | null
  /** Of margins: only what is less, as decimal text. */
  below?: string | null
  /** Amounts are exchanged into it; left out or null: each client's own. */
  currency?: string | null
}

/** Throws `InvalidRequest` for a group that is not among `known`, or stands there twice. */
export function readGroups<Group extends string>(
  { groupBy }: Pick<ReportRequest, 'groupBy'>,
  known: readonly Group[],
  otherwise: readonly Group[],
): readonly Group[] {
  if (groupBy === null) return otherwise
  return splitGroups(groupBy).map((text) => {
    const pattern = /^label:.{1,64}$/u.test(text) ? 'label:<name>' : text
    if (known.some((name) => name === pattern)) return text as Group
    throw unknownGroup(text, known)
  })
}

function splitGroups(text: string): string[] {
  const groups = text.split(',')
  if (new Set(groups).size === groups.length) return groups
  throw new InvalidRequest('A report can be grouped by each field once.', [
    { pointer: '/groupBy', detail: 'names something twice' },
  ])
}

function unknownGroup(text: string, known: readonly string[]): InvalidRequest {
  return new InvalidRequest(`This report cannot be grouped by "${text.slice(0, 80)}".`, [
    { pointer: '/groupBy', detail: `takes ${known.join(', ')}, separated by commas` },
  ])
}
