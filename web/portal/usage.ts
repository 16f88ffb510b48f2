/**
 * The client's usage in groups, as the report has it. Without `callPrices` its rows have no amount.
 */
import { readReport } from '../shared/api.ts'

export interface Usage {
  currency: string | null
  calls: number
  answered: number
  durationSeconds: number
  billedSeconds: number
  amount?: string
}

export type UsageOfDay = Usage & { day: string }
export type UsageOfDestination = Usage & { destination: string | null }

export function readUsageByDay(span: { from: string; to: string }, signal: AbortSignal) {
  return readReport<UsageOfDay>('/v1/reports/usage.json', { ...span, groupBy: 'day' }, signal)
}

export function readUsageByDestination(span: { from: string; to: string }, signal: AbortSignal) {
  return readReport<UsageOfDestination>('/v1/reports/usage.json', { ...span, groupBy: 'destination' }, signal)
}
