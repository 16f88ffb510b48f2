/**
 * What stands in the audit log. Triggers write it (migration `guard_admins_and_audit_log`).
 */
import { and, desc, eq, gte, lt } from 'drizzle-orm'
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

/** Newest first. */
export async function listAuditLog(
  tx: Tx,
  { filter, beforeSeq, limit }: { filter: AuditFilter; beforeSeq: number | null; limit: number },
): Promise<AuditRow[]> {
  const equal = (
    ['brandId', 'clientId', 'resource', 'resourceId', 'action', 'actor', 'requestId'] as const
  ).map((name) => {
    const value = filter[name]
    return value === undefined ? undefined : eq(auditLog[name], value)
  })
  return tx
    .select()
    .from(auditLog)
    .where(
      and(
        ...equal,
        filter.from === undefined ? undefined : gte(auditLog.at, filter.from),
        filter.to === undefined ? undefined : lt(auditLog.at, filter.to),
        beforeSeq === null ? undefined : lt(auditLog.seq, beforeSeq),
      ),
    )
    .orderBy(desc(auditLog.seq))
    .limit(limit)
}
