/**
 * A number of connections to PostgreSQL, lent one at a time. A connection in doubt is closed instead of lent again, and
 * a new one is opened when somebody next needs it.
 *
 * Nobody waits for ever: not for a connection (`waitMs`), not for a server that lets nobody in (`connectTimeoutMs`), not
 * for one that does not answer (`silenceMs`).
 */
import { withinTime } from '../../within-time.ts'
import { connectionError, type DriverOptions } from './driver.ts'
import { GuardedConnection } from './guarded-connection.ts'

export interface PoolOptions {
  connections: number
  connectTimeoutMs: number
  silenceMs: number
  /** How long to wait for a connection while all are lent. */
  waitMs: number
}

interface Waiting {
  resolve(connection: GuardedConnection): void
  reject(error: unknown): void
  timer: NodeJS.Timeout
}

const checkMs = 250
/** A connection is replaced at this age, so that no server process grows for ever. Each pool's are not of one age. */
const maxAgeMs = 45 * 60_000

export class ConnectionPool {
  readonly #template: DriverOptions
  readonly #options: PoolOptions
  readonly #idle: GuardedConnection[] = []
  readonly #open = new Set<GuardedConnection>()
  readonly #waiting: Waiting[] = []
  readonly #check: NodeJS.Timeout
  #opening = 0
  #checkedAt = performance.now()
  #isEnded = false
  #whenEmpty: (() => void) | undefined

  constructor(template: DriverOptions, options: PoolOptions) {
    this.#template = template
    this.#options = options
    this.#check = setInterval(() => this.#checkSilence(), checkMs)
    this.#check.unref()
  }

  /** How many wait for a connection. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** An idle connection, if there is one. */
  take(): GuardedConnection | undefined {
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (!connection.isLost) return connection
    }
    return undefined
  }

  /** Rejects with a code that `isInfrastructureFailure` knows. */
  async acquire(): Promise<GuardedConnection> {
    if (this.#isEnded) throw connectionError('CONNECTION_ENDED', 'the connections to PostgreSQL are closed')
    const idle = this.take()
    if (idle) return idle
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        resolve,
        reject,
        timer: setTimeout(() => {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
          reject(
            connectionError(
              'CONNECTION_WAIT_TIMEOUT',
              `no connection to PostgreSQL was free within ${this.#options.waitMs} ms`,
            ),
          )
        }, this.#options.waitMs),
      }
      this.#waiting.push(waiting)
      this.#serve()
    })
  }

  /** Gives a connection back that nothing is open on. */
  release(connection: GuardedConnection): void {
    if (!connection.isLost && !connection.isQuiet) connection.destroy('it was given back while it was in use')
    if (!connection.isLost) {
      connection.resetSilence()
      if (this.#isEnded || performance.now() - connection.openedAt > maxAgeMs) this.#retire(connection)
      else {
        const next = this.#waiting.shift()
        if (next) {
          clearTimeout(next.timer)
          next.resolve(connection)
        } else this.#idle.push(connection)
        return
      }
    }
    this.#serve()
  }

  /** Rejects who waits, lets who works finish for `timeoutMs`, then closes. */
  async end(timeoutMs: number): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer)
      reject(connectionError('CONNECTION_ENDED', 'the connections to PostgreSQL are closed'))
    }
    for (const connection of this.#idle.splice(0)) this.#retire(connection)
    if (this.#open.size > 0 || this.#opening > 0) {
      const empty = new Promise<void>((resolve) => (this.#whenEmpty = resolve))
      await withinTime(empty, timeoutMs, () => {})
    }
    clearInterval(this.#check)
    for (const connection of [...this.#open]) connection.destroy('the service closes')
  }

  /** Opens connections for who waits, as far as there may be more. */
  #serve(): void {
    const { connections } = this.#options
    while (
      this.#waiting.length > this.#opening &&
      this.#open.size + this.#opening < connections &&
      !this.#isEnded
    ) {
      this.#opening += 1
      void this.#openOne()
    }
  }

  async #openOne(): Promise<void> {
    let opened: GuardedConnection | undefined
    try {
      const connection: GuardedConnection = await GuardedConnection.open(this.#template, {
        ...this.#options,
        onLost: () => this.#forget(connection),
      })
      opened = connection
      this.#opening -= 1
      this.#open.add(connection)
    } catch (error) {
      this.#opening -= 1
      const next = this.#waiting.shift()
      if (next) {
        clearTimeout(next.timer)
        next.reject(error)
      }
      this.#serve()
    }
    if (opened) this.release(opened)
    this.#tellEmpty()
  }

  #retire(connection: GuardedConnection): void {
    this.#forget(connection)
    connection.end()
  }

  #forget(connection: GuardedConnection): void {
    this.#open.delete(connection)
    const index = this.#idle.indexOf(connection)
    if (index >= 0) this.#idle.splice(index, 1)
    this.#serve()
    this.#tellEmpty()
  }

  #tellEmpty(): void {
    if (this.#open.size === 0 && this.#opening === 0) this.#whenEmpty?.()
  }

  #checkSilence(): void {
    const now = performance.now()
    // Where this process has stood still itself, answers may wait to be read.
    const stoodStill = now - this.#checkedAt > 4 * checkMs
    this.#checkedAt = now
    if (stoodStill) return
    for (const connection of [...this.#open]) {
      const { heardAt } = connection
      connection.checkSilence()
      // What fell silent with it is in doubt, too: nobody should find that out one by one.
      if (connection.isLost) this.#endIdleSince(heardAt)
    }
  }

  #endIdleSince(heardAt: number): void {
    for (const idle of [...this.#idle]) {
      if (idle.heardAt <= heardAt) idle.destroy('another connection has fallen silent')
    }
  }
}
