/**
 * What a service has opened, closed in reverse order within a time that holds whatever is silent.
 *
 * A server that does not answer must not keep us from giving back the rest: a door that is late is named and left.
 * Servers of our own are closed last and have time of their own, since they would outlive us.
 */

type Close = (withinMs: number) => Promise<unknown>

interface Door {
  name: string
  close: Close
  atMostMs: number
  isServer: boolean
}

export interface DoorLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const usualMs = 5000
/** Even when all time is used up: what answers at once is closed in order. */
const leastMs = 200
const mostForServersMs = 3000

export class Doors {
  readonly #doors: Door[] = []
  readonly #log: DoorLog

  constructor(log: DoorLog) {
    this.#log = log
  }

  /** `close` is told how long it may take. */
  add(name: string, close: Close, { atMostMs = usualMs, isServer = false } = {}): void {
    this.#doors.push({ name, close, atMostMs, isServer })
  }

  async closeAll(patienceMs: number): Promise<void> {
    const until = Date.now() + patienceMs
    const hasServers = this.#doors.some(({ isServer }) => isServer)
    const forServersMs = hasServers ? Math.min(mostForServersMs, patienceMs / 3) : 0
    for (let door = this.#doors.pop(); door; door = this.#doors.pop()) {
      const left = until - Date.now()
      const most = door.isServer ? left : Math.min(door.atMostMs, left - forServersMs)
      await this.#close(door, Math.max(leastMs, most))
    }
  }

  async #close({ name, close }: Door, withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#log.warn({ event: 'close_late', door: name, withinMs }, 'left as it is')
        resolve()
      }, withinMs)
    })
    const closed = close(withinMs).catch((error: unknown) =>
      this.#log.error({ event: 'close_failed', door: name, error }, 'left as it is'),
    )
    await Promise.race([closed, late])
    clearTimeout(timer)
  }
}
