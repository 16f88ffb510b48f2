/**
 * The interface of postgres.js on the service's own pool: single queries, `begin`, and `reserve`.
 *
 * A single query takes a connection for as long as it runs. `begin` commits what its work has written, or rolls it
 * back. A transaction whose end is not known costs the connection: it is closed, and nobody gets it next.
 */
import type postgres from 'postgres'
import { ConnectionPool, type PoolOptions } from './connection-pool.ts'
import { type DriverQuery, driverOptions, openTemplate, routeQueries, type Sql } from './driver.ts'
import type { GuardedConnection } from './guarded-connection.ts'
import { listen } from './listen.ts'

/** A connection for one user alone, until it gives it back. */
export interface Reserved extends postgres.ReservedSql {
  /** Gives back a connection that no transaction is open on. */
  release(): void
  /** Closes a connection whose state is not known. */
  destroy(reason: string): void
  /** For statements that may take longer than most, until it is given back. */
  allowSilence(silenceMs: number): void
  /** Why the transaction is void: what comes after the first failure is told only that it is. */
  explain(error: unknown): unknown
}

export function openPooledSql(
  url: string,
  options: postgres.Options<Record<string, never>>,
  poolOptions: PoolOptions,
): Sql {
  const template = openTemplate(url, options)
  const pool = new ConnectionPool(driverOptions(template), poolOptions)
  const sql = routeQueries(template, (query) => runAlone(pool, query))
  return Object.assign(sql, {
    reserve: async () => lend(pool, await pool.acquire()),
    begin: begin.bind(null, pool),
    end: ({ timeout = 5 }: { timeout?: number } = {}) => pool.end(timeout * 1000),
    close: () => pool.end(0),
    listen: listen.bind(null, driverOptions(template), poolOptions),
    countWaiting: () => pool.waiting,
  }) as unknown as Sql
}

/** The connections of a pool that `openPooledSql` has opened. */
export function reserve(sql: Sql): Promise<Reserved> {
  return sql.reserve() as Promise<Reserved>
}

/** How many wait for a connection of such a pool. */
export function countWaiting(sql: Sql): number {
  return (sql as Sql & { countWaiting(): number }).countWaiting()
}

function runAlone(pool: ConnectionPool, query: DriverQuery): void {
  const runOn = (connection: GuardedConnection) => connection.execute(query, () => pool.release(connection))
  const idle = pool.take()
  if (idle) runOn(idle)
  else pool.acquire().then(runOn, (error) => query.reject(error))
}

function lend(pool: ConnectionPool, connection: GuardedConnection): Reserved {
  let isReturned = false
  let failure: { error: unknown } | undefined
  const sql = routeQueries(connection.sql, (query, send) => {
    // Who sent it may have failed on another one and wait for it no more.
    query.catch((error) => {
      failure ??= { error }
    })
    if (isReturned) query.reject(new Error('a query was sent on a connection that was given back'))
    else send(query)
  })
  return Object.assign(sql, {
    release() {
      if (isReturned) return
      isReturned = true
      pool.release(connection)
    },
    destroy(reason: string) {
      if (isReturned) return
      isReturned = true
      connection.destroy(reason)
    },
    allowSilence: (silenceMs: number) => connection.allowSilence(silenceMs),
    explain: (error: unknown) => (failure && hasCode(error, inFailedTransaction) ? failure.error : error),
  }) as unknown as Reserved
}

type Work = (tx: Sql) => unknown

async function begin(pool: ConnectionPool, ...given: [Work] | [string, Work]): Promise<unknown> {
  const [mode, work] = given.length === 1 ? ['', given[0]] : given
  const connection = lend(pool, await pool.acquire())
  let isOver = false
  let failure: { error: unknown } | undefined
  const tx = routeQueries(connection, (query, send) => {
    query.catch((error) => {
      failure ??= { error }
    })
    send(query)
  })
  const withSavepoint = Object.assign(tx, { savepoint: () => refuseSavepoints() })
  try {
    await connection.unsafe(`begin ${mode.replace(/[^a-z ]/gi, '')}`)
    const result = await work(withSavepoint)
    // The transaction is void then, whether the work has looked at it or not.
    if (failure) throw failure.error
    await connection`commit`
    isOver = true
    return result
  } catch (error) {
    // What comes after the first failure is told only that the transaction is void.
    throw failure && hasCode(error, inFailedTransaction) ? failure.error : error
  } finally {
    if (!isOver) isOver = await isRolledBack(connection)
    if (isOver) connection.release()
    else connection.destroy('a transaction had no known end')
  }
}

const inFailedTransaction = '25P02'

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Nothing here nests transactions: a use case has one. */
function refuseSavepoints(): never {
  throw new Error('transactions do not nest')
}

export async function isRolledBack(connection: Sql): Promise<boolean> {
  return connection`rollback`.then(
    () => true,
    () => false,
  )
}
