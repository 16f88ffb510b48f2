/**
 * `/v1/sessions`: how an admin of a client logs in to the portal, and one of a brand to the console, stays logged in,
 * changes the own password and logs out. Keys and tokens of other issuers have no login here: 404.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { findAdminById, updateAdmin } from '../../db/identities/admins.ts'
import { NotFound, TooManyRequests, Unauthenticated } from '../../errors.ts'
import { endLogins } from '../../identities/end-logins.ts'
import { hashPassword } from '../../identities/password.ts'
import type { Sessions, Tokens } from '../../identities/sessions.ts'
import { WrongKeyThrottle } from '../../identities/wrong-key-throttle.ts'
import { closed, Instant, oneOf } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { write } from '../conventions/run-as-tenant.ts'
import { AccountFields, readAccountName } from './account-name.ts'
import { CurrentPassword, NewPassword } from './admin-fields.ts'
import { SessionAdmin, showSessionAdmin } from './session-admin.ts'

const tags = ['Identities']
const Refresh = closed({ refreshToken: Type.String({ maxLength: 200 }) })
const Login = Type.Object(
  { ...AccountFields, password: Type.String({ minLength: 1, maxLength: 256, writeOnly: true }) },
  {
    additionalProperties: false,
    examples: [
      { client: 'acme.example.com', username: 'ana@acme.example.com', password: 'correct horse battery' },
    ],
  },
)
const PasswordChange = closed({ currentPassword: CurrentPassword, newPassword: NewPassword })
const Session = closed({
  accessToken: Type.String({ description: 'For `Authorization: Bearer …`.' }),
  tokenType: oneOf(['Bearer']),
  expiresIn: Type.Integer({ description: 'Seconds until the access token ends.' }),
  refreshToken: Type.String({ description: 'Good once: for a new pair of tokens.' }),
  refreshExpiresAt: Instant,
  admin: SessionAdmin,
})

export function sessionRoutes(app: Api, context: ApiContext, sessions: Sessions): void {
  const open = { tags, security: [] }
  const throttle = new WrongKeyThrottle()
  app.post(
    '/v1/sessions',
    {
      schema: {
        ...open,
        summary: 'Log in',
        description:
          'After five wrong passwords in a row the name, known or not, is locked for the network they came from: half a minute, then twice as long each time.',
        body: Login,
        response: { 201: Session },
      },
    },
    async (request, reply) => {
      const { password, ...named } = request.body
      const tokens = await sessions.open(
        { ...readAccountName(named), password },
        { address: request.ip, now: Date.now() },
      )
      return reply.code(201).header('cache-control', 'no-store').send(show(tokens))
    },
  )

  app.post(
    '/v1/sessions/refresh',
    { schema: { ...open, summary: 'New tokens', body: Refresh, response: { 200: Session } } },
    async (request, reply) => {
      const { refreshToken } = request.body
      const tokens = await refresh(sessions, throttle, { refreshToken, address: request.ip })
      return reply.header('cache-control', 'no-store').send(show(tokens))
    },
  )

  app.delete(
    '/v1/sessions',
    { schema: { tags, summary: 'Log out', response: { 204: Type.Null() } } },
    async (request, reply) => {
      await sessions.close(requireLogin(request).session.id, Date.now())
      return reply.code(204).send(null)
    },
  )
  passwordRoute(app, context, sessions)
}

function passwordRoute(app: Api, context: ApiContext, sessions: Sessions): void {
  app.put(
    '/v1/sessions/password',
    {
      schema: {
        tags,
        summary: 'Change your own password',
        description:
          'For every admin, restricted ones too. A wrong old password is 422 `wrong_password` and counts like a failed login.',
        body: PasswordChange,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { session, owner } = requireLogin(request)
      const { currentPassword, newPassword } = request.body
      const now = Date.now()
      await sessions.confirmPassword(session.adminId, currentPassword, { address: request.ip, now })
      const passwordHash = await hashPassword(newPassword, { from: owner, account: session.adminId })
      await write(
        context,
        request,
        async (tx) => {
          const row = await findAdminById(tx, session.adminId, 'update')
          if (!row) throw new Unauthenticated()
          await endLogins(tx, row.id, { session, now })
          await updateAdmin(tx, { ...row, passwordHash, now })
        },
        'nothing-in-memory',
      )
      sessions.forgetAll()
      return reply.code(204).send(null)
    },
  )
}

/** Wrong refresh tokens are counted as wrong keys are. */
async function refresh(
  sessions: Sessions,
  throttle: WrongKeyThrottle,
  { refreshToken, address }: { refreshToken: string; address: string },
): Promise<Tokens> {
  const now = Date.now()
  if (!throttle.mayLookUp(address, now)) {
    throw new TooManyRequests('Too many wrong tokens came from this address: wait.', 60)
  }
  try {
    return await sessions.refresh(refreshToken, now)
  } catch (error) {
    if (error instanceof Unauthenticated) throttle.noteWrong(address, now)
    throw error
  }
}

/** The login that the request's token belongs to. */
function requireLogin(request: FastifyRequest) {
  const { session, clientId, brandId } = requireIdentity(request)
  const owner = clientId ?? brandId
  if (!session || owner === null) throw new NotFound('session', 'of this key or token')
  return { session, owner }
}

function show({ admin, refreshExpiresAt, ...tokens }: Tokens) {
  return {
    ...tokens,
    tokenType: 'Bearer' as const,
    refreshExpiresAt: instantText(refreshExpiresAt),
    admin: showSessionAdmin(admin),
  }
}
