/**
 * Days whose limit was reached by a denial: the authorization only marks them, the fact and the mail follow here,
 * from a transaction whose commit is waited to disk.
 */
import { listUnalertedLimits } from '../../db/accounts/list-unalerted-limits.ts'
import { alertLimitReached } from '../../ledger/usage-alerts.ts'
import { termsAt } from '../../limits/client.ts'
import type { CallsContext } from '../calls-context.ts'
import { transact } from '../transact.ts'

const batchSize = 200

/** Answers how many days it told. */
export async function alertDeniedLimits(context: CallsContext): Promise<number> {
  const { configuration } = context
  const now = context.clock()
  const found = await listUnalertedLimits(context.db.$client, batchSize)
  const days = found.filter((day) => configuration.findClient(day.clientId, now))
  if (days.length === 0) return 0
  const accounts = days.map(({ clientId }) => clientId)
  await transact(context, { accounts, days, now }, ({ ledger }) => {
    for (const { clientId, day } of days) {
      const usage = ledger.days.get(clientId, day)
      if (usage.limitReachedAt === null) continue
      const client = configuration.getClient(clientId)
      alertLimitReached(client, usage, termsAt(client.terms, now).timeZone, ledger)
    }
  })
  return days.length
}
