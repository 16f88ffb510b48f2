/**
 * Every failure that somebody outside must understand: a stable code, an HTTP status, a sentence that says
 * what to do, and where the input is at fault the places in it.
 *
 * A refused call is not a failure: it is an answer (`limits/authorize.ts`). These are thrown where they are
 * known and caught in two places only: `api/conventions/problem-details.ts` and the consumers in `events/`.
 */
export interface InputFault {
  /** JSON pointer (RFC 6901) to the place, `""` for the whole input. */
  pointer: string
  detail: string
}

export class TollgateError extends Error {
  /** snake_case, never renamed: programs compare it. */
  readonly code: string
  /** HTTP status of the answer. */
  readonly status: number
  readonly errors: readonly InputFault[]

  constructor(
    fault: { code: string; status: number; detail: string; errors?: readonly InputFault[] },
    options?: ErrorOptions,
  ) {
    super(fault.detail, options)
    this.name = new.target.name
    this.code = fault.code
    this.status = fault.status
    this.errors = fault.errors ?? []
  }

  /** The message, by the name that a problem document gives it. */
  get detail(): string {
    return this.message
  }
}

export class InvalidRequest extends TollgateError {
  constructor(detail: string, errors: readonly InputFault[] = []) {
    super({ code: 'invalid_request', status: 400, detail, errors })
  }
}

export class Unauthenticated extends TollgateError {
  constructor(detail = 'Send a valid API key or token as "Authorization: Bearer …".') {
    super({ code: 'unauthenticated', status: 401, detail })
  }
}

export class TooManyRequests extends TollgateError {
  readonly retryAfterSeconds: number

  constructor(detail: string, retryAfterSeconds: number) {
    super({ code: 'too_many_requests', status: 429, detail })
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** One tenant or key has as much of something under way as it may have at once; `code` names what. */
export class QuotaReached extends TollgateError {
  readonly retryAfterSeconds: number

  constructor(code: string, detail: string, retryAfterSeconds: number) {
    super({ code, status: 429, detail })
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** All tenants together have as much of something under way as there is room for. */
export class PlacesTaken extends TollgateError {
  readonly retryAfterSeconds: number

  constructor(code: string, detail: string, retryAfterSeconds: number) {
    super({ code, status: 503, detail })
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export class UnsupportedEncoding extends TollgateError {
  constructor(encoding: string) {
    super({
      code: 'unsupported_media_type',
      status: 415,
      detail: `The service does not decode the encoding "${encoding}": send it without Content-Encoding.`,
    })
  }
}

export class Forbidden extends TollgateError {
  constructor(detail: string) {
    super({ code: 'forbidden', status: 403, detail })
  }
}

export class NotFound extends TollgateError {
  constructor(what: string, id: string) {
    super({ code: 'not_found', status: 404, detail: `There is no ${what} "${id}".` })
  }
}

export class FeatureDisabled extends TollgateError {
  constructor(feature: string) {
    super({
      code: 'feature_disabled',
      status: 404,
      detail: `The feature "${feature}" is not enabled for this client.`,
    })
  }
}

export class InUse extends TollgateError {
  constructor(what: string, why: string) {
    super({ code: 'in_use', status: 409, detail: `This ${what} cannot be deleted: ${why}.` })
  }
}

export class Conflict extends TollgateError {
  constructor(code: string, detail: string, errors: readonly InputFault[] = []) {
    super({ code, status: 409, detail, errors })
  }
}

/** The same client and callId again with another direction or number, or of a call that has ended. */
export class CallIdReused extends TollgateError {
  constructor(callId: string, why: string) {
    super({
      code: 'call_id_reused',
      status: 409,
      detail: `The callId "${callId}" already names another leg: ${why}.`,
    })
  }
}

export class PreconditionFailed extends TollgateError {
  constructor() {
    super({
      code: 'precondition_failed',
      status: 412,
      detail: 'The resource has changed since you read it: fetch it again and repeat with its new ETag.',
    })
  }
}

/** Well-formed, but against a rule of the trade; `code` names the rule. */
export class Unprocessable extends TollgateError {
  constructor(code: string, detail: string, errors: readonly InputFault[] = []) {
    super({ code, status: 422, detail, errors })
  }
}

export class IdempotencyKeyReused extends TollgateError {
  constructor() {
    super({
      code: 'idempotency_key_reused',
      status: 422,
      detail: 'This Idempotency-Key was used with another body: use a new key for a new request.',
    })
  }
}

export class InvalidAmount extends TollgateError {
  constructor(text: string) {
    super({
      code: 'invalid_request',
      status: 400,
      detail: `"${text.slice(0, 40)}" is not an amount: write plain decimal text such as "12.50".`,
    })
  }
}

export class UnknownCurrency extends TollgateError {
  constructor(code: string) {
    super({ code: 'invalid_request', status: 400, detail: `"${code}" is not an ISO 4217 currency.` })
  }
}

export class CurrencyMismatch extends TollgateError {
  constructor(one: string, other: string) {
    super({ code: 'currency_mismatch', status: 422, detail: `Amounts in ${one} and ${other} do not mix.` })
  }
}

/** Our own dependency does not answer: the caller may repeat later. */
export class ServiceUnavailable extends TollgateError {
  constructor(detail: string, options?: ErrorOptions) {
    super({ code: 'service_unavailable', status: 503, detail }, options)
  }
}

/** The words of whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
