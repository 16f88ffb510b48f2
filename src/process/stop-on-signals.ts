/**
 * From a signal to the end of the process: stopped in order, with 0, or after `maxMs` as it is, with 1.
 *
 * One signal often comes twice: a terminal's Ctrl-C, `timeout` and systemd send it to the whole group of processes, and npm
 * sends it on to its child. Whoever sends another one later has lost patience: the process ends at once.
 */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const
const sameMs = 2000

export type StopSignal = (typeof signals)[number]

/** `onFault`: it is not stopped in order; the process ends with 1 behind it. */
export function stopOnSignals({
  maxMs,
  stop,
  onFault,
}: {
  maxMs: number
  stop: (signal: StopSignal) => Promise<unknown>
  onFault: (error: unknown) => void
}): void {
  let firstAt: number | undefined
  const end = (error: unknown) => {
    onFault(error)
    process.exit(1)
  }
  const onSignal = (signal: StopSignal) => {
    if (firstAt === undefined) {
      firstAt = performance.now()
      setTimeout(() => end(new Error(`not over after ${maxMs} ms`)), maxMs)
      stop(signal).then(() => process.exit(0), end)
    } else if (performance.now() - firstAt > sameMs) end(new Error(`another ${signal}`))
  }
  for (const signal of signals) process.on(signal, onSignal)
}
