/** What a settling process is asked, and what it answers. */

export interface SettleOrder {
  mode: 'product' | 'bare'
  natsUrl: string
  databaseUrl: string
  events: number
  batchSize: number
  postgresPid: number
  /** For the bare loop, which looks nothing up. */
  destinations: Record<string, string>
  rateDeckId: string
  ratingPlanId: string
}

export interface SettleResult {
  perSecond: number
  /** Microseconds of processor time that an event takes. */
  micros: { service: number; postgres: number }
}
