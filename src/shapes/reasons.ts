/**
 * Why something was refused, hung up or set aside: closed lists, so that whoever reads them can switch over them.
 */
import { denialReasons, hangupReasons } from '../limits/reasons.ts'
import { noPriceReasons } from '../rating/call-walk.ts'
import { oneOf } from './fields.ts'

export const DenialReason = oneOf(denialReasons, 'The first check that the leg did not pass.')
export const HangupReason = oneOf(hangupReasons)

/** Why a call that ended has no price. */
export const rejectionReasons = ['invalid_number', ...noPriceReasons] as const
export const RejectionReason = oneOf(rejectionReasons)

/** Why an event could not be applied. */
export const deadLetterReasons = [
  'invalid_json',
  'invalid_event',
  'unknown_client',
  'invalid_number',
  'bad_duration',
  'future_time',
  'wrong_subject',
  'call_id_reused',
  'handler_error',
] as const
export const DeadLetterReason = oneOf(deadLetterReasons)
