/**
 * Errors that a loop repeats, each cause logged once with a count: the first at once, then a line every 30 s while it
 * goes on, and one when it is over.
 *
 * A cause is the failure at the root: its code and its words without numbers and ids. It is over when the work succeeds
 * (`over`) or when it has not come for a while.
 */
import { errorMessage } from '../errors.ts'
import type { Log } from './log.ts'

export interface LogOnceOptions {
  level?: 'warn' | 'error'
  /** For people; the event's name where it is left out. */
  message?: string
  /** Between two lines of one cause. */
  everyMs?: number
  /** A cause that has not come for so long is over; longer than the pause between two tries. */
  quietMs?: number
  clock?: () => number
}

export interface RepeatedErrors {
  failed(error: unknown, details?: object): void
  /** The work succeeds: one line for each cause that was told. Cheap where there is none. */
  over(): void
}

interface Cause {
  count: number
  firstAt: number
  lastAt: number
  toldAt: number
  /** What its first line named: the last line names it again. */
  details: object
}

/** Causes told apart by an event; what comes beyond them counts as one. */
const maxCauses = 20

/** `event` in snake_case; the line that says that it is over is named `<event>_over`. */
export function logOnce(log: Log, event: string, options: LogOnceOptions = {}): RepeatedErrors {
  const { level = 'warn', message = event, everyMs = 30_000, clock = Date.now } = options
  const quietMs = options.quietMs ?? 2 * everyMs
  const causes = new Map<string, Cause>()
  let quiet: NodeJS.Timeout | undefined

  function logRepeats(name: string, cause: Cause): void {
    causes.delete(name)
    const { count, firstAt, lastAt, details } = cause
    const seconds = Math.round((lastAt - firstAt) / 1000)
    log.info({ event: `${event}_over`, ...details, cause: name, count, seconds }, `${message}: over`)
  }

  function watchForQuiet(): void {
    quiet ??= setTimeout(() => {
      quiet = undefined
      const before = clock() - quietMs
      for (const [name, cause] of causes) if (cause.lastAt <= before) logRepeats(name, cause)
      if (causes.size > 0) watchForQuiet()
    }, quietMs).unref()
  }

  return {
    failed(error, details = {}) {
      const now = clock()
      let name = nameCause(error)
      if (!causes.has(name) && causes.size >= maxCauses) name = 'others'
      const known = causes.get(name)
      const cause = known ?? { count: 0, firstAt: now, lastAt: now, toldAt: now, details }
      cause.count += 1
      cause.lastAt = now
      if (known && now - known.toldAt < everyMs) return
      cause.toldAt = now
      causes.set(name, cause)
      log[level]({ event, ...details, error, count: cause.count }, message)
      watchForQuiet()
    },
    over() {
      if (causes.size === 0) return
      for (const [name, cause] of causes) logRepeats(name, cause)
      clearTimeout(quiet)
      quiet = undefined
    },
  }
}

/** The same for all repetitions of one cause. */
function nameCause(error: unknown): string {
  let root = error
  for (let depth = 0; depth < 10 && root instanceof Error && root.cause instanceof Error; depth++)
    root = root.cause
  const words = errorMessage(root)
  const code = root instanceof Error && 'code' in root ? `${String(root.code)} ` : ''
  const plain = words.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '#').replace(/\d+/g, '#')
  return `${code}${plain}`.slice(0, 200)
}
