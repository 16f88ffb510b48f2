/**
 * `POST /v1/calls/{clientId}/{callId}/hangup`: an operator ends a running call.
 */
import Type from 'typebox'
import { hangUpCall } from '../../calls/running/hang-up-call.ts'
import { findCall } from '../../db/calls/list-calls.ts'
import { NotFound } from '../../errors.ts'
import { PathId } from '../../shapes/fields.ts'
import { Hangup } from '../../shapes/hangup.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { readScope } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'

export function hangupRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/calls/:clientId/:callId/hangup',
    {
      schema: {
        tags: ['Calls'],
        summary: 'Hang a running call up',
        description: 'Answers with the command that its engine gets, repeated until the end arrives.',
        params: Type.Object({ clientId: PathId, callId: PathId }),
        response: { 202: Hangup },
      },
    },
    async (request, reply) => {
      const { callId } = request.params
      const clientId = readScope(request).parents.clientId ?? ''
      const key = { clientId, callId: callId.replaceAll('\u0000', '') }
      // The story crosses tenants: whether this one has such a call is asked first.
      const call = await read(context, request, (tx) => findCall(tx, key))
      if (!call) throw new NotFound('call', callId.slice(0, 255))
      return reply.code(202).send(await hangUpCall(context.calls, key))
    },
  )
}
