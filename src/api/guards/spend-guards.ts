/**
 * `/v1/spend-guards`: what legs of a kind may come to in a while, against toll fraud. An answer comes when this replica
 * decides by what was written, with what the calls before it have come to.
 */
import Type from 'typebox'
import { loadGuardHistory } from '../../calls/guards/load-guard-history.ts'
import { testGuard } from '../../calls/guards/test-guard.ts'
import { findBrand } from '../../db/clients/brands.ts'
import { findClient, listOtherCurrencies } from '../../db/clients/clients.ts'
import { instantText } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import { readGuard } from '../../db/guards/configured-guards.ts'
import {
  deleteSpendGuard,
  findSpendGuard,
  type GuardRow,
  insertSpendGuard,
  liftGuard,
  listSpendGuards,
  updateSpendGuard,
} from '../../db/guards/spend-guards.ts'
import { InvalidRequest, NotFound } from '../../errors.ts'
import { formatAmount } from '../../money.ts'
import { Amount, Currency, closed, Instant, PathId, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { readId, readScope, type Scope } from '../conventions/request-scope.ts'
import {
  answerCreated,
  answerPatched,
  answerRemoved,
  createSchema,
  type Kept,
  patchSchema,
  readRoutes,
  removeSchema,
} from '../conventions/resource.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import {
  completeGuard,
  GuardFields,
  GuardShown,
  type ShownGuard,
  showGuard,
  toGuardFields,
} from './guard-fields.ts'

const noun = 'spend guard'

const Lift = closed({
  clientId: Uuid,
  minutes: Type.Integer({ minimum: 0, maximum: 10_080, description: 'From now on; 0 ends a lift.' }),
})
const LiftShown = closed({ guardId: Uuid, clientId: Uuid, until: Instant })

const TestOrder = closed({
  guard: GuardFields,
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 30, description: 'The last ones; 30.' })),
})
const stopped = {
  stoppedCalls: Type.Integer({ description: 'Refused, or hung up.' }),
  stoppedSpend: { ...Amount, description: 'What they, or their rest, have cost.' },
  trips: Type.Integer({ description: 'Hours in which it would have told, for each client singly.' }),
}
const TestResult = closed({
  days: Type.Integer(),
  currency: Currency,
  calls: Type.Integer(),
  spent: Amount,
  ...stopped,
  clients: Type.Array(closed({ clientId: Uuid, ...stopped, firstAt: Instant }), {
    description:
      'Those for which it would have tripped, 100 at most; of whom most would have been stopped first.',
  }),
})

