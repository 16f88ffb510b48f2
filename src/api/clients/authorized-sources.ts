/**
 * `/v1/clients/{id}/authorized-sources`: networks that the client's outgoing calls may come from.
 */
import ipaddr from 'ipaddr.js'
import Type from 'typebox'
import {
  type AuthorizedSourceRow,
  deleteAuthorizedSource,
  findAuthorizedSource,
  insertAuthorizedSource,
  listAuthorizedSources,
} from '../../db/clients/authorized-sources.ts'
import { instantText } from '../../db/columns.ts'
import { InvalidRequest } from '../../errors.ts'
import { closed, Instant, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { registerResource } from '../conventions/resource.ts'

const SourceFields = closed({
  cidr: Type.String({
    maxLength: 64,
    description: 'An IPv4 or IPv6 address or CIDR range.',
    examples: ['203.0.113.0/24'],
  }),
})

export function authorizedSourceRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'authorized source',
    path: '/v1/clients/:clientId/authorized-sources',
    tag: 'Clients',
    fields: SourceFields,
    shown: closed({ id: Uuid, ...SourceFields.properties, createdAt: Instant }),
    configures: true,
    show: (row: AuthorizedSourceRow) => ({
      id: row.id,
      cidr: row.cidr,
      createdAt: instantText(row.createdAt),
    }),
    async list(tx, scope, page) {
      return listAuthorizedSources(tx, (await parentClient(tx, scope)).id, page)
    },
    async find(tx, scope, id) {
      return findAuthorizedSource(tx, { clientId: (await parentClient(tx, scope)).id, id })
    },
    async create(tx, scope, { cidr }) {
      const client = await parentClient(tx, scope)
      return insertAuthorizedSource(tx, {
        id: newId(scope.now),
        clientId: client.id,
        cidr: canonicalCidr(cidr),
      })
    },
    remove: (tx, _scope, row) => deleteAuthorizedSource(tx, row.id),
  })
}

/** One text per network: host bits cleared, IPv6 shortened, an address without its full-length mask. */
export function canonicalCidr(text: string): string {
  const [address = '', bits, ...rest] = text.split('/')
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)
  if (
    !isAddress ||
    address.includes('%') ||
    rest.length > 0 ||
    (bits !== undefined && !/^\d{1,3}$/.test(bits))
  ) {
    throw notCidr(text)
  }
  const parsed = ipaddr.parse(address)
  const width = parsed.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? width : Number(bits)
  if (length > width) throw notCidr(text)
  if (length === width) return parsed.toString()
  const network =
    parsed.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${parsed}/${length}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/${length}`)
  return `${network}/${length}`
}

function notCidr(text: string): InvalidRequest {
  return new InvalidRequest(`"${text.slice(0, 64)}" is not an IP address or CIDR range.`, [
    { pointer: '/cidr', detail: 'must be an address such as 203.0.113.7 or a range such as 203.0.113.0/24' },
  ])
}
