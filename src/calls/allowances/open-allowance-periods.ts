/**
 * Opens the periods of clients' allowances that have begun, and those that wait for money: by the clock, and at once where a
 * call asks for a period that is not open yet.
 */
import { inBatch } from '../../db/batch.ts'
import { listClientsWithDuePeriods } from '../../db/clients/due-allowances.ts'
import { isInfrastructureFailure } from '../../db/failures.ts'
import { LeasesInTheWay } from '../../ledger/leases-in-the-way.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { lockAccount } from '../../ledger/lock-ledger.ts'
import { openPeriods } from '../../ledger/open-periods.ts'
import type { CallsContext } from '../calls-context.ts'

const batchSize = 100
const maxAttempts = 5

/**
 * Answers how many periods it opened, so that it is asked again at once while there are more. One client whose periods
 * cannot be opened holds up no other: its failure is thrown when all have had their turn.
 */
export async function openDueAllowancePeriods(context: CallsContext): Promise<number> {
  const at = context.clock()
  let changes = 0
  const failures: unknown[] = []
  for (const clientId of await listClientsWithDuePeriods(context.db.$client, at, batchSize)) {
    try {
      changes += await openAllowancePeriods(context, { clientId, at })
    } catch (error) {
      if (isInfrastructureFailure(error)) throw error
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return changes
}

/** Of one client, up to the period of this instant. */
export async function openAllowancePeriods(
  context: CallsContext,
  { clientId, at }: { clientId: string; at: number },
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { changes, news } = await openInBatch(context, clientId, at)
      if (news.facts || news.mails) context.onCommitted(news)
      return changes
    } catch (error) {
      if (!(error instanceof LeasesInTheWay) || attempt === maxAttempts) throw error
      await context.leases?.callBack(error.owners)
    }
  }
}

function openInBatch(
  context: CallsContext,
  clientId: string,
  at: number,
): Promise<{ changes: number; news: Ledger['news'] }> {
  return inBatch(context.db.$client, async ({ tx, commitAfter }) => {
    const account = await lockAccount(tx, { clientId, now: context.clock() })
    const { changes, write } = await openPeriods(tx, account, at)
    await commitAfter([...write(), ...account.ledger.write(tx)])
    return { changes, news: account.ledger.news }
  })
}
