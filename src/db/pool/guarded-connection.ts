/**
 * One connection to PostgreSQL that is sound or gone, and never in between.
 *
 * Every query sent on it is known here until it settles. When the socket ends, when the server says nothing for too long,
 * or when somebody destroys it, all of them are rejected at once with `CONNECTION_CLOSED`, and whatever is sent later is
 * rejected, too. It never connects again.
 */
import { ConnectionSocket } from './connection-socket.ts'
import {
  connectionError,
  type DriverOptions,
  type DriverQuery,
  openOnSocket,
  routeQueries,
  type Sql,
} from './driver.ts'

export interface ConnectionOptions {
  /** How long a server may take to let us in. */
  connectTimeoutMs: number
  /** How long the server may say nothing while it is asked something. */
  silenceMs: number
  onNotify?: (channel: string, payload: string) => void
  /** Called once, when a connection that was open is gone. */
  onLost: () => void
}

export class GuardedConnection {
  /** Queries on this connection, in the order in which they are sent. */
  readonly sql: Sql
  readonly openedAt = performance.now()
  readonly #socket: ConnectionSocket
  readonly #send: DriverQuery['handler']
  readonly #outstanding = new Set<DriverQuery>()
  readonly #options: ConnectionOptions
  #onLost: (() => void) | undefined
  #silenceMs: number
  #bytesRead = 0
  /** When the server last answered, or was asked after it owed nothing. */
  #heardAt = performance.now()
  #lost: Error | undefined

  private constructor(
    template: DriverOptions,
    at: { host: string; port: number },
    options: ConnectionOptions,
  ) {
    this.#options = options
    this.#silenceMs = options.connectTimeoutMs
    this.#socket = new ConnectionSocket(at.host, (error) =>
      this.#lose(error ?? connectionError('CONNECTION_CLOSED', 'the connection to PostgreSQL is lost')),
    )
    const driver = openOnSocket(template, at, this.#socket, options.onNotify)
    this.#send = (driver`` as unknown as DriverQuery).handler
    this.sql = routeQueries(driver, (query) => this.execute(query))
    if (template.path) this.#socket.connect(template.path)
    else this.#socket.connect(at.port, at.host)
  }

  /** Tries the hosts of the URL in their order; throws what the last of them said. */
  static async open(template: DriverOptions, options: ConnectionOptions): Promise<GuardedConnection> {
    let failure: unknown
    for (const [index, host] of template.host.entries()) {
      const port = template.port[index] ?? template.port[0] ?? 5432
      const connection = new GuardedConnection(template, { host, port }, options)
      const watch = setInterval(() => connection.checkSilence(), options.connectTimeoutMs / 4)
      try {
        await connection.sql.unsafe('select 1')
        connection.#silenceMs = options.silenceMs
        connection.#onLost = options.onLost
        return connection
      } catch (error) {
        connection.destroy('it was not opened')
        failure = error
      } finally {
        clearInterval(watch)
      }
    }
    throw failure
  }

  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /** No query waits for an answer. */
  get isQuiet(): boolean {
    return this.#outstanding.size === 0
  }

  get heardAt(): number {
    return this.#heardAt
  }

  /** Other statements may take longer: until `release` of the pool. */
  allowSilence(silenceMs: number): void {
    this.#silenceMs = silenceMs
  }

  resetSilence(): void {
    this.#silenceMs = this.#options.silenceMs
  }

  /** Sends a query of this connection's driver, or of the pool's template. */
  execute(query: DriverQuery, onSettled?: () => void): void {
    if (this.#lost) {
      query.reject(this.#lost)
      return
    }
    // It would stay under way for as long as its reader takes.
    if (query.cursorRows !== undefined) {
      query.reject(new Error('cursors of the driver are not offered: use streamBatches'))
      onSettled?.()
      return
    }
    if (this.isQuiet) this.#hear()
    this.#outstanding.add(query)
    const { resolve, reject } = query
    const settle = () => {
      this.#hear()
      if (this.#outstanding.delete(query)) onSettled?.()
    }
    query.resolve = (value) => {
      resolve(value)
      settle()
    }
    query.reject = (error) => {
      reject(error)
      settle()
    }
    this.#send(query)
  }

  /** Ends the connection where the server owes an answer for too long. */
  checkSilence(): void {
    if (this.isQuiet) return
    // Half of a large answer is no silence.
    if (this.#socket.bytesRead !== this.#bytesRead) this.#hear()
    const silentMs = performance.now() - this.#heardAt
    if (silentMs > this.#silenceMs) this.destroy(`PostgreSQL said nothing for ${Math.round(silentMs)} ms`)
  }

  /** At once; what was sent and not answered is in doubt. */
  destroy(reason: string): void {
    this.#lose(connectionError('CONNECTION_DESTROYED', reason))
    this.#socket.destroy()
  }

  /** Says goodbye first. For a connection that nobody uses. */
  end(): void {
    this.#onLost = undefined
    this.#lost ??= connectionError('CONNECTION_ENDED', 'the connection to PostgreSQL is closed')
    // The message Terminate: 'X' and its own length.
    this.#socket.end(Buffer.from([0x58, 0, 0, 0, 4]))
    setTimeout(() => this.#socket.destroy(), 1000).unref()
  }

  #hear(): void {
    this.#heardAt = performance.now()
    this.#bytesRead = this.#socket.bytesRead
  }

  #lose(error: Error): void {
    if (this.#lost) return
    this.#lost = error
    for (const query of [...this.#outstanding]) query.reject(error)
    this.#onLost?.()
  }
}
