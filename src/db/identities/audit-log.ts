/**
 * What stands in the audit log. Triggers write it (migration `guard_admins_and_audit_log`).
 */
import { and, asc, desc, eq, gt, gte, lt } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { auditLog } from '../schema.ts'

export type AuditRow = typeof auditLog.$inferSelect

export interface AuditFilter {
  brandId: string | undefined
  clientId: string | undefined
  resource: string | undefined
  resourceId: string | undefined
  action: string | undefined
  actor: string | undefined
  requestId: string | undefined
  /** Epoch milliseconds, half open. */
  from: number | undefined
  to: number | undefined
}

/** In the order in which it was written. */
export async function listAuditLog(
  tx: Tx,
  {
    filter,
    afterSeq,
    direction,
    limit,
  }: {
    filter: AuditFilter
    /** Of the last row shown. */
    afterSeq: number | null
    direction: 'ascending' | 'descending'
    limit: number
  },
): Promise<AuditRow[]> {
  const equal = (
    ['brandId', 'clientId', 'resource', 'resourceId', 'action', 'actor', 'requestId'] as const
  ).map((name) => {
    const value = filter[name]
    return value === undefined ? undefined : eq(auditLog[name], value)
  })
  const [isAfter, towards] = direction === 'ascending' ? [gt, asc] : [lt, desc]
  return tx
    .select()
    .from(auditLog)
    .where(
      and(
        ...equal,
        filter.from === undefined ? undefined : gte(auditLog.at, filter.from),
        filter.to === undefined ? undefined : lt(auditLog.at, filter.to),
        afterSeq === null ? undefined : isAfter(auditLog.seq, afterSeq),
      ),
    )
    .orderBy(towards(auditLog.seq))
    .limit(limit)
}
