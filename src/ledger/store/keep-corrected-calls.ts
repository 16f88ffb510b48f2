/**
 * Calls as an invoice lists them that are corrected now: kept, since the invoice does not change.
 */
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { formatAmount, zero } from '../../money.ts'
import type { CountedCall } from '../rollup.ts'

export interface CorrectedCall {
  /** As it stood until now. */
  call: CountedCall
  /** The closed row that counted it. */
  rollupId: string
  /** The open row that takes it back. */
  correctedInRollupId: string
}

/** The caller holds the locks of their accounts. */
export async function keepCorrectedCalls(
  tx: Sql,
  corrected: readonly CorrectedCall[],
  correctedAt: number,
): Promise<void> {
  const calls = corrected.map(({ call }) => call)
  await tx`
    insert into corrected_calls (client_id, call_id, rollup_id, corrected_in_rollup_id, from_number, to_number,
                                 to_normalized, answered_at, duration_seconds, billed_seconds, price, destination,
                                 corrected_at)
    select client_id, call_id, rollup_id, corrected_in_rollup_id, from_number, to_number, to_normalized,
           answered_at::timestamptz, duration_seconds::integer, billed_seconds::integer, price::numeric, destination,
           ${instantText(correctedAt)}
    from unnest(
      ${calls.map((call) => call.clientId)}::uuid[],
      ${calls.map((call) => call.callId)}::text[],
      ${corrected.map(({ rollupId }) => rollupId)}::uuid[],
      ${corrected.map(({ correctedInRollupId }) => correctedInRollupId)}::uuid[],
      ${calls.map((call) => call.from)}::text[],
      ${calls.map((call) => call.to)}::text[],
      ${calls.map((call) => call.toNormalized)}::text[],
      ${calls.map((call) => (call.answeredAt === null ? null : instantText(call.answeredAt)))}::text[],
      ${calls.map((call) => String(call.durationSeconds ?? 0))}::text[],
      ${calls.map((call) => String(call.billedSeconds ?? 0))}::text[],
      ${calls.map((call) => formatAmount(call.price ?? zero))}::text[],
      ${calls.map((call) => call.destination ?? '')}::text[]
    ) as given (client_id, call_id, rollup_id, corrected_in_rollup_id, from_number, to_number, to_normalized,
                answered_at, duration_seconds, billed_seconds, price, destination)`
}
