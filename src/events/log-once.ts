/**
 * Logs one cause once: the first line as it comes, its repeats as one line a minute with their number
 * (`repeated`).
 *
 * A broker without disk fails every publish of every replica for as long as it lasts, and thousands of equal lines
 * hide the one that matters. Two lines have one cause when event and words are equal but for numbers and ids.
 * Only warnings and errors that name an `error` or a `fault` are counted; all else always passes.
 */
import type { BrokerLog } from './broker.ts'

const everyMs = 60_000
const mostCauses = 200

export interface LogOnce extends BrokerLog {
  /** Writes what has been counted since the last minute. */
  flush(): void
  close(): void
}

interface Cause {
  level: 'warn' | 'error'
  details: object
  event: string
  repeated: number
}

export function logOncePerCause(log: BrokerLog, intervalMs = everyMs): LogOnce {
  const causes = new Map<string, Cause>()
  const write = (level: 'warn' | 'error') => (details: object, event: string) => {
    const key = keyOf(details, event)
    if (key === undefined) return log[level](details, event)
    const known = causes.get(key)
    if (known) {
      known.repeated += 1
      known.details = details
      return
    }
    if (causes.size < mostCauses) causes.set(key, { level, details, event, repeated: 0 })
    log[level](details, event)
  }
  const flush = () => {
    for (const [key, cause] of causes) {
      const { level, details, event, repeated } = cause
      // Nothing for a whole interval: the next one is news again.
      if (repeated === 0) causes.delete(key)
      else log[level]({ ...details, repeated }, event)
      cause.repeated = 0
    }
  }
  const timer = setInterval(flush, intervalMs).unref()
  return {
    info: (details, event) => log.info(details, event),
    warn: write('warn'),
    error: write('error'),
    flush,
    close() {
      clearInterval(timer)
      flush()
    },
  }
}

function keyOf(details: { error?: unknown; fault?: unknown }, event: string): string | undefined {
  const cause = details.error ?? details.fault
  if (cause === undefined) return undefined
  return `${event}\n${cause instanceof Error ? cause.message : cause}`
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '#')
    .replaceAll(/\d+/g, '#')
}
