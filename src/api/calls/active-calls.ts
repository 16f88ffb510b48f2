/**
 * `PUT /v1/engines/{engine}/active-calls`: every leg the engine has, so that those it has lost are closed.
 */
import Type from 'typebox'
import { ClientReference } from '../../calls/call-messages.ts'
import { CallId } from '../../calls/leg-facts.ts'
import { readInstant } from '../../calls/read-instant.ts'
import { reconcileActiveCalls } from '../../calls/running/reconcile-active-calls.ts'
import { InvalidRequest } from '../../errors.ts'
import { closed, EngineName, Instant } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { maxCountHere } from '../conventions/bodies.ts'
import { maxSmallBytes, readLargeBodies } from '../conventions/gather-large-body.ts'
import { parseLargeJson } from '../conventions/large-bodies.ts'
import { parseJson } from '../conventions/parse-json.ts'
import { tenantKey } from '../conventions/request-scope.ts'

/** Room for some 60,000 legs. */
const bodyLimit = 8 * 1024 * 1024

export function activeCallRoutes(app: Api, context: ApiContext): void {
  readLargeBodies(app, bodyLimit, (request, bytes) =>
    bytes.length > maxSmallBytes
      ? parseLargeJson(tenantKey(request), bytes)
      : parseJson(bytes, { maxCount: maxCountHere, halves: 'refused' }),
  )
  app.put(
    '/v1/engines/:engine/active-calls',
    {
      bodyLimit,
      schema: {
        tags: ['Engines'],
        summary: 'State every leg of an engine',
        description:
          'Its legs that started before `at` and are not named are closed as lost-end. Send an empty list after a restart.',
        params: Type.Object({ engine: EngineName }),
        body: closed({
          at: Instant,
          calls: Type.Array(closed({ client: ClientReference, callId: CallId })),
        }),
        response: { 200: closed({ active: Type.Integer(), closed: Type.Integer() }) },
      },
    },
    async (request) => {
      const { engine } = request.params
      const body = request.body
      const at = readInstant(body.at)
      if (at === undefined) {
        throw new InvalidRequest('"at" is not a valid RFC 3339 timestamp.', [
          { pointer: '/at', detail: 'is not a valid RFC 3339 timestamp' },
        ])
      }
      const { brandId } = requireIdentity(request)
      return reconcileActiveCalls(context.calls, { engine, brandId, at, calls: body.calls })
    },
  )
}
