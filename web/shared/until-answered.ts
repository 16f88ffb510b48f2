/**
 * Asks a service that starts, or is away, until it answers; pages show meanwhile that somebody waits.
 */
import { useEffect, useState } from 'preact/hooks'

const againMs = 1000
let waiting = 0
const listeners = new Set<(isWaiting: boolean) => void>()

/** For what may be asked more than once. An `ask` that was aborted rejects. */
export async function untilAnswered(ask: () => Promise<Response>): Promise<Response> {
  let isCounted = false
  try {
    for (;;) {
      const response = await ask().catch((error: unknown) => {
        // What fetch throws where nobody answers.
        if (!(error instanceof TypeError)) throw error
      })
      if (response && response.status !== 503) return response
      if (!isCounted) {
        isCounted = true
        count(1)
      }
      await new Promise((resolve) => setTimeout(resolve, againMs))
    }
  } finally {
    if (isCounted) count(-1)
  }
}

/** Whether somebody waits for an answer just now. */
export function useIsWaiting(): boolean {
  const [state, setState] = useState(waiting > 0)
  useEffect(() => {
    setState(waiting > 0)
    listeners.add(setState)
    return () => {
      listeners.delete(setState)
    }
  }, [])
  return state
}

function count(more: 1 | -1): void {
  waiting += more
  for (const listener of listeners) listener(waiting > 0)
}
