/**
 * What one replica tells the others of legs that guards count: text of JSON on a core subject, a batch each 100 ms.
 *
 * Not stored and not answered. Who misses some counts less until the settlement comes; nothing of money depends on it.
 */
interface AboutLeg {
  clientId: string
  callId: string
}

export interface GrantedNews extends AboutLeg {
  what: 'granted'
  from: string | null
  to: string
  isHighRisk: boolean
  at: number
  /** The instant whose rate prices it. */
  rateAt: number
  isPriced: boolean
}

export type LegNews =
  | GrantedNews
  /** Denied for another reason: as if it had never been asked for. */
  | ({ what: 'withdrawn' } & AboutLeg)
  | ({ what: 'released' } & AboutLeg)
  | ({ what: 'running'; answeredAt: number | null } & AboutLeg)
  | ({ what: 'settled'; price: string | null; answeredAt: number | null } & AboutLeg)
