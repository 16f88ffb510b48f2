/**
 * Runs a story again and again until stopped: a singleton's tick that is harmless on every replica.
 */
import type { Log } from './log.ts'

export interface Repeated {
  stop(): Promise<void>
}

/** `work` answers how much it did; as long as that is not nothing it runs again at once. A failure is logged. */
export function repeat(name: string, everyMs: number, log: Log, work: () => Promise<number>): Repeated {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let running: Promise<void> = Promise.resolve()
  const tick = async () => {
    try {
      while (!isStopped && (await work()) > 0);
    } catch (error) {
      log.warn({ event: 'tick_failed', tick: name, error }, 'will be tried again')
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
