/**
 * Why a leg is refused, and what the engine tells the caller then.
 *
 * A closed list in the order of the checks: the first that applies is the answer. A brand may replace the codes,
 * all at once by a profile or one by one, never the reasons.
 */
import type { Brand, Client, ReasonCodes } from './client.ts'
import { profileCodes } from './reason-profiles.ts'

export const reasonCodes = {
  invalid_number: { sip: 484, phrase: 'Address Incomplete', q850: 28, announcement: 'number-incomplete' },
  unknown_client: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: null },
  client_suspended: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'not-permitted' },
  ip_not_allowed: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'not-permitted' },
  no_rating_profile: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'call-cannot-be-billed' },
  destination_not_priced: { sip: 404, phrase: 'Not Found', q850: 3, announcement: 'call-cannot-be-billed' },
  destination_blocked: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'not-permitted' },
  /** The caller of an inbound leg hears busy, whoever dials out is refused: see `codesOf`. */
  max_calls_reached: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'all-lines-busy' },
  daily_limit_reached: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: 'daily-limit-reached' },
  insufficient_balance: { sip: 402, phrase: 'Payment Required', q850: 21, announcement: 'no-credit' },
  service_unavailable: { sip: 503, phrase: 'Service Unavailable', q850: 41, announcement: 'try-later' },
} as const satisfies Record<string, ReasonCodes>

export type DenialReason = keyof typeof reasonCodes
export const denialReasons = Object.keys(reasonCodes) as readonly DenialReason[]

/** Reasons of running legs alone, with the codes of the hang-up. */
const hangupCodes = {
  maximum_price_reached: { sip: 403, phrase: 'Forbidden', q850: 21, announcement: null },
  /** Q.850 102: a timer has run out. */
  maximum_duration_reached: { sip: 480, phrase: 'Temporarily Unavailable', q850: 102, announcement: null },
  by_operator: { sip: 480, phrase: 'Temporarily Unavailable', q850: 31, announcement: null },
} as const satisfies Record<string, ReasonCodes>

/** Why a running leg is hung up. */
export type HangupReason = DenialReason | keyof typeof hangupCodes
/** Every reason whose codes a brand may replace. */
export const hangupReasons = [...denialReasons, ...Object.keys(hangupCodes)] as readonly HangupReason[]

/** SIP and Q.850 codes and the announcement of a refusal or a hang-up, the brand's own where it has some. */
export function codesOf(
  reason: HangupReason,
  leg: { direction: 'inbound' | 'outbound'; brand: Brand | undefined; client: Client | undefined },
): ReasonCodes {
  const builtIn: ReasonCodes =
    reason === 'max_calls_reached' && leg.direction === 'inbound'
      ? { sip: 486, phrase: 'Busy Here', q850: 17, announcement: 'all-lines-busy' }
      : { ...reasonCodes, ...hangupCodes }[reason]
  const { brand } = leg
  const codes = {
    ...builtIn,
    ...(brand && profileCodes(brand.reasonProfile, reason, leg.direction)),
    ...brand?.reasonOverrides[reason],
  }
  return leg.client?.features.has('voiceNotifications') ? codes : { ...codes, announcement: null }
}
