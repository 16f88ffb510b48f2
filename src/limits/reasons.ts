/**
 * Why a leg is refused, and what the engine tells the caller then.
 *
 * A closed list in the order of the checks: the first that applies is the answer. A brand may replace the codes,
 * all at once by a profile or one by one, never the reasons.
 */
export interface ReasonCodes {
  sip: number
  phrase: string
  q850: number
  /** null: no announcement. */
  announcement: string | null
}

export const reasonCodes = {
  invalid_number: { sip: 484, phrase: 'Address Incomplete', q850: 28, announcement: 'number-incomplete' },
  unknown_client: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: null },
  client_suspended: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'not-permitted' },
  ip_not_allowed: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'not-permitted' },
  no_rating_profile: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'call-cannot-be-billed' },
  destination_not_priced: { sip: 404, phrase: 'Not Found', q850: 3, announcement: 'call-cannot-be-billed' },
  destination_blocked: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'not-permitted' },
  spend_guard: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'not-permitted' },
  /** The caller of an inbound leg hears busy, whoever dials out is refused: see `chooseCodes`. */
  max_calls_reached: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'all-lines-busy' },
  daily_limit_reached: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'daily-limit-reached' },
  insufficient_balance: { sip: 402, phrase: 'Payment Required', q850: 21, announcement: 'no-credit' },
  service_unavailable: { sip: 503, phrase: 'Service Unavailable', q850: 41, announcement: 'try-later' },
} as const satisfies Record<string, ReasonCodes>

export type DenialReason = keyof typeof reasonCodes
export const denialReasons = Object.keys(reasonCodes) as readonly DenialReason[]

/** Reasons of running legs alone, with the codes of the hang-up. */
export const hangupCodes = {
  maximum_price_reached: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: null },
  /** Q.850 102: a timer has run out. */
  maximum_duration_reached: { sip: 480, phrase: 'Temporarily Unavailable', q850: 102, announcement: null },
  /** Granted under a callId of a leg that is over. Q.850 21: call rejected. */
  call_id_reused: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: null },
  by_operator: { sip: 480, phrase: 'Temporarily Unavailable', q850: 31, announcement: null },
} as const satisfies Record<string, ReasonCodes>

/** Why a running leg is hung up. */
export type HangupReason = DenialReason | keyof typeof hangupCodes
/** Every reason whose codes a brand may replace. */
export const hangupReasons = [...denialReasons, ...Object.keys(hangupCodes)] as readonly HangupReason[]
