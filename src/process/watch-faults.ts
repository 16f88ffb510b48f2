/**
 * Errors that nobody caught: logged with their cause, and the end of the process only where its state is unknown.
 *
 * A connection that breaks where nobody waits for its answer has changed nothing that we hold: that is told and lived
 * through. Anything else is a fault of the code, after which nothing in memory can be relied on.
 */
import { isInfrastructureFailure } from '../db/failures.ts'
import { describeFailure } from '../logging/describe-failure.ts'
import type { Log, LogFields } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'

export interface FaultContext {
  log: Log & { fatal(fields: LogFields, message: string): void }
  close(timeoutMs: number): Promise<void>
}

/** From the fault to the end of the process. */
const endMs = 5000
const closeMs = 4500

export function watchFaults({ log, close }: FaultContext): void {
  const harmless = logOnce(log, 'uncaught_error', {
    level: 'error',
    message: 'nobody waited for it: going on',
  })
  let isEnding = false
  // Rejections that nobody handles arrive here, too.
  process.on('uncaughtException', (error: unknown, origin) => {
    if (!isEnding && isHarmless(error)) return harmless.failed(error, { origin })
    const words = error instanceof Error ? describeFailure(error, { withStack: true }) : String(error)
    log.fatal({ event: 'uncaught_error', origin, error: words }, 'the state is unknown: the process ends')
    if (isEnding) return
    isEnding = true
    setTimeout(() => process.exit(1), endMs)
    void close(closeMs).finally(() => process.exit(1))
  })
}

function isHarmless(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NatsError' || isInfrastructureFailure(error))
}
