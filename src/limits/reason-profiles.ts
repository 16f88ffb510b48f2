/**
 * Which codes does a brand start from: the contract's own, or those of the system it comes from?
 *
 * A profile replaces codes as a brand's overrides do, and lies beneath them. What it does not name keeps the contract's
 * codes; reasons and announcements are never another's.
 *
 * Source of `ivozprovider`: the answers of its two Kamailio proxies (release 4). It tells a number without a rate from a
 * fault of its own by nothing but the log, so whoever reads causes is better served by the contract's codes.
 */
import type { HangupReason, ReasonCodes } from './reasons.ts'

export const reasonProfiles = ['standard', 'ivozprovider'] as const
export type ReasonProfile = (typeof reasonProfiles)[number]

type Codes = Omit<ReasonCodes, 'announcement'>
type Profile = Readonly<Partial<Record<HangupReason | 'max_calls_reached_inbound', Codes>>>

const serverError: Codes = { sip: 500, phrase: 'Internal Server Error', q850: 41 }
const forbidden: Codes = { sip: 403, phrase: 'Forbidden', q850: 21 }

const profiles: Readonly<Record<ReasonProfile, Profile>> = {
  standard: {},
  ivozprovider: {
    /** No gateway takes a number that is none. */
    invalid_number: { ...serverError, phrase: 'Server Internal Error - No gateways' },
    /** The rater answers with an error, whatever it lacks. */
    no_rating_profile: serverError,
    destination_not_priced: serverError,
    max_calls_reached: { ...forbidden, phrase: 'Maxcalls exceeded' },
    max_calls_reached_inbound: { sip: 486, phrase: 'Busy', q850: 17 },
    insufficient_balance: forbidden,
    service_unavailable: { sip: 503, phrase: 'Charging controller unreachable', q850: 41 },
  },
}

export function profileCodes(
  profile: ReasonProfile,
  reason: HangupReason,
  direction: 'inbound' | 'outbound',
): Codes | undefined {
  const isInboundFull = reason === 'max_calls_reached' && direction === 'inbound'
  return profiles[profile][isInboundFull ? 'max_calls_reached_inbound' : reason]
}
