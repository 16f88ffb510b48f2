/**
 * A client's money record and its usage of one local day, as read under the row's lock.
 */
import type { Decimal } from '../money.ts'

export interface Account {
  clientId: string
  /** The sum of its movements. */
  balance: Decimal
  /** The sum of its calls' reservations. */
  reserved: Decimal
  /** Calls that hold a slot of Max calls. */
  runningCalls: number
  /** Number of its last movement. */
  seq: number
}

export interface DailyUsage {
  /** `YYYY-MM-DD` in the client's zone. */
  day: string
  amount: Decimal
  /** What running calls hold of the day. */
  reserved: Decimal
  limitReachedAt: number | null
  /** When fact and mail of the day were written. */
  limitToldAt: number | null
  /** Highest share of the limit already told: 0, 50 or 80. */
  warnedPercent: number
}
