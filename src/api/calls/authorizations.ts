/**
 * `/v1/authorizations`: may this leg be set up? And: it will not be.
 */
import Type from 'typebox'
import type { Denial, Grant } from '../../calls/authorize/authorization-answer.ts'
import { resolveLegs } from '../../calls/authorize/resolve-client.ts'
import { AuthorizationMessage, readAuthorizationMessage } from '../../calls/call-messages.ts'
import type { AuthorizationPath } from '../../calls/call-metrics.ts'
import { NotFound } from '../../errors.ts'
import { AuthorizationAnswer } from '../../shapes/authorization-answer.ts'
import { PathId } from '../../shapes/fields.ts'
import { traceAuthorization } from '../../tracing/trace-authorization.ts'
import { whenKnown } from '../../when-known.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { AnswersOfTurn } from '../conventions/answers-of-turn.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { plainJson } from '../conventions/plain-json.ts'

/** Later than this an engine has given up, and nothing is to be reserved for it. */
const timeoutMs = 2000

export function authorizationRoutes(app: Api, context: ApiContext): void {
  const { authorizer, calls } = context
  const { tracer, metrics } = calls
  const answers = new AnswersOfTurn()
  app.post(
    '/v1/authorizations',
    {
      config: { isForSwitches: true },
      schema: {
        tags: ['Authorization'],
        summary: 'Grant or deny a leg',
        description: 'A denial is an answer (200), not an error. The same call again gets the same grant.',
        body: AuthorizationMessage,
        response: { 200: Type.Unsafe<Grant | Denial>(AuthorizationAnswer) },
      },
      // Its answers hold what is shown and nothing else.
      ...plainJson,
    },
    (request, reply) => {
      const startedAt = performance.now()
      const now = Date.now()
      const authorization = readAuthorizationMessage(request.body, now)
      const { brandId } = requireIdentity(request)
      let path: AuthorizationPath = 'memory'
      const onDecided = (by: AuthorizationPath) => {
        path = by
      }
      const scope = { brandId, deadlineAt: now + timeoutMs, onDecided }
      whenKnown<Grant | Denial>(
        () =>
          traceAuthorization(tracer, request.headers.traceparent, () =>
            authorizer.authorize(authorization, scope),
          ),
        (answer) => {
          metrics.authorizationSeconds.observe((performance.now() - startedAt) / 1000, 'http', path)
          if (!answer.allowed && answer.reason === 'service_unavailable') reply.header('retry-after', '1')
          answers.send(reply, answer)
        },
        (error) => answers.send(reply, error),
      )
    },
  )

  app.delete(
    '/v1/authorizations/:clientId/:callId',
    {
      schema: {
        tags: ['Authorization'],
        summary: 'Hand a grant back',
        description: 'Also when there is none.',
        params: Type.Object({ clientId: PathId, callId: PathId }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { clientId, callId } = request.params
      const { brandId } = requireIdentity(request)
      if (!/^[\x20-\x7e]{1,255}$/.test(callId)) throw new NotFound('call', callId.slice(0, 255))
      const now = Date.now()
      const leg = { client: clientId, callId, at: now }
      const [client] = await resolveLegs(calls, [{ leg, brandId }], now)
      if (!client) throw new NotFound('client', clientId.slice(0, 255))
      await authorizer.releaseGrant(client.id, callId, { brandId })
      return reply.code(204).send(null)
    },
  )
}
