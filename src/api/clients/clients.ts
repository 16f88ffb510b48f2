/**
 * `/v1/clients`: who pays.
 */
import Type, { type Static } from 'typebox'
import { allocateBalance } from '../../accounts/allocate-balance.ts'
import { hasAuthorizedSource } from '../../db/clients/authorized-sources.ts'
import { findBrand } from '../../db/clients/brands.ts'
import {
  type ClientFilter,
  type ClientRow,
  deleteClient,
  findClient,
  findClientByDomain,
  findOtherPlanCurrency,
  findTaxIds,
  hasCorporation,
  insertClient,
  listClients,
  lockAndFindMoney,
  updateClient,
} from '../../db/clients/clients.ts'
import { hasApplicationServer, hasMediaRelaySet } from '../../db/clients/routing.ts'
import { readNumbering } from '../../db/configuration/read-settings.ts'
import type { Tx } from '../../db/connection.ts'
import { findNotificationTemplate } from '../../db/messages/notification-templates.ts'
import { Conflict, Forbidden, NotFound, TollgateError } from '../../errors.ts'
import { billingMethods } from '../../limits/client.ts'
import { settingOfKind, wordedKinds } from '../../notifications/mail-content.ts'
import { normalizeNumber } from '../../rating/normalize-number.ts'
import { oneOf, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import type { Scope } from '../conventions/request-scope.ts'
import { type Page, registerResource } from '../conventions/resource.ts'
import {
  type ChosenTemplates,
  ClientFields,
  ClientShown,
  completeClient,
  platformFields,
  showClient,
  toClientFields,
} from './client-fields.ts'
import { eInvoiceCheck, findMissingOfClients, type MissingFields } from './e-invoice-check.ts'

/** A client as it is shown: the row, whether anything but its countries lets calls in, and what a check found missing. */
type ShownClient = ClientRow & {
  letsNobodyIn: boolean
  /** Made by this request. */
  isNew?: true
  missing?: Static<typeof MissingFields>
}

const maxIds = 100
const idPattern = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

const clientFilters = {
  brandId: Type.Optional(Uuid),
  search: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 253,
      pattern: '^[^\\p{Cc}]+$',
      description: 'Part of the name or the SIP domain, in any case of letters.',
    }),
  ),
  ids: Type.Optional(
    Type.String({
      pattern: `^${idPattern}(,${idPattern}){0,${maxIds - 1}}$`,
      description: `Only these: at most ${maxIds} ids, with commas between.`,
    }),
  ),
  billingMethod: Type.Optional(oneOf(billingMethods)),
  corporationId: Type.Optional(Uuid),
  suspended: Type.Optional(oneOf(['true', 'false'])),
}

const nobodyPasses =
  'filterByIp is on and no country and no authorized source is listed: no outgoing call passes.'

/** Said when the client is made, not each time that it is shown. */
const noDailyLimit =
  'maxDailyUsage is null: whoever takes over a line of this client may spend without a limit of the day.'

export function clientRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'client',
    path: '/v1/clients',
    tag: 'Clients',
    fields: ClientFields,
    shown: ClientShown,
    filters: clientFilters,
    sorts: true,
    configures: true,
    asides: {
      query: eInvoiceCheck,
      async add(tx, rows, { check }) {
        if (check === undefined) return rows
        const missing = await findMissingOfClients(tx, rows)
        return rows.map((row) => ({ ...row, missing: missing.get(row.id) ?? [] }))
      },
    },
    show: ({ letsNobodyIn, isNew, missing, ...row }: ShownClient, { identity }: Scope) => ({
      ...showClient(
        row,
        { seesPlatformFields: identity.role === 'platform' },
        {
          warnings: [
            ...(letsNobodyIn ? [nobodyPasses] : []),
            ...(isNew && row.maxDailyUsage === null && row.billingMethod !== 'none' ? [noDailyLimit] : []),
          ],
        },
      ),
      ...(missing && { missing }),
    }),
    async list(tx, { identity }, { filter, ...page }): Promise<ShownClient[]> {
      // Known to row-level security alone, the brand would lead to no index.
      const ofBrand = { ...(identity.brandId && { brandId: identity.brandId }), ...filter }
      const rows = await listClients(tx, { ...page, filter: readClientFilter(ofBrand) })
      return rows.map((row) => ({ ...row, letsNobodyIn: false }))
    },
    async find(tx, _scope, id, lock): Promise<ShownClient | undefined> {
      const row = await findClient(tx, id, lock)
      return row && withWarning(tx, row)
    },
    async findByName(tx, _scope, name): Promise<ShownClient | undefined> {
      const row = await findClientByDomain(tx, name.toLowerCase())
      return row && withWarning(tx, row)
    },
    async create(tx, { identity, now }, fields): Promise<ShownClient> {
      refusePlatformFields(fields, identity.role)
      const brandId = owningBrand(identity, fields.brandId)
      const values = await completeFor(tx, brandId, fields, undefined)
      await checkTaxes(tx, brandId, values.taxIds, [])
      const row = await insertClient(tx, { id: newId(now), brandId, values, now })
      return { ...(await withWarning(tx, row)), isNew: true }
    },
    patch: {
      toFields: ({ letsNobodyIn: _letsNobodyIn, isNew: _isNew, ...row }: ShownClient) => toClientFields(row),
      check: (patch, { identity }) => refusePlatformFields(patch, identity.role),
      async update(tx, { identity, now }, row, fields) {
        keepBrand(row, fields.brandId)
        const values = await completeFor(tx, row.brandId, fields, toClientFields(row))
        await checkTaxes(tx, row.brandId, values.taxIds, row.taxIds)
        if (values.currency !== row.currency) await checkCurrencyMayChange(tx, row, values.currency)
        if (values.pricesIncludeTax !== row.pricesIncludeTax) await checkTaxInPricesMayChange(tx, row)
        const updated = await updateClient(tx, row, { values, now })
        if (updated.autoAllocate && !row.autoAllocate) {
          await allocateBalance(tx, { clientId: row.id, actor: identity.actor, now })
        }
        return withWarning(tx, updated)
      },
      async finish(before, after) {
        const { leases } = context.calls
        const isLimited = limitFields.some((name) => String(before[name]) !== String(after[name]))
        if (leases && isLimited) await leases.callBackAll({ clientIds: [after.id], brandIds: [] })
      },
    },
    remove: (tx, _scope, row) => deleteClient(tx, row.id),
  })
}

