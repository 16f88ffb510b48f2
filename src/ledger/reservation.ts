/**
 * What a running call holds: slots of its client and brand, and money of the balance and of a day.
 */
import type { Decimal } from '../money.ts'
import type { Draw } from '../rating/allowance.ts'
import type { StoredDraw } from './stored-draw.ts'

/** The fields of a call that the ledger keeps: it alone writes them. */
export interface Reservation {
  clientId: string
  brandId: string
  holdsClientSlot: boolean
  holdsBrandSlot: boolean
  reserved: Decimal
  /** `YYYY-MM-DD` that the money is held of; null: no money is held, or of no day. */
  reservedDay: string | null
  /** Seconds that the money pays. */
  reservedSeconds: number
  /** What it holds of allowances. */
  heldAllowances: readonly StoredDraw[] | null
  /** What it took of them. */
  allowances: readonly StoredDraw[] | null
}

/** What is to be held from now on. */
export interface Hold {
  clientSlot: boolean
  brandSlot: boolean
  reserved: Decimal
  seconds: number
  /** null: the money counts on no day, as that of inbound legs. */
  day: string | null
  /** Of allowances. Left out: nothing. */
  draws?: readonly Draw[]
}
