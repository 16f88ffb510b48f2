/**
 * The pools of connections to PostgreSQL, each with the role and the limits of those who use it.
 */
import { closeDatabase, openDatabase } from '../db/connection.ts'
import type { Config } from '../process/config.ts'
import type { Opened } from '../process/open-parts.ts'

export type Pools = ReturnType<typeof openPools>

export function openPools(
  { databaseReadUrl }: Pick<Config, 'databaseReadUrl'>,
  databaseUrl: string,
  opened: Opened,
) {
  const worker = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 10 })
  opened('worker pool', () => closeDatabase(worker))
  const api = openDatabase(databaseUrl, { role: 'tollgate_api', connections: 10 })
  opened('api pool', () => closeDatabase(api))
  const downloads = openDatabase(databaseUrl, { role: 'tollgate_api', connections: 8 })
  opened('download pool', () => closeDatabase(downloads))
  const standby =
    databaseReadUrl === null ? null : openDatabase(databaseReadUrl, { role: 'tollgate_api', connections: 10 })
  opened('standby pool', async () => standby && closeDatabase(standby))
  const authorizations = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    // One for waiting legs, one for grants that are written behind, one for leases.
    connections: 3,
    // Nobody waits for an answer that takes longer, and a line that was cut is noticed soon.
    statementTimeoutMs: 1000,
    lockTimeoutMs: 250,
    synchronousCommit: 'off',
  })
  opened('authorization pool', () => closeDatabase(authorizations))
  return { worker, api, downloads, standby, authorizations }
}
