/**
 * What Tollgate uses of postgres.js beyond its documented interface, in one place.
 *
 * The driver's own pool and reconnecting are not used: after a lost connection postgres.js 3.4.9 may throw outside of any
 * promise, or keep a query that never settles and a slot that never works again (porsager/postgres #1154, #1208). So
 * each physical connection is a driver of its own that is used for one socket and then dropped, and every query is
 * handed to it by `routeQueries`, which sees each one come and settle. `test/db/lost-connections.test.ts` holds the
 * version that is installed to all of this; see docs/decisions/0013.
 */
import type { Socket } from 'node:net'
import postgres from 'postgres'
import type { WantedServer } from '../../database-url.ts'
import { registerArrayTypes } from './array-types.ts'

export type Sql = postgres.Sql

/** A query of the driver: a promise that is executed when somebody waits for it, by its `handler`. */
export interface DriverQuery extends Promise<unknown> {
  handler: (query: DriverQuery) => void
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  /** Set where a cursor of the driver was asked for. */
  cursorRows?: number
}

/** Options as the driver has parsed them. Given to another driver they are shared: types, parsers, parameters. */
export type DriverOptions = postgres.ParsedOptions & {
  shared: { typeArrayMap: Record<number, number> }
  path: string | false
  target_session_attrs: WantedServer | undefined
}

/** A driver that never connects: it makes queries, and its options are those of all connections of a pool. */
export function openTemplate(url: string, options: postgres.Options<Record<string, never>>): Sql {
  // fetch_types asks the server for its types on each new connection, and what fails there rejects uncaught.
  const template = postgres(url, { ...options, fetch_types: false })
  registerArrayTypes(driverOptions(template))
  return template
}

export function driverOptions(template: Sql): DriverOptions {
  return template.options as unknown as DriverOptions
}

/** A driver for the one connection that `socket` is. What it is asked after that socket's end is refused. */
export function openOnSocket(
  options: DriverOptions,
  at: { host: string; port: number },
  socket: Socket,
  onNotify: ((channel: string, payload: string) => void) | undefined,
): Sql {
  let isTaken = false
  const own = {
    ...options,
    max: 1,
    host: [at.host],
    port: [at.port],
    // All of these are the pool's: a timer of the driver would outlive its socket.
    idle_timeout: null,
    max_lifetime: null,
    connect_timeout: null,
    // Asked by `GuardedConnection`: the driver would go on to a host that this one is not to know of.
    target_session_attrs: null,
    onnotify: onNotify,
    socket() {
      if (isTaken) throw connectionError('CONNECTION_CLOSED', 'the connection to PostgreSQL is lost')
      isTaken = true
      return socket
    },
  }
  return postgres(own as unknown as postgres.Options<Record<string, never>>)
}

/** The same interface as `driver`, whose queries go to `run` when they are to be executed. */
export function routeQueries(
  driver: Sql,
  run: (query: DriverQuery, send: DriverQuery['handler']) => void,
): Sql {
  const route = <Made>(made: Made): Made => {
    if (isQuery(made)) {
      const send = made.handler
      made.handler = (query) => run(query, send)
    }
    return made
  }
  const call = driver as unknown as (...given: unknown[]) => unknown
  const routed = (...given: unknown[]) => route(call(...given))
  const unsafe: Sql['unsafe'] = (query, parameters, options) =>
    route(driver.unsafe(query, parameters, options))
  return Object.assign(routed, driver, { unsafe }) as unknown as Sql
}

function isQuery(made: unknown): made is DriverQuery {
  return made instanceof Promise && 'handler' in made
}

/** In the form of the driver's own errors, which `db/failures.ts` knows by their codes. */
export function connectionError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
