/**
 * `/v1/media-relay-sets` and `/v1/application-servers`: where legs may be sent.
 */
import type { Static } from 'typebox'
import { brandRows } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import { applicationServers, mediaRelaySets } from '../../db/schema.ts'
import { closed, Instant, Name, Uuid } from '../../shapes/fields.ts'
import { NamedAddress, Relays } from '../../shapes/settings.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { registerResource } from '../conventions/resource.ts'

const MediaRelaySetFields = closed({
  name: Name,
  relays: Relays,
})
const ApplicationServerFields = NamedAddress

type MediaRelaySetRow = typeof mediaRelaySets.$inferSelect
const relaySets = brandRows<MediaRelaySetRow>(mediaRelaySets)
type ApplicationServerRow = typeof applicationServers.$inferSelect
const servers = brandRows<ApplicationServerRow>(applicationServers)

export function mediaRelaySetRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'media relay set',
    path: '/v1/media-relay-sets',
    tag: 'Routing',
    fields: MediaRelaySetFields,
    shown: closed({ id: Uuid, ...MediaRelaySetFields.properties, createdAt: Instant, updatedAt: Instant }),
    sorts: true,
    configures: true,
    show: (row: MediaRelaySetRow) => ({
      id: row.id,
      name: row.name,
      relays: row.relays,
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, page) => relaySets.list(tx, page),
    find: (tx, _scope, id, lock) => relaySets.find(tx, id, lock),
    create: (tx, { now }, { name, relays }) => relaySets.insert(tx, { id: newId(now), name, relays }),
    patch: {
      toFields: ({ name, relays }) => ({ name, relays }) as Static<typeof MediaRelaySetFields>,
      update: (tx, { now }, row, { name, relays }) => relaySets.update(tx, row.id, { name, relays }, now),
    },
    remove: (tx, _scope, row) => relaySets.remove(tx, row.id),
  })
}

export function applicationServerRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'application server',
    path: '/v1/application-servers',
    tag: 'Routing',
    fields: ApplicationServerFields,
    shown: closed({
      id: Uuid,
      ...ApplicationServerFields.properties,
      createdAt: Instant,
      updatedAt: Instant,
    }),
    sorts: true,
    configures: true,
    show: (row: ApplicationServerRow) => ({
      id: row.id,
      name: row.name,
      address: row.address,
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, page) => servers.list(tx, page),
    find: (tx, _scope, id, lock) => servers.find(tx, id, lock),
    create: (tx, { now }, fields) => servers.insert(tx, { id: newId(now), ...fields }),
    patch: {
      toFields: ({ name, address }) => ({ name, address }),
      update: (tx, { now }, row, fields) => servers.update(tx, row.id, fields, now),
    },
    remove: (tx, _scope, row) => servers.remove(tx, row.id),
  })
}
