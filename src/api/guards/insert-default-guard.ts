/**
 * The guard that a new brand begins with: it tells of ten units of its currency an hour to numbers that fraud likes, and
 * stops nothing. All of it can be changed.
 */
import type { Tx } from '../../db/connection.ts'
import { insertSpendGuard } from '../../db/guards/spend-guards.ts'
import { newId } from '../../uuid.ts'

export async function insertDefaultGuard(tx: Tx, brandId: string, now: number): Promise<void> {
  await insertSpendGuard(tx, {
    id: newId(now),
    brandId,
    clientId: null,
    name: 'High-risk numbers',
    enabled: true,
    when: null,
    prefixes: null,
    highRisk: true,
    limits: { spendPerHour: '10' },
    action: 'alert',
    email: null,
    createdAt: now,
  })
}
