/**
 * What is left undone when the process cannot keep up? Lists, reports and administration answer 503 with
 * Retry-After; authorizations, events, logins and probes go on: calls are worth more than pages.
 */
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { ServiceUnavailable } from '../errors.ts'

/** Mean delay of the event loop over a second. */
const mostDelayMs = 2000

const vital = /^\/v1\/(authorizations|call-events|engines|sessions)(\/|$)/

export async function shedLoad(app: FastifyInstance): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: mostDelayMs,
    sampleInterval: 1000,
    // A promise: what is thrown at once would not reach the error handler (9.2.0).
    async pressureHandler(request) {
      if (isVital(request.routeOptions.url ?? '')) return
      throw new ServiceUnavailable('More work than this machine can do: repeat in a moment.')
    },
  })
}

/** Whatever is no route of `/v1` is a probe, metrics or the API's description. */
export function isVital(path: string): boolean {
  return !path.startsWith('/v1/') || vital.test(path)
}
