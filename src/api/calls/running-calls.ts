/**
 * Running calls as they are shown: with what is held for them, where they go, and what they would cost if they ended now.
 */
import { callRecord } from '../../calls/call-record.ts'
import type { ListedCall } from '../../db/calls/list-calls.ts'
import { formatAmount } from '../../money.ts'
import type { ApiContext } from '../context.ts'
import { pricesSoFar } from './price-so-far.ts'

export async function showRunningCalls(
  context: Pick<ApiContext, 'configuration' | 'calls'>,
  rows: readonly ListedCall[],
  now: number,
) {
  const soFar = await pricesSoFar(context, rows, now)
  return rows.map((row, i) => ({ ...callRecord(row), reserved: formatAmount(row.reserved), ...soFar[i] }))
}
