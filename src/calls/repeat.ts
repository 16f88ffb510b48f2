/**
 * Runs a use case again and again until stopped: a singleton's tick that is harmless on every replica.
 */
import { logOnce } from '../log-once.ts'
import type { Log } from './log.ts'

export interface Repeated {
  stop(): Promise<void>
}

/** `work` answers how much it did; as long as that is not nothing it runs again at once. */
export function repeat(name: string, everyMs: number, log: Log, work: () => Promise<number>): Repeated {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let running: Promise<void> = Promise.resolve()
  const failures = logOnce(log, 'tick_failed', {
    message: 'will be tried again',
    quietMs: Math.max(60_000, 2 * everyMs),
  })
  const tick = async () => {
    try {
      while (!isStopped && (await work()) > 0);
      failures.over()
    } catch (error) {
      failures.failed(error, { tick: name })
    }
    if (!isStopped) timer = setTimeout(run, everyMs)
  }
  const run = () => {
    running = tick()
  }
  run()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
