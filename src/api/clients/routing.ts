/**
 * `/v1/media-relay-sets` and `/v1/application-servers`: where legs may be sent.
 */
import type { Static } from 'typebox'
import {
  type ApplicationServerRow,
  deleteApplicationServer,
  deleteMediaRelaySet,
  findApplicationServer,
  findMediaRelaySet,
  insertApplicationServer,
  insertMediaRelaySet,
  listApplicationServers,
  listMediaRelaySets,
  type MediaRelaySetRow,
  updateApplicationServer,
  updateMediaRelaySet,
} from '../../db/clients/routing.ts'
import { instantText } from '../../db/columns.ts'
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
    list: (tx, _scope, page) => listMediaRelaySets(tx, page),
    find: (tx, _scope, id, lock) => findMediaRelaySet(tx, id, lock),
    create: (tx, { now }, { name, relays }) => insertMediaRelaySet(tx, { id: newId(now), name, relays }),
    patch: {
      fieldsOf: ({ name, relays }) => ({ name, relays }) as Static<typeof MediaRelaySetFields>,
      update: (tx, { now }, row, { name, relays }) =>
        updateMediaRelaySet(tx, { id: row.id, name, relays, now }),
    },
    remove: (tx, _scope, row) => deleteMediaRelaySet(tx, row.id),
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
    list: (tx, _scope, page) => listApplicationServers(tx, page),
    find: (tx, _scope, id, lock) => findApplicationServer(tx, id, lock),
    create: (tx, { now }, fields) => insertApplicationServer(tx, { id: newId(now), ...fields }),
    patch: {
      fieldsOf: ({ name, address }) => ({ name, address }),
      update: (tx, { now }, row, fields) => updateApplicationServer(tx, { id: row.id, now, ...fields }),
    },
    remove: (tx, _scope, row) => deleteApplicationServer(tx, row.id),
  })
}