export function spendGuardRoutes(app: Api, context: ApiContext): void {
  const guards: Kept<ShownGuard, typeof GuardFields> = {
    noun,
    path: '/v1/spend-guards',
    tag: 'Guards',
    fields: GuardFields,
    shown: GuardShown,
    filters: { brandId: Type.Optional(Uuid), clientId: Type.Optional(Uuid) },
    sorts: true,
    configures: true,
    show: showGuard,
    async list(tx, _scope, { filter: { brandId = null, clientId = null }, ...page }) {
      const rows = await listSpendGuards(tx, { ...page, brandId, clientId })
      const currencies = new Map<string, string>()
      for (const id of new Set(rows.map((row) => row.brandId))) currencies.set(id, await readCurrency(tx, id))
      return rows.map((row) => ({ ...row, currency: currencies.get(row.brandId) ?? '', warnings: [] }))
    },
    async find(tx, _scope, id, lock) {
      const row = await findSpendGuard(tx, id, lock)
      return row && shownGuard(context, tx, row)
    },
  }
  const follow = (row: { brandId: string; clientId: string | null }) => loadGuardHistory(context.calls, row)

  readRoutes(app, context, guards)

  app.post(guards.path, { schema: createSchema(guards) }, async (request, reply) => {
    let made: GuardRow | undefined
    const answer = await answerCreated(context, guards, { request, reply }, async (tx, scope) => {
      const owner = await findOwner(tx, scope, request.body)
      const values = completeGuard(request.body)
      made = await insertSpendGuard(tx, { id: newId(scope.now), ...owner, ...values, createdAt: scope.now })
      return shownGuard(context, tx, made)
    })
    if (made) await follow(made)
    return answer
  })

  app.patch(`${guards.path}/:id`, { schema: patchSchema(guards) }, async (request, reply) => {
    let changed: GuardRow | undefined
    const answer = await answerPatched(
      context,
      guards,
      { request, reply },
      {
        sent: request.body,
        toFields: ({ currency: _currency, warnings: _warnings, ...row }) => toGuardFields(row),
        async update(tx, { now }, { currency: _currency, warnings: _warnings, ...row }, fields) {
          keepBrand(row, fields.brandId)
          if ((fields.clientId?.toLowerCase() ?? null) !== row.clientId) throw clientIsFixed()
          const values = completeGuard(fields, '', toGuardFields(row))
          changed = await updateSpendGuard(tx, row.id, values, now)
          return shownGuard(context, tx, changed)
        },
      },
    )
    if (changed) await follow(changed)
    return answer
  })

  app.delete(`${guards.path}/:id`, { schema: removeSchema(guards) }, (request, reply) =>
    answerRemoved(context, guards, { request, reply }, (tx, _scope, row) => deleteSpendGuard(tx, row.id)),
  )

  app.post(
    `${guards.path}/:id/lift`,
    {
      schema: {
        tags: ['Guards'],
        summary: 'Let a client pass for a while',
        description: 'The guard goes on counting, and neither refuses nor hangs up.',
        params: Type.Object({ id: PathId }),
        body: Lift,
        response: { 200: LiftShown },
      },
    },
    async (request) => {
      const { now } = readScope(request)
      const guardId = readId(request, noun)
      const clientId = request.body.clientId.toLowerCase()
      const until = now + request.body.minutes * 60_000
      await write(context, request, async (tx) => {
        const guard = await findSpendGuard(tx, guardId, 'update')
        if (!guard) throw new NotFound(noun, guardId)
        const client = await findClient(tx, clientId, 'none')
        const isHeld = client?.brandId === guard.brandId && (guard.clientId ?? clientId) === clientId
        if (!isHeld) throw new NotFound('client', clientId)
        await liftGuard(tx, { guardId, clientId, brandId: guard.brandId, until, now })
      })
      return { guardId, clientId, until: instantText(until) }
    },
  )

  app.post(
    `${guards.path}/test`,
    {
      schema: {
        tags: ['Guards'],
        summary: 'What a guard would have stopped',
        description: 'The calls of the last days before its rules. Nothing is kept.',
        body: TestOrder,
        response: { 200: TestResult },
      },
    },
    async (request) => {
      const scope = readScope(request)
      const { guard: fields, days = 30 } = request.body
      const values = completeGuard(fields, '/guard')
      const { owner, currency } = await read(context, request, async (tx) => {
        const found = await findOwner(tx, scope, fields)
        return { owner: found, currency: await readCurrency(tx, found.brandId) }
      })
      const row = { id: newId(scope.now), ...values, createdAt: scope.now }
      const guard = readGuard(row, currency)
      const clients = [...context.configuration.listClients()].filter(
        ({ id, brandId }) => brandId === owner.brandId && (owner.clientId ?? id) === id,
      )
      const result = await testGuard(context.calls, { guard, clients, days })
      return {
        ...result,
        days,
        currency,
        spent: formatAmount(result.spent),
        stoppedSpend: formatAmount(result.stoppedSpend),
        clients: result.clients.map(({ stoppedSpend, firstAt, ...client }) => ({
          ...client,
          stoppedSpend: formatAmount(stoppedSpend),
          firstAt: instantText(firstAt),
        })),
      }
    },
  )
}

/** A guard of one client is its brand's, too. */
async function findOwner(
  tx: Tx,
  { identity }: Pick<Scope, 'identity'>,
  { brandId, clientId }: { brandId?: string; clientId?: string | null },
): Promise<{ brandId: string; clientId: string | null }> {
  if (clientId == null) {
    const owner = owningBrand(identity, brandId)
    await readCurrency(tx, owner)
    return { brandId: owner, clientId: null }
  }
  const client = await findClient(tx, clientId.toLowerCase(), 'none')
  if (!client) throw new NotFound('client', clientId)
  keepBrand(client, brandId)
  return { brandId: client.brandId, clientId: client.id }
}

async function shownGuard(
  { configuration }: Pick<ApiContext, 'configuration'>,
  tx: Tx,
  row: GuardRow,
): Promise<ShownGuard> {
  const currency = await readCurrency(tx, row.brandId)
  if (!limitsMoney(row)) return { ...row, currency, warnings: [] }
  const { brandId, clientId } = row
  const rates = configuration.exchangeRatesOfBrand(brandId)
  const others = await listOtherCurrencies(tx, { brandId, clientId, currency })
  const warnings = others
    .filter((other) => !rates.find(other, currency, Date.now()))
    .map((other) => `Prices in ${other} count at face value: there is no exchange rate to ${currency}.`)
  return { ...row, currency, warnings }
}

function limitsMoney({ limits }: GuardRow): boolean {
  const names = Object.keys(limits as object)
  return names.includes('spendPerHour') || names.includes('spendPerDay')
}

async function readCurrency(tx: Tx, brandId: string): Promise<string> {
  const brand = await findBrand(tx, brandId, 'none')
  if (!brand) throw new NotFound('brand', brandId)
  return brand.currency
}

function clientIsFixed(): InvalidRequest {
  return new InvalidRequest('The client cannot be changed.', [
    { pointer: '/clientId', detail: 'cannot change' },
  ])
}
