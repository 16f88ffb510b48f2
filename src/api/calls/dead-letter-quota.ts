/**
 * How many events that cannot be applied may a brand send in a minute?
 *
 * Each is kept with its body, so a brand whose switch sends nothing else would fill the database. Beyond a thousand
 * within a minute its requests that can make more are refused with 429 before their body is read: nothing of them is
 * accepted, and what was accepted stays. The count comes from the dead letters themselves, whichever replica wrote
 * them; it is renewed in the background, so that no event waits for PostgreSQL, or is refused for the lack of it.
 *
 * Keys of all brands are the operator's own, and are not counted; so is NATS (docs/reliability.md).
 */
import type { FastifyRequest } from 'fastify'
import { countDeadLetters } from '../../db/calls/count-dead-letters.ts'
import { asTenant } from '../../db/tenant.ts'
import { QuotaReached } from '../../errors.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'

const maxPerMinute = 1000
const minuteMs = 60_000
const renewEveryMs = 1000
const retryAfterSeconds = 30
const routes = new Set(['POST /v1/call-events', 'POST /v1/dead-letters/:id/redrive'])

interface Count {
  letters: number
  /** Epoch milliseconds. */
  countedAt: number
  isCounting: boolean
}

/** Goes before the routes are added. */
export function limitDeadLetters(app: Api, context: ApiContext): void {
  const counts = new Map<string, Count>()

  async function renew(brandId: string, known: Count): Promise<void> {
    known.isCounting = true
    try {
      const now = Date.now()
      const tenant = { role: 'brand', brandId, clientId: null } as const
      known.letters = await asTenant(context.db, tenant, (tx) =>
        countDeadLetters(tx, { brandId, since: now - minuteMs }),
      )
      known.countedAt = now
    } catch (error) {
      context.log?.warn({ event: 'dead_letters_not_counted', error }, 'events go on without the count')
    }
    known.isCounting = false
  }

  async function refuseBeyond(request: FastifyRequest): Promise<void> {
    const { brandId } = requireIdentity(request)
    if (brandId === null) return
    const now = Date.now()
    const known = counts.get(brandId) ?? { letters: 0, countedAt: 0, isCounting: false }
    counts.set(brandId, known)
    if (!known.isCounting && now - known.countedAt >= renewEveryMs) void renew(brandId, known)
    // An old count says nothing of the minute that is over now.
    if (known.letters < maxPerMinute || now - known.countedAt > minuteMs) return
    throw new QuotaReached(
      'too_many_dead_letters',
      `More than ${maxPerMinute} of your events within a minute could not be applied: see GET /v1/dead-letters for the reasons, and repeat later.`,
      retryAfterSeconds,
    )
  }

  app.addHook('onRoute', (route) => {
    if (!routes.has(`${route.method} ${route.url}`)) return
    // Behind the key, before the body.
    route.preParsing = [async (request: FastifyRequest) => refuseBeyond(request)]
  })
}
