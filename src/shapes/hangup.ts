/**
 * The command that an engine gets for a leg to be hung up, by NATS and by long poll.
 */
import Type from 'typebox'
import { closed, Instant, named, nullable, Uuid } from './fields.ts'
import { HangupReason } from './reasons.ts'

export const Sip = closed({ code: Type.Integer(), phrase: Type.String() })

export const Hangup = named('Hangup', {
  callId: Type.String(),
  clientId: Uuid,
  engine: nullable(Type.String()),
  engineRef: nullable(Type.String()),
  reason: HangupReason,
  sip: Sip,
  q850: Type.Integer(),
  announcement: nullable(Type.String()),
  at: Instant,
  endBy: Instant,
})
