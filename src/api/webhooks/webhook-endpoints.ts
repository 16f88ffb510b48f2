/**
 * `/v1/webhook-endpoints`: where facts are sent over HTTP. A brand's hear of all its clients, a client's of itself, as far as its portal
 * shows it.
 */
import { randomBytes } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { findBrand } from '../../db/clients/brands.ts'
import { findClient } from '../../db/clients/clients.ts'
import { instantText } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import { insertDelivery } from '../../db/webhooks/webhook-deliveries.ts'
import {
  deleteEndpoint,
  type EndpointRow,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  replaceSecret,
  updateEndpoint,
} from '../../db/webhooks/webhook-endpoints.ts'
import { InvalidRequest, NotFound } from '../../errors.ts'
import { closed, FreeText, Instant, nullable, PathId, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import { checkName, NotReachable, type PrivateHosts } from '../../webhooks/guarded-agent.ts'
import { secretPrefix } from '../../webhooks/sign-delivery.ts'
import { isKnownEvent, pingEvent } from '../../webhooks/webhook-events.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { readId, readScope, type Scope } from '../conventions/request-scope.ts'
import {
  answerPatched,
  answerRemoved,
  type Kept,
  patchSchema,
  readRoutes,
  removeSchema,
} from '../conventions/resource.ts'
import { write } from '../conventions/run-as-tenant.ts'
import { DeliveryShown, showDelivery } from './delivery-fields.ts'

const noun = 'webhook endpoint'
const oldSecretMs = 86_400_000
const secretBytes = 32

const EndpointFields = closed({
  brandId: Type.Optional(Uuid),
  clientId: Type.Optional(nullable({ ...Uuid, description: 'null: facts of all clients of the brand.' })),
  url: Type.String({
    maxLength: 2048,
    pattern: '^https?://[^\\s]+$',
    description: 'http or https, at an address that the whole internet can reach.',
    examples: ['https://crm.example.com/hooks/tollgate'],
  }),
  events: Type.Array(Type.String({ maxLength: 100, pattern: '^[a-z-]+(\\.[a-z-]+)*(\\.\\*)?$' }), {
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    description: 'Types of facts, or all below a name.',
    examples: [['billing.calls.priced', 'billing.invoices.*']],
  }),
  description: Type.Optional(FreeText),
  enabled: Type.Optional(Type.Boolean()),
})
type EndpointFields = Static<typeof EndpointFields>

const shown = {
  id: Uuid,
  ...EndpointFields.properties,
  disabledReason: nullable(
    Type.String({
      description: '`gone`: its server answered 410. null: it is on, or was turned off by hand.',
    }),
  ),
  createdAt: Instant,
  updatedAt: Instant,
}
const Secret = Type.String({ description: 'Signs what the endpoint gets. Shown this once.' })
const EndpointShown = closed(shown)
const EndpointOnce = closed({ ...shown, secret: Secret })
const RotatedSecret = closed({
  secret: Secret,
  oldSecretUntil: { ...Instant, description: 'Until then the old secret signs along.' },
})
const params = Type.Object({ id: PathId })

export function webhookEndpointRoutes(app: Api, context: ApiContext): void {
  const { webhookPrivateHosts: privateHosts } = context.settings
  const endpoints: Kept<EndpointRow, typeof EndpointFields> = {
    noun,
    path: '/v1/webhook-endpoints',
    tag: 'Webhooks',
    fields: EndpointFields,
    shown: EndpointShown,
    filters: { brandId: Type.Optional(Uuid), clientId: Type.Optional(Uuid) },
    configures: false,
    show: showEndpoint,
    list: (tx, _scope, { filter: { brandId = null, clientId = null }, ...page }) =>
      listEndpoints(tx, { ...page, brandId, clientId }),
    find: (tx, _scope, id, lock) => findEndpoint(tx, id, lock),
  }
  readRoutes(app, context, endpoints)

  app.post(
    endpoints.path,
    {
      schema: {
        tags: ['Webhooks'],
        summary: `Create: ${noun}`,
        description: 'The answer bears the secret, this once.',
        body: EndpointFields,
        response: { 201: EndpointOnce },
      },
    },
    async (request, reply) => {
      const scope = readScope(request)
      const secret = makeSecret()
      await checkUrl(request.body.url, privateHosts)
      const row = await write(
        context,
        request,
        async (tx) => {
          const owner = await findOwner(tx, scope, request.body)
          const values = completeEndpoint(request.body, owner)
          const made = await insertEndpoint(tx, { id: newId(scope.now), ...owner, ...values })
          await replaceSecret(tx, { endpointId: made.id, secret, oldUntil: scope.now, now: scope.now })
          return made
        },
        'nothing-in-memory',
      )
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .header('location', `${endpoints.path}/${row.id}`)
        .send({ ...showEndpoint(row), secret: secretPrefix + secret })
    },
  )

  app.patch(`${endpoints.path}/:id`, { schema: patchSchema(endpoints) }, async (request, reply) => {
    if (typeof request.body.url === 'string') await checkUrl(request.body.url, privateHosts)
    return answerPatched(
      context,
      endpoints,
      { request, reply },
      {
        sent: request.body,
        toFields: toEndpointFields,
        update(tx, { now }, row, fields) {
          keepBrand(row, fields.brandId)
          if ((fields.clientId?.toLowerCase() ?? null) !== row.clientId) throw clientIsFixed()
          return updateEndpoint(tx, row.id, completeEndpoint(fields, row), now)
        },
      },
    )
  })

  app.delete(`${endpoints.path}/:id`, { schema: removeSchema(endpoints) }, (request, reply) =>
    answerRemoved(context, endpoints, { request, reply }, (tx, _scope, row) => deleteEndpoint(tx, row.id)),
  )

  app.post(
    `${endpoints.path}/:id/rotate-secret`,
    {
      schema: {
        tags: ['Webhooks'],
        summary: 'Make another secret',
        description: 'The old one signs along for 24 hours.',
        params,
        response: { 200: RotatedSecret },
      },
    },
    async (request, reply) => {
      const { now } = readScope(request)
      const endpointId = readId(request, noun)
      const secret = makeSecret()
      const oldUntil = now + oldSecretMs
      await write(
        context,
        request,
        async (tx) => {
          await getEndpoint(tx, endpointId)
          await replaceSecret(tx, { endpointId, secret, oldUntil, now })
        },
        'nothing-in-memory',
      )
      reply.header('cache-control', 'no-store')
      return { secret: secretPrefix + secret, oldSecretUntil: instantText(oldUntil) }
    },
  )

  app.post(
    `${endpoints.path}/:id/ping`,
    {
      schema: {
        tags: ['Webhooks'],
        summary: `Send ${pingEvent}`,
        description: 'The delivery that is on its way; an endpoint that is off gets none until it is on.',
        params,
        response: { 202: DeliveryShown },
      },
    },
    async (request, reply) => {
      const { now } = readScope(request)
      const endpointId = readId(request, noun)
      const row = await write(
        context,
        request,
        async (tx) => {
          const endpoint = await getEndpoint(tx, endpointId)
          return insertDelivery(tx, makePing(endpoint, now))
        },
        'nothing-in-memory',
      )
      return reply.code(202).send(showDelivery(row))
    },
  )
}

function makePing({ id: endpointId, brandId, clientId }: EndpointRow, now: number) {
  const eventId = newId(now)
  const body = JSON.stringify({
    specversion: '1.0',
    id: eventId,
    source: '/tollgate',
    type: pingEvent,
    subject: endpointId,
    time: instantText(now),
    datacontenttype: 'application/json',
    data: { endpointId },
  })
  const times = { nextAttemptAt: now, triesSince: now, createdAt: now }
  const owner = { endpointId, brandId, clientId }
  return { id: newId(now), ...owner, eventId, event: pingEvent, body, status: 'pending', ...times }
}

function makeSecret(): string {
  return randomBytes(secretBytes).toString('base64')
}

/** A key or an admin of a client has endpoints of that client alone. */
async function findOwner(
  tx: Tx,
  { identity }: Pick<Scope, 'identity'>,
  { brandId, clientId }: { brandId?: string; clientId?: string | null },
): Promise<{ brandId: string; clientId: string | null }> {
  const ofClient = clientId?.toLowerCase() ?? identity.clientId
  if (ofClient === null) {
    const owner = owningBrand(identity, brandId)
    if (!(await findBrand(tx, owner, 'none'))) throw new NotFound('brand', owner)
    return { brandId: owner, clientId: null }
  }
  const client = await findClient(tx, ofClient, 'none')
  if (!client || (identity.clientId !== null && identity.clientId !== client.id)) {
    throw new NotFound('client', ofClient)
  }
  keepBrand(client, brandId)
  return { brandId: client.brandId, clientId: client.id }
}

function completeEndpoint(
  { url, events, description, enabled = true }: EndpointFields,
  owner: { clientId: string | null; disabledReason?: string | null },
) {
  const faults = new Faults()
  for (const [place, event] of events.entries()) {
    if (isKnownEvent(event, owner.clientId === null ? 'brand' : 'client')) continue
    faults.add(`/events/${place}`, 'is not a type of fact, nor the beginning of one')
  }
  faults.throwIfAny()
  const disabledReason = enabled ? null : (owner.disabledReason ?? null)
  return { url, events, description: description ?? '', enabled, disabledReason }
}

/** Throws `InvalidRequest`. */
async function checkUrl(text: string, privateHosts: PrivateHosts): Promise<void> {
  const fault = (detail: string) =>
    new InvalidRequest('This address cannot be used.', [{ pointer: '/url', detail }])
  if (!URL.canParse(text)) throw fault('is not a valid URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw fault('must begin with https:// or http://')
  if (url.username !== '' || url.password !== '') throw fault('must not hold a user or a password')
  try {
    await checkName(url, privateHosts)
  } catch (error) {
    if (error instanceof NotReachable) throw fault(error.message)
    throw error
  }
}

async function getEndpoint(tx: Tx, id: string): Promise<EndpointRow> {
  const row = await findEndpoint(tx, id, 'update')
  if (!row) throw new NotFound(noun, id)
  return row
}

function toEndpointFields(row: EndpointRow): EndpointFields {
  const { brandId, clientId, url, events, description, enabled } = row
  return { brandId, clientId, url, events, description, enabled }
}

function showEndpoint(row: EndpointRow) {
  return {
    id: row.id,
    ...toEndpointFields(row),
    disabledReason: row.disabledReason,
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  }
}

function clientIsFixed(): InvalidRequest {
  return new InvalidRequest('The client cannot be changed.', [
    { pointer: '/clientId', detail: 'cannot change' },
  ])
}