/** What replicas have leased by the old ones is called back. */
const limitFields = ['billingMethod', 'creditLimit', 'maxDailyUsage', 'maxCalls', 'suspended'] as const

function readClientFilter({ suspended, ids, ...filter }: Page['filter']): ClientFilter {
  return {
    ...filter,
    ids: ids?.split(','),
    suspended: suspended === undefined ? undefined : suspended === 'true',
  }
}

async function withWarning(tx: Tx, row: ClientRow): Promise<ShownClient> {
  const mayWarn = row.filterByIp && row.geoIpAllowedCountries.length === 0
  return { ...row, letsNobodyIn: mayWarn && !(await hasAuthorizedSource(tx, row.id)) }
}

function refusePlatformFields(fields: object, role: string): void {
  if (role === 'platform') return
  const errors = platformFields
    .filter((field) => field in fields)
    .map((field) => ({ pointer: `/${field}`, detail: 'can only be set by the platform' }))
  if (errors.length > 0) {
    throw new TollgateError({ ...forbidden(errors.map(({ pointer }) => pointer.slice(1))), errors })
  }
}

function forbidden(names: string[]) {
  const { code, status, message } = new Forbidden(`Only the platform sets ${names.join(' and ')}.`)
  return { code, status, detail: message }
}

async function completeFor(tx: Tx, brandId: string, fields: ClientFields, before: ClientFields | undefined) {
  const brand = await findBrand(tx, brandId, 'none')
  if (!brand) throw new NotFound('brand', brandId)
  const numbering = fields.numbering ?? readNumbering(brand.numbering)
  const toE164 = (number: string) => normalizeNumber(number, numbering)
  const values = completeClient(fields, { brand, toE164, before })
  const { corporationId, mediaRelaySetId, applicationServerId } = values
  if (corporationId !== null && !(await hasCorporation(tx, brandId, corporationId))) {
    throw new NotFound('corporation', corporationId)
  }
  if (mediaRelaySetId !== null && !(await hasMediaRelaySet(tx, mediaRelaySetId))) {
    throw new NotFound('media relay set', mediaRelaySetId)
  }
  if (applicationServerId !== null && !(await hasApplicationServer(tx, applicationServerId))) {
    throw new NotFound('application server', applicationServerId)
  }
  await checkTemplates(tx, brandId, values.notificationTemplates)
  return values
}

/** Locked, so that none is deleted between the check and the client's row. */
async function checkTemplates(tx: Tx, brandId: string, chosen: ChosenTemplates): Promise<void> {
  const faults = new Faults()
  for (const kind of wordedKinds) {
    const id = chosen[settingOfKind[kind]]
    if (id === null) continue
    const template = await findNotificationTemplate(tx, id, 'share')
    if (!template || template.brandId !== brandId) throw new NotFound('notification template', id)
    if (template.kind !== kind) {
      faults.add(
        `/notificationTemplates/${settingOfKind[kind]}`,
        `is a template for ${template.kind} mails, not for ${kind}`,
      )
    }
  }
  faults.throwIfAny()
}

/** One that was deleted since it was given stays where it is: it is no reason to refuse another change. */
async function checkTaxes(
  tx: Tx,
  brandId: string,
  wanted: readonly string[],
  had: readonly string[],
): Promise<void> {
  const added = wanted.filter((id) => !had.includes(id))
  const known = await findTaxIds(tx, brandId, added)
  const faults = new Faults()
  for (const id of added) {
    if (!known.has(id)) faults.add(`/taxIds/${wanted.indexOf(id)}`, 'is not a known tax of the brand')
  }
  faults.throwIfAny()
}

/** What was charged so far would mean another sum. */
async function checkTaxInPricesMayChange(tx: Tx, client: ClientRow): Promise<void> {
  if ((await lockAndFindMoney(tx, client.id)) !== 'money') return
  const detail = client.pricesIncludeTax ? 'include their tax' : 'are without tax'
  throw new Conflict('prices_include_tax_fixed', `Prices that this client has paid ${detail} already.`, [
    { pointer: '/pricesIncludeTax', detail: 'cannot change' },
  ])
}

async function checkCurrencyMayChange(tx: Tx, client: ClientRow, currency: string): Promise<void> {
  const place = [{ pointer: '/currency', detail: 'cannot change' }]
  if ((await lockAndFindMoney(tx, client.id)) === 'money') {
    throw new Conflict('currency_fixed', `This client has money in ${client.currency} already.`, place)
  }
  const other = await findOtherPlanCurrency(tx, client.id, currency)
  if (other !== undefined) {
    throw new TollgateError({
      code: 'currency_mismatch',
      status: 422,
      detail: `A rating profile of this client names a plan in ${other}.`,
      errors: [{ pointer: '/currency', detail: `must be ${other}` }],
    })
  }
}
