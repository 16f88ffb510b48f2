/** Which codes does an engine tell for a reason? The built-in ones, the brand's profile over them, its own over both. */
import type { Brand, Client } from './client.ts'
import { profileCodes } from './reason-profiles.ts'
import { type HangupReason, hangupCodes, type ReasonCodes, reasonCodes } from './reasons.ts'

/** SIP and Q.850 codes and the announcement of a refusal or a hang-up, the brand's own where it has some. */
export function chooseCodes(
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
