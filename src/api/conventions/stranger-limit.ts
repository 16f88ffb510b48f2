/**
 * How often may somebody without a key ask for what is open: the description, its page, the metrics?
 *
 * A hundred requests within two seconds for each network, then 429 with Retry-After. Probes are never refused, log-ins
 * have their own rules, and a page of the description takes less than ten. Per process.
 */
import type { FastifyRequest } from 'fastify'
import { TooManyRequests } from '../../errors.ts'
import { networkOf } from '../../identities/network-of.ts'
import type { Api } from '../api.ts'
import { RateCounter } from './rate-counter.ts'

const maxPerSpan = 100
const spanMs = 2000
const probes = new Set(['/livez', '/readyz'])

/** Goes before the routes are added. */
export function limitStrangers(app: Api): void {
  const counter = new RateCounter()

  async function refuseBeyond(request: FastifyRequest): Promise<void> {
    const { current, ttl } = counter.count(networkOf(request.ip), spanMs)
    if (current <= maxPerSpan) return
    throw new TooManyRequests('Too many requests without a key: wait.', Math.ceil(ttl / 1000))
  }

  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/') || probes.has(route.url)) return
    const others = route.onRequest === undefined ? [] : [route.onRequest].flat()
    route.onRequest = [refuseBeyond, ...others]
  })
}
