/**
 * Runs work again and again until closed. On every replica: what two of them may not do both is claimed by the work.
 */
import type { Log } from './logging/log.ts'
import { logOnce } from './logging/log-once.ts'

export interface Repeated {
  /** There is new work: runs at once, or again as soon as this run is over. The pause after a failure is kept. */
  wake(): void
  /** Resolves when the run under way is over. */
  close(): Promise<void>
}

export interface RepeatOptions {
  log: Log
  everyMs: number
  /** Pause after a failure, doubled with each in a row; `everyMs` where it is left out. */
  retryMs?: { first: number; max: number }
  /** Logged where the work fails, with the name as `tick`. */
  event?: string
}

/** `work` answers how much it did: where that is not nothing it runs again at once. */
export function repeat(name: string, options: RepeatOptions, work: () => Promise<number>): Repeated {
  const { log, everyMs, event = 'tick_failed' } = options
  const { first, max } = options.retryMs ?? { first: everyMs, max: everyMs }
  const failures = logOnce(log, event, {
    message: 'will be tried again',
    quietMs: Math.max(60_000, 2 * everyMs),
  })
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let isRunning = false
  let isWoken = false
  let failuresInARow = 0
  let running: Promise<void> = Promise.resolve()

  async function tick(): Promise<void> {
    isRunning = true
    try {
      do isWoken = false
      while ((await work()) > 0 && !isClosed)
      failuresInARow = 0
      failures.over()
    } catch (error) {
      failuresInARow += 1
      failures.failed(error, { tick: name })
    }
    isRunning = false
    if (!isClosed) timer = setTimeout(run, pauseMs())
  }

  function pauseMs(): number {
    if (failuresInARow > 0) return Math.min(max, first * 2 ** Math.min(failuresInARow - 1, 20))
    return isWoken ? 0 : everyMs
  }

  function run(): void {
    clearTimeout(timer)
    running = tick()
  }

  run()
  return {
    wake() {
      isWoken = true
      if (!isRunning && !isClosed && failuresInARow === 0) run()
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await running
    },
  }
}
