/**
 * Days whose limit was reached by a denial: the authorization only marks them, the fact and the mail follow here,
 * from a transaction whose commit is waited to disk.
 */
import { lockAccounts } from '../db/accounts/accounts.ts'
import { listUntoldLimits, loadDailyUsage } from '../db/accounts/daily-usage.ts'
import { inBatch } from '../db/batch.ts'
import { termsAt } from '../limits/client.ts'
import { BatchLedger } from './batch-ledger.ts'
import type { CallsContext } from './calls-context.ts'
import { tellLimitReached } from './tell-limit-reached.ts'

const batchSize = 200

/** Answers how many days it told. */
export async function tellDeniedLimits(context: CallsContext): Promise<number> {
  const now = context.clock()
  const { configuration } = context
  const found = await listUntoldLimits(context.db.$client, batchSize)
  const days = found.filter((day) => configuration.findClient(day.clientId, now))
  if (days.length === 0) return 0
  await inBatch(context.db.$client, async (batch) => {
    const clientIds = [...new Set(days.map((day) => day.clientId))].sort()
    const [accounts, usages] = await Promise.all([
      lockAccounts(batch.tx, clientIds),
      loadDailyUsage(batch.tx, days),
    ])
    const ledger = new BatchLedger({ accounts, usages, days, brandCounters: new Map() }, now)
    for (const usage of usages) {
      if (usage.limitReachedAt === null) continue
      const client = configuration.getClient(usage.clientId)
      tellLimitReached(
        client,
        ledger.usageOf(usage.clientId, usage.day),
        termsAt(client.terms, now).timeZone,
        ledger,
      )
    }
    await batch.commitAfter(ledger.writeRest(batch.tx))
  })
  context.onTold({ facts: true, mails: true })
  return days.length
}
