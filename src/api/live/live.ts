/**
 * `GET /v1/live`: what goes on, as it goes on, by server-sent events; one stream per tab.
 *
 * | event | data |
 * |---|---|
 * | `figures` | of a brand or the platform: running calls, spent, granted and denied today, what waits to be put right |
 * | `client` | of a client: running calls with their cost so far, balance, usage of the day, allowances; as far as the asker may see it |
 * | `fact` | what the service publishes, with the fact's id; `Last-Event-ID` goes on behind it |
 * | `reset` | more was missed than is told: read anew |
 *
 * Memory and database are asked once for all who watch the same (`shared-watch.ts`, `fact-feed.ts`). Every few seconds it is
 * looked whether the asker still may: a log-out ends the stream.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { NotFound } from '../../errors.ts'
import type { Identities } from '../../identities/identify.ts'
import type { Identity } from '../../identities/identity.ts'
import { Quota } from '../../quotas/quota.ts'
import { closed, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import { showAllowance } from '../clients/allowances.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity, tokenIn } from '../conventions/authentication.ts'
import { uuidText } from '../conventions/pagination.ts'
import { callShownTo, findPortalView, mayRead } from '../conventions/sections.ts'
import { endWhenStalled, usualStallMs } from '../conventions/stalled-reader.ts'
import { EventStream } from './event-stream.ts'
import { FactFeed } from './fact-feed.ts'
import { lookAtClient, lookAtFigures, type Watched } from './look.ts'
import { SharedWatch } from './shared-watch.ts'
import { showFact } from './show-facts.ts'

const maxStreams = { client: 50, brand: 300, platform: 300 }
const lookEveryMs = 2000
const checkEveryMs = 5000

export function liveRoute(app: Api, context: ApiContext, identities: Identities): void {
  const figures = new SharedWatch((watched: Watched) => lookAtFigures(context, watched), {
    everyMs: lookEveryMs,
  })
  const clients = new SharedWatch(
    (watched: Watched & { clientId: string }) => lookAtClient(context, watched),
    { everyMs: lookEveryMs },
  )
  const facts = new FactFeed(context.worker.$client)
  const quotas = openQuotas()
  const open = new Set<EventStream>()
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end()
  })

  app.get(
    '/v1/live',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['Live'],
        summary: 'What goes on, as server-sent events',
        description:
          'Events `figures` (of a brand or all), `client` (of a client), `fact` (CloudEvents with their id) and `reset` (read anew). `Last-Event-ID` goes on behind a fact, for ten minutes.',
        produces: ['text/event-stream'],
        querystring: closed({
          clientId: Type.Optional(Type.Unsafe<string>({ ...Uuid, description: 'Of this client alone.' })),
        }),
      },
    },
    async (request, reply) => {
      const watched = readWatched(context, request)
      const giveBack = quotas[describeScope(watched)].take(watched.clientId ?? watched.brandId ?? 'platform')
      const stops: (() => void)[] = [giveBack]
      const stream = new EventStream(() => {
        open.delete(stream)
        for (const stop of stops.splice(0)) stop()
      })
      open.add(stream)
      endWhenStalled(request, reply, usualStallMs)
      stops.push(followFacts(context, request, { stream, facts, watched }))
      const { clientId } = watched
      if (clientId === null) {
        stops.push(figures.follow(watched, (_seen, data) => stream.send({ name: 'figures', data })))
      } else {
        const show = cutClient(context, request)
        stops.push(
          clients.follow({ ...watched, clientId }, (seen) =>
            stream.send({ name: 'client', data: JSON.stringify(show(seen)) }),
          ),
        )
      }
      stops.push(endWithLogin(identities, request, stream))
      return reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream.readable)
    },
  )
}

function openQuotas() {
  const limit = { code: 'too_many_streams', what: 'live streams', retryAfterSeconds: 10 }
  return {
    client: new Quota({ max: maxStreams.client, ...limit }),
    brand: new Quota({ max: maxStreams.brand, ...limit }),
    platform: new Quota({ max: maxStreams.platform, ...limit }),
  }
}

const describeScope = ({ brandId, clientId }: Watched) =>
  clientId !== null ? 'client' : brandId !== null ? 'brand' : 'platform'

/** Throws `NotFound` for a client of another tenant. */
function readWatched(context: ApiContext, request: FastifyRequest): Watched {
  const identity = requireIdentity(request)
  const { clientId: asked } = request.query as { clientId?: string }
  const clientId = asked?.toLowerCase() ?? identity.clientId
  if (clientId === null) return { brandId: identity.brandId, clientId }
  const client = context.configuration.findClient(clientId, 0)
  const isOwn = identity.clientId === null || identity.clientId === clientId
  if (!client || !isOwn || (identity.brandId !== null && client.brandId !== identity.brandId)) {
    throw new NotFound('client', clientId)
  }
  return { brandId: client.brandId, clientId }
}

type SeenClient = Awaited<ReturnType<typeof lookAtClient>>

/** Asked for each time: rights and the portal's switches may have changed. */
function cutClient(context: ApiContext, request: FastifyRequest) {
  return ({ runningCalls, balance, dailyUsage, allowances }: SeenClient) => ({
    ...(mayRead(context, request, 'running-calls') && {
      runningCalls: runningCalls.map(callShownTo(context, request)),
    }),
    ...(mayRead(context, request, 'balance') && { balance }),
    ...(mayRead(context, request, 'daily-usage') && { dailyUsage }),
    ...(mayRead(context, request, 'allowances') && {
      allowances: allowances.map((row) => showAllowance(row, findPortalView(context, request))),
    }),
  })
}

function followFacts(
  context: ApiContext,
  request: FastifyRequest,
  { stream, facts, watched }: { stream: EventStream; facts: FactFeed; watched: Watched },
): () => void {
  const { 'last-event-id': given } = request.headers
  const after = typeof given === 'string' && uuidText.test(given) ? given.toLowerCase() : undefined
  const sent = new Set<string>()
  let lastId = ''
  const send = (told: Parameters<Parameters<FactFeed['follow']>[0]>[0], missed: boolean) => {
    for (const fact of told) {
      // The feed reads the last seconds, which a reader that comes back may know.
      if (sent.has(fact.id) || (after !== undefined && fact.id <= after)) continue
      const data = showFact(context, request, { watched, fact })
      if (!data) continue
      // One that became visible late does not take the reader back.
      const isNewest = fact.id > lastId
      if (isNewest) lastId = fact.id
      stream.send({ name: 'fact', data, ...(isNewest && { id: fact.id }) })
    }
    if (missed) stream.send({ name: 'reset', data: '{}' })
  }
  const stop = facts.follow(send)
  if (after !== undefined) {
    facts.resume(after).then(
      (resumed) => {
        send(resumed.facts, resumed.missed)
        for (const { id } of resumed.facts) sent.add(id)
      },
      () => send([], true),
    )
  }
  return stop
}

/** Rights as they were when the stream began are those of its identity: where they change, the page comes back. */
function endWithLogin({ identify }: Identities, request: FastifyRequest, stream: EventStream): () => void {
  const token = tokenIn(request)
  const began = rightsText(requireIdentity(request))
  const check = async () => {
    const now = token === undefined ? undefined : await identify(token)
    if (!now || rightsText(now) !== began || (now.expiresAt ?? Infinity) <= Date.now()) stream.end()
  }
  // Where nobody can be asked, the next check tells.
  const timer = setInterval(() => void check().catch(() => {}), checkEveryMs).unref()
  return () => clearInterval(timer)
}

const rightsText = ({ role, scopes, rights }: Identity) => JSON.stringify([role, scopes, rights])
