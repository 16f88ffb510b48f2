/**
 * One connection to PostgreSQL that is sound or gone, and never in between.
 *
 * Every query sent on it is known here until it settles. When the socket ends, when the server says nothing for too long,
 * or when somebody destroys it, all of them are rejected at once with `CONNECTION_CLOSED`, and whatever is sent later is
 * rejected, too. It never connects again.
 */
import type { WantedServer } from '../../database-url.ts'
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

  /**
   * Asks all hosts of the URL at once, so that one that is silent holds up nobody, and takes the first that is what the URL
   * wants. Of several that is one that can be written to, where it says nothing.
   */
  static async open(template: DriverOptions, options: ConnectionOptions): Promise<GuardedConnection> {
    const wanted = template.target_session_attrs ?? (template.host.length > 1 ? 'read-write' : undefined)
    if (wanted !== 'prefer-standby') return GuardedConnection.#openFirst(template, options, wanted)
    return GuardedConnection.#openFirst(template, options, 'standby').catch(() =>
      GuardedConnection.#openFirst(template, options, undefined),
    )
  }

  static async #openFirst(
    template: DriverOptions,
    options: ConnectionOptions,
    wanted: WantedServer | undefined,
  ): Promise<GuardedConnection> {
    const attempts = template.host.map((host, index) => {
      const port = template.port[index] ?? template.port[0] ?? 5432
      return GuardedConnection.#openOn({ host, port }, template, options, wanted)
    })
    const first = await Promise.any(attempts).catch(({ errors }: AggregateError) => {
      throw chooseFailure(errors)
    })
    for (const attempt of attempts) {
      attempt.then(
        (other) => other !== first && other.end(),
        () => {},
      )
    }
    first.#onLost = options.onLost
    return first
  }

  static async #openOn(
    at: { host: string; port: number },
    template: DriverOptions,
    options: ConnectionOptions,
    wanted: WantedServer | undefined,
  ): Promise<GuardedConnection> {
    const connection = new GuardedConnection(template, at, options)
    const watch = setInterval(() => connection.checkSilence(), options.connectTimeoutMs / 4)
    try {
      if (wanted === undefined) await connection.sql.unsafe('select 1')
      else await refuseOthers(connection.sql, at, wanted)
      connection.#silenceMs = options.silenceMs
      return connection
    } catch (error) {
      connection.destroy('it was not opened')
      throw error
    } finally {
      clearInterval(watch)
    }
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

/** Throws where this server is not one that the URL wants. */
async function refuseOthers(
  sql: Sql,
  { host, port }: { host: string; port: number },
  wanted: WantedServer,
): Promise<void> {
  const [row] = await sql.unsafe(
    "select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as readonly",
  )
  const is = { standby: row?.standby === true, readOnly: row?.readonly === true }
  const isWanted = {
    'read-write': !is.readOnly,
    'read-only': is.readOnly,
    primary: !is.standby,
    standby: is.standby,
    'prefer-standby': true,
  }[wanted]
  if (isWanted) return
  const found = is.standby ? 'a standby' : is.readOnly ? 'read-only' : 'a primary'
  throw connectionError(unsuitable, `PostgreSQL at ${host}:${port} is ${found}, wanted is ${wanted}`)
}

const unsuitable = 'CONNECTION_UNSUITABLE'

/** Of what several hosts have said: a refusal that is for people, else that it is the wrong server, else the first. */
function chooseFailure(errors: readonly unknown[]): unknown {
  const readCode = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')
  const refusal = errors.find((error) => /^(28|3D|42)/.test(readCode(error)))
  return refusal ?? errors.find((error) => readCode(error) === unsuitable) ?? errors[0]
}
