/**
 * Days whose limit was reached by a denial: the authorization only marks them, the fact and the mail follow here,
 * from a transaction whose commit is waited to disk.
 */
import { listUntoldLimits } from '../db/accounts/list-untold-limits.ts'
import { inBatch } from '../db/batch.ts'
import { lockLedger } from '../ledger/lock-ledger.ts'
import { tellLimitReached } from '../ledger/usage-alerts.ts'
import { termsAt } from '../limits/client.ts'
import type { CallsContext } from './calls-context.ts'

const batchSize = 200

/** Answers how many days it told. */
export async function tellDeniedLimits(context: CallsContext): Promise<number> {
  const now = context.clock()
  const { configuration } = context
  const found = await listUntoldLimits(context.db.$client, batchSize)
  const days = found.filter((day) => configuration.findClient(day.clientId, now))
  if (days.length === 0) return 0
  await inBatch(context.db.$client, async (batch) => {
    const ledger = await lockLedger(batch.tx, { clientIds: days.map(({ clientId }) => clientId), days, now })
    for (const { clientId, day } of days) {
      const usage = ledger.days.get(clientId, day)
      if (usage.limitReachedAt === null) continue
      const client = configuration.getClient(clientId)
      tellLimitReached(client, usage, termsAt(client.terms, now).timeZone, ledger)
    }
    await batch.commitAfter(ledger.write(batch.tx))
  })
  context.onTold({ facts: true, mails: true })
  return days.length
}
