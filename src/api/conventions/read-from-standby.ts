/**
 * Reads that may be some seconds old, from a standby where there is one. The answer says how old.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db, Sql } from '../../db/connection.ts'
import { isInfrastructureFailure } from '../../db/failures.ts'
import { readAtOnceAsTenant } from '../../db/read-as-tenant.ts'
import type { ListOrder } from '../../db/tenant.ts'
import type { ApiContext } from '../context.ts'
import { requestTenant } from './authentication.ts'
import { readAtOnce } from './read-sql.ts'

export const lagHeader = 'tollgate-replica-lag-seconds'

/** The standby's pool, its lag told in the answer's header, or `primary`. */
export async function chooseReader(context: ApiContext, reply: FastifyReply, primary: Db): Promise<Db> {
  const standby = await context.standby?.find()
  if (!standby) return primary
  reply.header(lagHeader, standby.lagSeconds.toFixed(1))
  return standby.db
}

/**
 * `work` on the standby, or on the primary where there is none, it fails, or what it reads is `missing` there: it may be
 * newer than the standby's rows. `work` sends all its queries before it waits for any.
 */
export async function readAtOnceFromStandby<Result>(
  context: ApiContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  work: (tx: Sql) => Promise<Result>,
  { order, isMissing }: { order: ListOrder; isMissing: (result: Result) => boolean },
): Promise<Result> {
  const db = await chooseReader(context, reply, context.db)
  if (db !== context.db) {
    try {
      const result = await readAtOnceAsTenant(db, requestTenant(request), work, order)
      if (!isMissing(result)) return result
    } catch (error) {
      if (!isInfrastructureFailure(error)) throw error
    }
    reply.removeHeader(lagHeader)
  }
  return readAtOnce(context, request, work, order)
}
