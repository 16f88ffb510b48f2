/**
 * `/v1/sessions`: how an admin of a client logs in to the portal, stays logged in and logs out.
 */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { NotFound } from '../../errors.ts'
import type { Credentials, Sessions, Tokens } from '../../identities/sessions.ts'
import { identityOf } from '../conventions/authentication.ts'
import { closed, Instant, oneOf } from '../conventions/fields.ts'
import { AdminShown, showAdmin } from './admin-fields.ts'

const tags = ['Identities']
const Login = closed({
  client: Type.String({
    maxLength: 253,
    minLength: 1,
    pattern: '^[^\\p{Cc}]+$',
    description: "The client's id or SIP domain.",
    examples: ['acme.example.com'],
  }),
  username: Type.String({
    minLength: 1,
    maxLength: 254,
    pattern: '^[^\\p{Cc}]+$',
    examples: ['ana@acme.example.com'],
  }),
  password: Type.String({ minLength: 1, maxLength: 256, writeOnly: true }),
})
const Refresh = closed({ refreshToken: Type.String({ maxLength: 200 }) })
const Session = closed({
  accessToken: Type.String({ description: 'For `Authorization: Bearer …`.' }),
  tokenType: oneOf(['Bearer']),
  expiresIn: Type.Integer({ description: 'Seconds until the access token ends.' }),
  refreshToken: Type.String({ description: 'Good once: for a new pair of tokens.' }),
  refreshExpiresAt: Instant,
  admin: AdminShown,
})

export function sessionRoutes(app: FastifyInstance, sessions: Sessions): void {
  const open = { tags, security: [] }
  app.post(
    '/v1/sessions',
    {
      schema: {
        ...open,
        summary: 'Log in',
        description:
          'After five wrong passwords in a row the name is locked for half a minute, then twice as long each time.',
        body: Login,
        response: { 201: Session },
      },
    },
    async (request, reply) => {
      const tokens = await sessions.open(request.body as Credentials, Date.now())
      return reply.code(201).header('cache-control', 'no-store').send(show(tokens))
    },
  )

  app.post(
    '/v1/sessions/refresh',
    { schema: { ...open, summary: 'New tokens', body: Refresh, response: { 200: Session } } },
    async (request, reply) => {
      const { refreshToken } = request.body as { refreshToken: string }
      const tokens = await sessions.refresh(refreshToken, Date.now())
      return reply.header('cache-control', 'no-store').send(show(tokens))
    },
  )

  app.delete(
    '/v1/sessions',
    { schema: { tags, summary: 'Log out', response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { session } = identityOf(request)
      if (!session) throw new NotFound('session', 'of a key')
      await sessions.close(session.id, Date.now())
      return reply.code(204).send(null)
    },
  )
}

function show({ admin, refreshExpiresAt, ...tokens }: Tokens) {
  return {
    ...tokens,
    tokenType: 'Bearer',
    refreshExpiresAt: instantText(refreshExpiresAt),
    admin: showAdmin(admin),
  }
}
