/**
 * `/v1/sessions`: how an admin of a client logs in to the portal, and one of a brand to the console, stays logged in,
 * changes the own password and logs out. Keys and tokens of other issuers have no login here: 404.
 *
 * The pages of the service log in under `/v1/sessions/cookie`: their token goes into a cookie and never into an answer.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { findAdminById, updateAdmin } from '../../db/identities/admins.ts'
import { Forbidden, NotFound, TooManyRequests, Unauthenticated } from '../../errors.ts'
import { endLogins } from '../../identities/end-logins.ts'
import type { Identities } from '../../identities/identify.ts'
import { hashPassword } from '../../identities/password.ts'
import type { Tokens } from '../../identities/sessions.ts'
import { WrongKeyThrottle } from '../../identities/wrong-key-throttle.ts'
import { closed, Instant, oneOf } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { clearPageCookie, pageLoggingIn, setPageCookie } from '../conventions/page-cookies.ts'
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

const KeyLogin = closed({ key: Type.String({ minLength: 1, maxLength: 8192, writeOnly: true }) })
const PageSession = closed({ expiresAt: Instant })

const open = { tags, security: [] }

export function sessionRoutes(app: Api, context: ApiContext, identities: Identities): void {
  const { sessions } = identities
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
    {
      schema: {
        tags,
        summary: 'Log out',
        description: 'Of a page that logged in with a key: forgets the key, which stays good.',
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const isPage = request.headers.authorization === undefined
      if (!isPage || requireIdentity(request).session)
        await sessions.close(requireLogin(request).session.id, Date.now())
      if (isPage) clearPageCookie(request, reply)
      return reply.code(204).send(null)
    },
  )
  passwordRoute(app, context, sessions)
  pageRoutes(app, identities, throttle)
}

function pageRoutes(app: Api, { sessions, identify }: Identities, throttle: WrongKeyThrottle): void {
  app.post(
    '/v1/sessions/cookie',
    {
      schema: {
        ...open,
        summary: 'Log in to a page of the service',
        description:
          'The token goes into a cookie that no script reads, for 12 hours. Takes the header `x-tollgate-page`, as every change by that cookie does.',
        body: Login,
        response: { 201: PageSession },
      },
    },
    async (request, reply) => {
      const page = pageLoggingIn(request)
      const now = Date.now()
      const { password, ...named } = request.body
      const credentials = { ...readAccountName(named), password }
      const { token, expiresAt } = await sessions.openPage(credentials, { address: request.ip, now })
      setPageCookie(request, reply, { page, token, maxAgeSeconds: Math.floor((expiresAt - now) / 1000) })
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ expiresAt: instantText(expiresAt) })
    },
  )

  app.post(
    '/v1/sessions/cookie/key',
    {
      schema: {
        ...open,
        summary: 'Log in to a page of the service with an API key',
        description: 'The same with the key itself in the cookie; the keys of switches are refused.',
        body: KeyLogin,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const page = pageLoggingIn(request)
      const { key } = request.body
      const now = Date.now()
      if (!throttle.mayLookUp(request.ip, now)) throw tooManyWrong()
      const identity = await identify(key)
      if (!identity) {
        throttle.noteWrong(request.ip, now)
        throw new Unauthenticated('This key is not valid.')
      }
      if (identity.role === 'engine') throw new Forbidden('The key of a switch opens no page.')
      setPageCookie(request, reply, { page, token: key, maxAgeSeconds: keyCookieSeconds })
      return reply.code(204).header('cache-control', 'no-store').send(null)
    },
  )
}

const keyCookieSeconds = 12 * 3600
const tooManyWrong = () => new TooManyRequests('Too many wrong tokens came from this address: wait.', 60)

function passwordRoute(app: Api, context: ApiContext, sessions: Identities['sessions']): void {
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
  sessions: Identities['sessions'],
  throttle: WrongKeyThrottle,
  { refreshToken, address }: { refreshToken: string; address: string },
): Promise<Tokens> {
  const now = Date.now()
  if (!throttle.mayLookUp(address, now)) {
    throw tooManyWrong()
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
