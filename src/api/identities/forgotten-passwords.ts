/**
 * `POST /v1/sessions/forgotten-password` and `…/new-password`: a new password by a link in a mail.
 */
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { findAdminById, updateAdmin } from '../../db/identities/admins.ts'
import { asTenant, platformTenant } from '../../db/tenant.ts'
import { TooManyRequests, Unauthenticated } from '../../errors.ts'
import { endLogins } from '../../identities/end-logins.ts'
import { networkOf } from '../../identities/network-of.ts'
import { hashPassword } from '../../identities/password.ts'
import { findAdminOfToken, findResetRequest, type ResetRequest } from '../../identities/password-resets.ts'
import { findOwnerId, nameActor, type Sessions } from '../../identities/sessions.ts'
import { SigningKeys } from '../../identities/signing-keys.ts'
import { WrongKeyThrottle } from '../../identities/wrong-key-throttle.ts'
import { Ledger } from '../../ledger/ledger.ts'
import { termsAt } from '../../limits/client.ts'
import { closed } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { AccountFields, readAccountName } from './account-name.ts'
import { NewPassword } from './admin-fields.ts'

const open = { tags: ['Identities'], security: [] }
const Account = Type.Object(AccountFields, {
  additionalProperties: false,
  examples: [{ client: 'acme.example.com', username: 'ana@acme.example.com' }],
})
const Reset = closed({
  token: Type.String({ minLength: 1, maxLength: 1000, description: 'What stands behind the # of the link.' }),
  newPassword: NewPassword,
})

export function forgottenPasswordRoutes(app: Api, context: ApiContext, sessions: Sessions): void {
  const throttle = new WrongKeyThrottle()
  const keys = new SigningKeys(context.db)
  const refuseMany = (address: string) => {
    if (throttle.mayLookUp(address, Date.now())) return
    throw new TooManyRequests('Too many wrong tokens came from this address: wait.', 60)
  }

  app.post(
    '/v1/sessions/forgotten-password',
    {
      schema: {
        ...open,
        summary: 'Ask for a link that sets a new password',
        description:
          'Goes to the mail address of the account, once in a quarter of an hour, and is good for an hour. The answer is the same whether there is such an account or not.',
        body: Account,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      refuseMany(request.ip)
      const now = Date.now()
      const asked = await findResetRequest(context.db, readAccountName(request.body), now)
      if (!asked) throttle.noteWrong(request.ip, now)
      else await appendMail(context, asked, now)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/sessions/new-password',
    {
      schema: {
        ...open,
        summary: 'Set a new password with the token of a link',
        description: 'Good once. Ends the logins of the account. A token that is not good any more is 401.',
        body: Reset,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      refuseMany(request.ip)
      const { token, newPassword } = request.body
      const now = Date.now()
      const found = await findAdminOfToken(context.db, keys, { token, now })
      if (!found) {
        throttle.noteWrong(request.ip, now)
        throw new Unauthenticated('This link is not valid any more: ask for another.')
      }
      const passwordHash = await hashPassword(newPassword, {
        from: networkOf(request.ip),
        account: found.id,
      })
      const tenant = { ...platformTenant, actor: nameActor(found), requestId: request.id }
      await asTenant(context.db, tenant, async (tx) => {
        const row = await findAdminById(tx, found.id, 'update')
        // Of two who use one link at once the second comes too late.
        if (row?.passwordHash !== found.passwordHash || row.suspended) {
          throw new Unauthenticated('This link is not valid any more: ask for another.')
        }
        await endLogins(tx, row.id, { session: null, now })
        await updateAdmin(tx, { ...row, passwordHash, now })
      })
      sessions.forgetAll()
      return reply.code(204).send(null)
    },
  )
}

async function appendMail(context: ApiContext, asked: ResetRequest, now: number): Promise<void> {
  const { admin, source, recipient, expiresAt } = asked
  const about = describeOwner(context, findOwnerId(admin), now)
  if (!about) return
  const { brandId, ...facts } = about
  const ledger = new Ledger(now)
  ledger.mail({
    id: newId(now),
    kind: 'password-reset',
    source,
    brandId,
    clientId: admin.clientId,
    recipient,
    content: { ...facts, adminId: admin.id, username: admin.username, expiresAt: instantText(expiresAt) },
    createdAt: now,
  })
  await Promise.all(ledger.write(context.worker.$client))
  context.calls.onCommitted({ facts: false, mails: true })
}

/** Undefined: it was deleted meanwhile. */
function describeOwner({ configuration }: ApiContext, ownerId: string, now: number) {
  const client = configuration.findClient(ownerId, 0)
  if (client) {
    const { brandId, name: clientName, currency, language, terms } = client
    return { brandId, clientName, currency, language, timeZone: termsAt(terms, now).timeZone }
  }
  const brand = configuration.findBrand(ownerId)
  if (!brand) return undefined
  const { currency, language, timeZone } = brand
  return { brandId: brand.id, clientName: brand.name, currency, language, timeZone }
}
