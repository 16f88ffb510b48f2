/**
 * A movement: one signed change of a balance, with its cause. Appended, never changed.
 */
import type { BalanceAlert } from '../limits/client.ts'
import type { Decimal } from '../money.ts'

export const movementKinds = [
  'top-up',
  'adjustment',
  'charge',
  'overrun',
  'correction',
  'invoice',
  'payment',
  'fee',
] as const
export type MovementKind = (typeof movementKinds)[number]

export interface Movement {
  id: string
  clientId: string
  /** 1, 2, 3 … within the client. */
  seq: number
  kind: MovementKind
  /** Unique with client and kind: what makes a repeat harmless. */
  source: string
  amount: Decimal
  balanceAfter: Decimal
  currency: string
  callId: string | null
  invoiceId: string | null
  reference: string | null
  actor: string
  createdAt: number
}

/** What the caller says of a movement; the ledger numbers, sums and dates it. The actor is `system` by default. */
export type Posting = Pick<Movement, 'kind' | 'source' | 'amount'> &
  Partial<Pick<Movement, 'callId' | 'invoiceId' | 'reference' | 'actor'>>

/** Whose account moves, and whom low balances are told to. A `Client` of configuration memory is one. */
export interface AccountOwner {
  id: string
  brandId: string
  name: string
  currency: string
  language: string
  terms: readonly { effectiveAt: number; timeZone: string }[]
  balanceAlerts: readonly BalanceAlert[]
}
