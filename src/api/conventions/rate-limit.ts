/**
 * How many requests a second may a key send? Those of engines and of the platform any number: their routes are what a
 * ringing phone waits for, and pay nothing for the limit of others.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Api } from '../api.ts'
import { RateCounter } from './rate-counter.ts'

/** On average, counted over two seconds. */
const requestsPerSecond = 300
const spanMs = 2000

/** Goes before the routes are added. */
export async function limitRates(app: Api): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: (requestsPerSecond * spanMs) / 1000,
    timeWindow: spanMs,
    store: RateCounter,
    keyGenerator: ({ identity }) => identity?.countedAs ?? 'none',
  })
  const limit = app.rateLimit()
  const refuseBeyond: onRequestHookHandler = (request, reply, done) => {
    // The plugin's own list of exceptions is a promise or two for each request.
    if (isUnlimited(request)) return done()
    limit.call(app, request, reply).then(() => done(), done)
  }
  app.addHook('onRoute', (route) => {
    route.onRequest = [...[route.onRequest ?? []].flat(), refuseBeyond]
  })
}

function isUnlimited({ identity }: FastifyRequest): boolean {
  return !identity || identity.role === 'engine' || identity.role === 'platform'
}
