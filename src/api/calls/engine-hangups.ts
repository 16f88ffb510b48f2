/**
 * `GET /v1/engines/{engine}/hangups?wait=20`: which legs shall this engine hang up? For engines without NATS.
 *
 * Answered when there is something to hang up, or empty when the wait is over. All who wait for one engine share one
 * look at the database (`hangup-watch.ts`); a key waits in a hundred connections at most, then 429.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { makeHangup } from '../../calls/running/command-hangup.ts'
import { listCallsToHangUp } from '../../db/calls/running-calls.ts'
import { asTenant, type Tenant } from '../../db/tenant.ts'
import { toTenant } from '../../identities/identity.ts'
import { Quota } from '../../quotas/quota.ts'
import { closed, EngineName } from '../../shapes/fields.ts'
import { Hangup } from '../../shapes/hangup.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { whenGone } from '../conventions/reader-gone.ts'
import { HangupWatch } from './hangup-watch.ts'

const maxHangups = 500
const maxPollsPerKey = 100

type Command = ReturnType<typeof makeHangup>

export function engineHangupRoutes(app: Api, context: ApiContext): void {
  const polls = new Quota({
    max: maxPollsPerKey,
    code: 'too_many_long_polls',
    what: 'long polls',
    retryAfterSeconds: 5,
  })
  /** By the brand whose legs are seen, and the engine. */
  const watches = new Map<string, HangupWatch<Command>>()
  let isStopped = false
  app.addHook('preClose', async () => {
    isStopped = true
    for (const watch of watches.values()) watch.stop()
  })

  function openWatch(request: FastifyRequest, engine: string): HangupWatch<Command> {
    const tenant = toTenant(requireIdentity(request))
    const key = `${tenant.brandId ?? ''} ${engine}`
    const known = watches.get(key)
    if (known) return known
    const look = () => findHangups(context, tenant, engine)
    const watch = new HangupWatch(look, () => watches.delete(key))
    if (isStopped) watch.stop()
    watches.set(key, watch)
    return watch
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
    async (request, reply) => {
      const { engine } = request.params
      const { wait = 0 } = request.query
      const endPoll = polls.take(requireIdentity(request).countedAs)
      const gone = whenGone(request, reply)
      try {
        const deadline = Date.now() + wait * 1000
        return { data: await openWatch(request, engine).wait({ deadline, gone }) }
      } finally {
        endPoll()
      }
    },
  )
}

/** Only routes that roles without a client may call come here: a brand's legs are the same for all of its keys. */
async function findHangups(context: ApiContext, tenant: Tenant, engine: string): Promise<Command[]> {
  const { configuration } = context
  const calls = await asTenant(context.db, tenant, (tx) => listCallsToHangUp(tx, engine, maxHangups))
  const now = Date.now()
  return calls.flatMap((call) => {
    const client = configuration.findClient(call.clientId, now)
    const brand = client && configuration.findBrand(client.brandId)
    return client && brand ? [makeHangup(call, { client, brand }, now)] : []
  })
}
