/**
 * What a service has opened, closed in reverse order within a time that holds whatever does not answer.
 *
 * A server that does not answer must not keep us from closing the rest: a part that is late is named and left.
 * Embedded servers are closed last and have time of their own, since they would outlive the process.
 */
import type { Log } from '../logging/log.ts'
import { withinTime } from '../within-time.ts'

type Close = (timeoutMs: number) => Promise<unknown>

/** Notes how a part is closed. */
export type Opened = OpenParts['add']

interface OpenPart {
  name: string
  close: Close
  maxMs: number
  isServer: boolean
}

const usualMs = 5000
/** Even when all time is used up: what answers at once is closed in order. */
const minMs = 200
const maxForServersMs = 3000

export class OpenParts {
  readonly #parts: OpenPart[] = []
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  /** `close` is told how long it may take. */
  add(name: string, close: Close, { maxMs = usualMs, isServer = false } = {}): void {
    this.#parts.push({ name, close, maxMs, isServer })
  }

  async closeAll(timeoutMs: number): Promise<void> {
    const until = Date.now() + timeoutMs
    const hasServers = this.#parts.some(({ isServer }) => isServer)
    const forServersMs = hasServers ? Math.min(maxForServersMs, timeoutMs / 3) : 0
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      const left = until - Date.now()
      const max = part.isServer ? left : Math.min(part.maxMs, left - forServersMs)
      await this.#close(part, Math.max(minMs, max))
    }
  }

  async #close({ name, close }: OpenPart, timeoutMs: number): Promise<void> {
    const closed = close(timeoutMs).catch((error: unknown) =>
      this.#log.error({ event: 'close_failed', part: name, error }, 'left as it is'),
    )
    await withinTime(closed, timeoutMs, () =>
      this.#log.warn({ event: 'close_late', part: name, timeoutMs }, 'left as it is'),
    )
  }
}
