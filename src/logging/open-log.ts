/**
 * What does a line of the log look like? JSON with the event's name, facts and ids.
 *
 * A failure is written under whatever name it stands, also inside a list or an object: pino alone writes `{}`.
 */
import pino, { type DestinationStream, type LogFn, type Logger } from 'pino'
import { describeFailure } from './describe-failure.ts'

export function openLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (failure: unknown) => failure },
    hooks: { logMethod: nameLine },
    formatters: { log: (fields: object) => describeFailures(fields, 0) as Record<string, unknown> },
  }
  return destination ? pino(options, destination) : pino(options)
}

/**
 * Every line has an event, `library` where none of ours wrote it, and a message: without one pino takes the failure's
 * own, which may be a statement with its values.
 */
function nameLine(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const given = args as unknown[]
  const hasFields = typeof given[0] === 'object' && given[0] !== null
  const own = hasFields ? (given[0] as object) : {}
  const fields = { event: 'library', ...(own instanceof Error ? { error: own } : own) }
  const words = given.slice(hasFields ? 1 : 0)
  method.apply(this, [fields, ...(words.length > 0 ? words : [fields.event])] as Parameters<LogFn>)
}

/** Deeper than any line of ours; what lies below is left to JSON. */
const deepest = 4

/** The same value, with each failure in it as its words. Whatever is no plain object or list stays as it is. */
function describeFailures(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeFailure(value)
  if (depth > deepest || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => describeFailures(one, depth + 1))
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, describeFailures(one, depth + 1)]),
  )
}
