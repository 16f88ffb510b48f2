/**
 * Waits for a condition with a deadline: no test sleeps.
 */
import { setTimeout as wait } from 'node:timers/promises'

/** Asks again and again until the answer is something; fails after ten seconds. */
export async function until<Found>(
  look: () => Promise<Found | undefined> | Found | undefined,
  timeoutMs = 10_000,
): Promise<Found> {
  const deadline = Date.now() + timeoutMs
  let fault: unknown
  while (Date.now() < deadline) {
    try {
      const found = await look()
      if (found !== undefined && found !== false) return found
    } catch (error) {
      fault = error
    }
    await wait(20)
  }
  throw new Error(`what was waited for did not come within ${timeoutMs} ms`, { cause: fault })
}
