/**
 * `GET /v1/engines/{engine}/hangups?wait=20`: which legs shall this engine hang up? For engines without NATS.
 *
 * Answered when there is something to hang up, or empty when the wait is over. A command stands until the leg's
 * end arrives, so it is answered again; an engine that asks in a tight circle gets it once a second.
 */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { hangupOf } from '../../calls/command-hangup.ts'
import { listCallsToHangUp } from '../../db/calls/running-calls.ts'
import type { ApiContext } from '../context.ts'
import { identityOf } from '../conventions/authentication.ts'
import { closed, EngineName } from '../conventions/fields.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { Hangup } from './hangup.ts'

const lookEveryMs = 500
const repeatMs = 1000
const mostHangups = 500

export function engineHangupRoutes(app: FastifyInstance, context: ApiContext): void {
  /** When an engine was last told something, by tenant and name. */
  const toldAt = new Map<string, number>()
  const stopped = new AbortController()
  // Each engine that waits listens to it.
  setMaxListeners(0, stopped.signal)
  app.addHook('preClose', async () => stopped.abort())

  async function waitForHangups(request: FastifyRequest, engine: string, deadline: number) {
    const { brandId } = identityOf(request)
    const key = `${brandId ?? ''} ${engine}`
    for (;;) {
      const hangups = await findHangups(context, request, engine)
      const now = Date.now()
      const tellFrom = (toldAt.get(key) ?? 0) + repeatMs
      const isOver = now >= deadline || stopped.signal.aborted || request.raw.destroyed
      if (isOver || (hangups.length > 0 && now >= tellFrom)) {
        if (hangups.length > 0) toldAt.set(key, now)
        else toldAt.delete(key)
        return hangups
      }
      const pauseMs = Math.min(lookEveryMs, deadline - now)
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }

  app.get(
    '/v1/engines/:engine/hangups',
    {
      schema: {
        tags: ['Engines'],
        summary: 'Legs this engine shall hang up, by long poll',
        params: Type.Object({ engine: EngineName }),
        querystring: closed({
          wait: Type.Optional(Type.Integer({ minimum: 0, maximum: 25, description: 'Seconds.' })),
        }),
        response: { 200: closed({ data: Type.Array(Hangup) }) },
      },
    },
    async (request) => {
      const { engine } = request.params as { engine: string }
      const { wait = 0 } = request.query as { wait?: number }
      return { data: await waitForHangups(request, engine, Date.now() + wait * 1000) }
    },
  )
}

async function findHangups(context: ApiContext, request: FastifyRequest, engine: string) {
  const { configuration } = context
  const calls = await read(context, request, (tx) => listCallsToHangUp(tx, engine, mostHangups))
  const now = Date.now()
  return calls.flatMap((call) => {
    const client = configuration.findClient(call.clientId, now)
    const brand = client && configuration.findBrand(client.brandId)
    return client && brand ? [hangupOf(call, { client, brand }, now)] : []
  })
}
