/**
 * Waits for a condition with a deadline: no test sleeps.
 */
import { setTimeout as wait } from 'node:timers/promises'

/** Asks often until the answer is neither nothing nor false; fails with the condition's name after the deadline. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  timeoutMs = 20_000,
): Promise<Found> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`)
    await wait(5)
  }
}
