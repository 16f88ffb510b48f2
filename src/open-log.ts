/**
 * What does a line of the log look like? JSON with the event's name, facts and ids.
 *
 * A failure under `error` is written as the words of its root cause, with the stack only where it is a fault of the
 * code: pino alone writes `{}`, and drizzle's own words are the statement with its values, numbers of callers too.
 */
import pino, { type DestinationStream, type Logger } from 'pino'

export function openLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: writeFailure },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Whatever is no failure stays as it is. */
function writeFailure(failure: unknown): unknown {
  if (!(failure instanceof Error)) return failure
  let cause = failure
  while (cause.cause instanceof Error) cause = cause.cause
  // A system, PostgreSQL and NATS name their failures; an outage repeats them by the second.
  if ('code' in cause) return `${cause.name}: ${cause.message} (${cause.code})`
  return cause.stack ?? String(cause)
}
