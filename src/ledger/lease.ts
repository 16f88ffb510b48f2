/**
 * A lease as it stands in the books: what one replica has set aside of an account (`limits/lease.ts`).
 */
import type { LeaseAmounts } from '../limits/leased.ts'

export interface Lease extends LeaseAmounts {
  clientId: string
  epoch: string
  replica: string
  brandId: string
  /** `YYYY-MM-DD` that the money is set aside of. */
  day: string
  /** Called back. */
  marked: boolean
  /** Not renewed for so long that it may be freed by anybody. */
  isVoid: boolean
  /** Its holder writes it: that renews it. */
  isRenewed: boolean
}

/** What a grant has taken of its lease. */
export interface LeasedReservation extends LeaseAmounts {
  clientId: string
  epoch: string
}
