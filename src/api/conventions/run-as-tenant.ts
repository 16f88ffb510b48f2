/**
 * Runs a request's work in one transaction that sees its tenant's rows alone. In raw SQL: read-sql.ts.
 */
import type { FastifyRequest } from 'fastify'
import { readConfigurationVersion } from '../../db/configuration/configuration-version.ts'
import type { Tx } from '../../db/connection.ts'
import { asTenant, type ListOrder } from '../../db/tenant.ts'
import { whenLeasesAreBack } from '../../ledger/leases-in-the-way.ts'
import type { ApiContext } from '../context.ts'
import { requestTenant } from './authentication.ts'

/** Runs a write as the tenant and resolves when this replica acts on it. */
export async function write<Result>(
  context: ApiContext,
  request: FastifyRequest,
  work: (tx: Tx) => Promise<Result>,
  changes: 'configuration' | 'nothing-in-memory' = 'configuration',
): Promise<Result> {
  let version = 0
  const result = await withLeasesBack(context, () =>
    asTenant(context.db, requestTenant(request), async (tx) => {
      const done = await work(tx)
      if (changes === 'configuration') version = await readConfigurationVersion(tx)
      return done
    }),
  )
  if (changes === 'configuration') await context.configuration.reach(version)
  return result
}

/** Work in a transaction of its own that may take money of an account: what replicas have leased of it is called back. */
export function withLeasesBack<Result>(context: ApiContext, work: () => Promise<Result>): Promise<Result> {
  const { leases } = context.calls
  return whenLeasesAreBack(leases && ((owners) => leases.callBack(owners)), work)
}

export function read<Result>(
  context: ApiContext,
  request: FastifyRequest,
  work: (tx: Tx) => Promise<Result>,
  order: ListOrder = 'planned',
): Promise<Result> {
  return asTenant(context.db, requestTenant(request), work, order)
}
