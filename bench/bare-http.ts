/**
 * The floor under an authorization over HTTP: Fastify with the same schemas on both sides of a route that decides
 * nothing.
 */
import Fastify from 'fastify'
import { AuthorizationMessage } from '../src/calls/call-messages.ts'
import { AuthorizationAnswer } from '../src/shapes/authorization-answer.ts'
import { serveOrders } from './child.ts'

serveOrders<{ answer: object }>(async ({ answer }) => {
  const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } })
  app.post(
    '/v1/authorizations',
    { schema: { body: AuthorizationMessage, response: { 200: AuthorizationAnswer } } },
    async (request) => ({ ...answer, callId: (request.body as AuthorizationMessage).callId }),
  )
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }) }
})
