/**
 * Which engines tell that their legs still stand? Only of those does silence mean that a leg is gone.
 *
 * Gathered from heartbeats in memory and written each second; a sign lost with the process comes again with
 * the next one.
 */

import { type Heartbeat, recordHeartbeats } from '../../db/calls/engines.ts'
import type { Sql } from '../../db/connection.ts'

/** An engine is written at most this often. */
const freshMs = 30_000

export class EngineHeartbeats {
  readonly #written = new Map<string, number>()
  readonly #waiting = new Map<string, Heartbeat>()

  note(sign: Heartbeat): void {
    const key = `${sign.brandId} ${sign.engine}`
    if (sign.heartbeatAt - (this.#written.get(key) ?? 0) >= freshMs) this.#waiting.set(key, sign)
  }

  /** Answers 0: what comes meanwhile waits for the next run. What could not be written is kept. */
  async flush(sql: Sql): Promise<number> {
    const signs = [...this.#waiting]
    if (signs.length === 0) return 0
    await recordHeartbeats(
      sql,
      signs.map(([, sign]) => sign),
    )
    for (const [key, sign] of signs) {
      this.#written.set(key, sign.heartbeatAt)
      this.#waiting.delete(key)
    }
    return 0
  }
}
