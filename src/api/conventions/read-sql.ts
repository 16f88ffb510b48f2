/**
 * Reads in raw SQL as the request's tenant: the same walls as `run-as-tenant.ts`, for queries that stories share.
 */
import type { FastifyRequest } from 'fastify'
import type { Sql } from '../../db/connection.ts'
import { readAsTenant, readAtOnceAsTenant } from '../../db/read-as-tenant.ts'
import { streamReadOnly } from '../../db/stream-batches.ts'
import type { ListOrder } from '../../db/tenant.ts'
import { nameTenant, plannerSettings } from '../../db/tenant.ts'
import type { ApiContext } from '../context.ts'
import { requestTenant } from './authentication.ts'

export function readSql<Result>(
  context: ApiContext,
  request: FastifyRequest,
  work: (tx: Sql) => Promise<Result>,
): Promise<Result> {
  return readAsTenant(context.db, requestTenant(request), work)
}

/** `work` sends all its queries before it waits for any. */
export function readAtOnce<Result>(
  context: ApiContext,
  request: FastifyRequest,
  work: (tx: Sql) => Promise<Result>,
  order: ListOrder = 'planned',
): Promise<Result> {
  return readAtOnceAsTenant(context.db, requestTenant(request), work, order)
}

/** The transaction lasts until the reader has had all, leaves off, or is gone. */
export function streamSql<Item>(
  context: ApiContext,
  request: FastifyRequest,
  work: (tx: Sql) => AsyncIterable<Item>,
  gone: AbortSignal,
): AsyncGenerator<Item, void> {
  return streamReadOnly(
    context.downloads.$client,
    async function* (tx) {
      await nameTenant(tx, requestTenant(request), plannerSettings(tx, 'planned'))
      yield* work(tx)
    },
    gone,
  )
}
