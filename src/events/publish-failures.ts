/**
 * Does the broker store what we publish?
 *
 * A connection may stand and JetStream answer while its disk is full: only publishes tell. From the third failure
 * in a row on its cause is shown, until a publish succeeds or none has failed for half a minute. A message that is
 * refused for itself, such as one too long, says nothing of the broker.
 */
import { ErrorCode, NatsError } from 'nats'

const shownMs = 30_000
/** One answer that is late says little. */
const minFailures = 3
/** JetStream's codes of a message that is refused for itself: too long, wrong sequence or id expected. */
const aboutTheMessage = new Set([10054, 10070, 10071, 10060])

export class PublishFailures {
  private last: { at: number; cause: string } | undefined
  private count = 0

  note(error: unknown, now = Date.now()): void {
    if (error instanceof NatsError && aboutTheMessage.has(error.api_error?.err_code ?? 0)) return
    if (error instanceof NatsError && error.code === ErrorCode.MaxPayloadExceeded) return
    this.count += 1
    this.last = { at: now, cause: describeError(error) }
  }

  forget(): void {
    this.last = undefined
    this.count = 0
  }

  faults(now = Date.now()): string[] {
    if (!this.last || this.count < minFailures || now - this.last.at > shownMs) return []
    return [`messages are not stored (${this.count} refused or unanswered, the last: ${this.last.cause})`]
  }
}

/** nats.js says only "503" or "TIMEOUT" where the broker says more. */
function describeError(error: unknown): string {
  if (error instanceof NatsError && error.api_error) return error.api_error.description
  const words = error instanceof Error ? error.message : String(error)
  return words === '503' ? 'no stream answers' : words
}
