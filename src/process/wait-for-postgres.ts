/**
 * A replica that starts while PostgreSQL is away waits for it and says so, instead of ending; the same where it goes away
 * before the start is over.
 *
 * Away is what may come back by itself: nobody listens, no route, a server that starts, stops or has no connection
 * left. A wrong password or a database that does not exist is for people, and ends the start.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { openWaitingServer, type WaitingServer } from '../api/waiting-server.ts'
import { isInfrastructureFailure } from '../db/failures.ts'
import { migrate } from '../db/migrate.ts'
import { describeFailure } from '../logging/describe-failure.ts'
import type { Log } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import { errorCode } from './start-failure.ts'

const everyMs = 1000

export interface WaitContext {
  databaseUrl: string
  /** Where health is answered meanwhile. */
  address: { host: string; port: number }
  log: Log
  /** Aborted when the service is told to stop. */
  stopped: AbortSignal
}

/** Migrates; answers what stands on the address meanwhile, where there was need of it. It closes itself on failure. */
export async function migrateWhenThere(context: WaitContext): Promise<WaitingServer | undefined> {
  const { databaseUrl, address } = context
  let server: WaitingServer | undefined
  let missing: Record<string, string> = {}
  const onAway = async (error: unknown) => {
    missing = { postgres: `not reachable: ${error instanceof Error ? describeFailure(error) : error}` }
    server ??= await openWaitingServer(address, () => missing)
  }
  try {
    await whenPostgresIsThere(context, () => migrate(databaseUrl), onAway)
  } catch (error) {
    await server?.close()
    throw error
  }
  missing = { postgres: 'ok', service: 'starting' }
  return server
}

/** A step of the start: begun again while PostgreSQL is away. */
export async function whenPostgresIsThere<Result>(
  { log, stopped }: Pick<WaitContext, 'log' | 'stopped'>,
  step: () => Promise<Result>,
  onAway: (error: unknown) => Promise<void> = async () => {},
): Promise<Result> {
  const away = logOnce(log, 'waiting_for_postgres', { message: 'PostgreSQL is away: waiting for it' })
  for (;;) {
    try {
      const result = await step()
      away.over()
      return result
    } catch (error) {
      if (!isAway(error) || stopped.aborted) throw error
      away.failed(error)
      await onAway(error)
    }
    await pause(everyMs, undefined, { signal: stopped }).catch(() => {})
  }
}

const moreCodes = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'ECONNABORTED'])

function isAway(error: unknown): boolean {
  const code = errorCode(error)
  // How pgbouncer says that there is no such database, user or password.
  if (code === '08P01') return false
  return moreCodes.has(code) || isInfrastructureFailure(error)
}
