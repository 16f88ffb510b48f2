/**
 * Which resources are there, which routes act on each, and which role may call them? One list: a route that is not in
 * it does not exist (the server refuses to start), an API key's scopes are `<resource>:read` and `<resource>:write`,
 * and a restricted admin has letters of "crud" per resource.
 *
 * Another tenant's rows are a matter of the database (row-level security, answered 404), not of this list.
 */
import type { Role } from '../identities/identity.ts'
import type { Letter, Right } from '../identities/rights.ts'
import { reportFormats, reportNames } from '../reports/open-report.ts'

const platform: readonly Role[] = ['platform']
const operators: readonly Role[] = ['platform', 'brand']
const readers: readonly Role[] = ['platform', 'brand', 'finance']
const clientOperators: readonly Role[] = ['platform', 'brand', 'client']
const people: readonly Role[] = ['client', 'brand']
const clientReaders: readonly Role[] = ['platform', 'brand', 'finance', 'client']
const engines: readonly Role[] = ['platform', 'brand', 'engine']
const everybody: readonly Role[] = ['platform', 'brand', 'finance', 'client', 'engine']

/** Routes under `/v1` that take no key: who logs in has none yet. */
export const openRoutes: ReadonlySet<string> = new Set([
  'POST /v1/sessions',
  'POST /v1/sessions/refresh',
  'POST /v1/sessions/cookie',
  'POST /v1/sessions/cookie/key',
  'POST /v1/sessions/forgotten-password',
  'POST /v1/sessions/new-password',
])

/** Collections that are not called as their resource is. */
const collections: Readonly<Record<string, string>> = { webhooks: 'webhook-endpoints' }

/** Questions that are asked with POST. */
const questions: ReadonlySet<string> = new Set([
  'authorization-checks',
  'price-simulations',
  'price-comparisons',
  'what-if',
])

const resources = {
  currencies: {
    'GET /v1/currencies': everybody,
  },
  brands: {
    'GET /v1/brands': clientReaders,
    'POST /v1/brands': platform,
    'GET /v1/brands/:id': clientReaders,
    'PATCH /v1/brands/:id': operators,
    'DELETE /v1/brands/:id': platform,
  },
  clients: {
    'GET /v1/clients': clientReaders,
    'POST /v1/clients': operators,
    'GET /v1/clients/:id': clientReaders,
    'PATCH /v1/clients/:id': operators,
    'DELETE /v1/clients/:id': operators,
  },
  'authorized-sources': {
    'GET /v1/clients/:clientId/authorized-sources': clientReaders,
    'POST /v1/clients/:clientId/authorized-sources': operators,
    'GET /v1/clients/:clientId/authorized-sources/:id': clientReaders,
    'DELETE /v1/clients/:clientId/authorized-sources/:id': operators,
  },
  'rating-profiles': {
    'GET /v1/clients/:clientId/rating-profiles': clientReaders,
    'POST /v1/clients/:clientId/rating-profiles': operators,
    'GET /v1/clients/:clientId/rating-profiles/:id': clientReaders,
    'PATCH /v1/clients/:clientId/rating-profiles/:id': operators,
    'DELETE /v1/clients/:clientId/rating-profiles/:id': operators,
  },
  balance: {
    'GET /v1/clients/:clientId/balance': clientReaders,
  },
  'balance-movements': {
    'GET /v1/clients/:clientId/balance-movements': clientReaders,
    'POST /v1/clients/:clientId/balance-movements': operators,
  },
  'balance-alerts': {
    'GET /v1/clients/:clientId/balance-alerts': clientReaders,
    'POST /v1/clients/:clientId/balance-alerts': clientOperators,
    'GET /v1/clients/:clientId/balance-alerts/:id': clientReaders,
    'PATCH /v1/clients/:clientId/balance-alerts/:id': clientOperators,
    'DELETE /v1/clients/:clientId/balance-alerts/:id': clientOperators,
  },
  'daily-usage': {
    'GET /v1/clients/:clientId/daily-usage': clientReaders,
  },
  statement: {
    'GET /v1/clients/:clientId/statement': clientReaders,
  },
  calls: {
    'GET /v1/clients/:clientId/calls': clientReaders,
    'GET /v1/calls': clientReaders,
    'GET /v1/calls/:clientId/:callId': clientReaders,
    'POST /v1/calls/:clientId/:callId/waive': operators,
    'POST /v1/calls/:clientId/:callId/hangup': operators,
  },
  'running-calls': {
    'GET /v1/clients/:clientId/running-calls': clientReaders,
  },
  corporations: {
    'GET /v1/corporations': readers,
    'POST /v1/corporations': operators,
    'GET /v1/corporations/:id': readers,
    'PATCH /v1/corporations/:id': operators,
    'DELETE /v1/corporations/:id': operators,
  },
  'media-relay-sets': {
    'GET /v1/media-relay-sets': operators,
    'POST /v1/media-relay-sets': platform,
    'GET /v1/media-relay-sets/:id': operators,
    'PATCH /v1/media-relay-sets/:id': platform,
    'DELETE /v1/media-relay-sets/:id': platform,
  },
  'application-servers': {
    'GET /v1/application-servers': platform,
    'POST /v1/application-servers': platform,
    'GET /v1/application-servers/:id': platform,
    'PATCH /v1/application-servers/:id': platform,
    'DELETE /v1/application-servers/:id': platform,
  },
  calendars: {
    'GET /v1/calendars': readers,
    'POST /v1/calendars': operators,
    'GET /v1/calendars/:id': readers,
    'PATCH /v1/calendars/:id': operators,
    'DELETE /v1/calendars/:id': operators,
  },
  'rate-decks': {
    'GET /v1/rate-decks': readers,
    'POST /v1/rate-decks': operators,
    'GET /v1/rate-decks/:id': readers,
    'PATCH /v1/rate-decks/:id': operators,
    'DELETE /v1/rate-decks/:id': operators,
  },
  rates: {
    'GET /v1/rate-decks/:id/rates': readers,
    'GET /v1/rate-decks/:id/rates.csv': readers,
    'GET /v1/rate-decks/:id/rates.xlsx': readers,
    'PUT /v1/rate-decks/:id/rates': operators,
    'GET /v1/rate-decks/:id/rates/versions': readers,
    'POST /v1/rate-decks/:id/rates/versions/:version/restore': operators,
  },
  imports: {
    'POST /v1/rate-decks/:id/imports': operators,
    'POST /v1/rate-decks/:id/imports/inspect': operators,
    'GET /v1/imports/:id': readers,
    'GET /v1/imports/:id/errors.csv': readers,
  },
  'import-mappings': {
    'GET /v1/import-mappings': readers,
    'POST /v1/import-mappings': operators,
    'GET /v1/import-mappings/:id': readers,
    'PATCH /v1/import-mappings/:id': operators,
    'DELETE /v1/import-mappings/:id': operators,
  },
  'tariff-imports': {
    'POST /v1/tariff-imports': operators,
    'POST /v1/rating-plans/import': operators,
  },
  'rating-plans': {
    'GET /v1/rating-plans': readers,
    'POST /v1/rating-plans': operators,
    'GET /v1/rating-plans/:id': readers,
    'PATCH /v1/rating-plans/:id': operators,
    'DELETE /v1/rating-plans/:id': operators,
    'GET /v1/rating-plans/:id/margins': readers,
    'GET /v1/rating-plans/:id/prices': clientReaders,
    'GET /v1/rating-plans/:id/prices.csv': clientReaders,
    'GET /v1/rating-plans/:id/prices.xlsx': clientReaders,
  },
  'allowance-plans': {
    'GET /v1/allowance-plans': readers,
    'POST /v1/allowance-plans': operators,
    'GET /v1/allowance-plans/:id': readers,
    'PATCH /v1/allowance-plans/:id': operators,
    'DELETE /v1/allowance-plans/:id': operators,
  },
  allowances: {
    'GET /v1/clients/:clientId/allowances': clientReaders,
    'POST /v1/clients/:clientId/allowances': operators,
    'GET /v1/clients/:clientId/allowances/:id': clientReaders,
    'PATCH /v1/clients/:clientId/allowances/:id': operators,
    'DELETE /v1/clients/:clientId/allowances/:id': operators,
  },
  carriers: {
    'GET /v1/carriers': readers,
    'POST /v1/carriers': operators,
    'GET /v1/carriers/:id': readers,
    'PATCH /v1/carriers/:id': operators,
    'DELETE /v1/carriers/:id': operators,
    'GET /v1/carriers/:carrierId/rating-profiles': readers,
    'POST /v1/carriers/:carrierId/rating-profiles': operators,
    'GET /v1/carriers/:carrierId/rating-profiles/:id': readers,
    'PATCH /v1/carriers/:carrierId/rating-profiles/:id': operators,
    'DELETE /v1/carriers/:carrierId/rating-profiles/:id': operators,
  },
  'exchange-rates': {
    'GET /v1/exchange-rates': readers,
    'POST /v1/exchange-rates': operators,
    'POST /v1/exchange-rates/imports': operators,
    'GET /v1/exchange-rates/:id': readers,
    'PATCH /v1/exchange-rates/:id': operators,
    'DELETE /v1/exchange-rates/:id': operators,
  },
  'price-simulations': {
    'POST /v1/price-simulations': readers,
  },
  'authorization-checks': {
    'POST /v1/authorization-checks': readers,
  },
  'what-if': {
    'POST /v1/what-if': readers,
  },
  'price-comparisons': {
    'POST /v1/price-comparisons': readers,
  },
  'spend-guards': {
    'GET /v1/spend-guards': clientReaders,
    'POST /v1/spend-guards': operators,
    'GET /v1/spend-guards/:id': clientReaders,
    'PATCH /v1/spend-guards/:id': operators,
    'DELETE /v1/spend-guards/:id': operators,
    'POST /v1/spend-guards/:id/lift': operators,
    'POST /v1/spend-guards/test': operators,
  },
  webhooks: {
    'GET /v1/webhook-endpoints': clientOperators,
    'POST /v1/webhook-endpoints': clientOperators,
    'GET /v1/webhook-endpoints/:id': clientOperators,
    'PATCH /v1/webhook-endpoints/:id': clientOperators,
    'DELETE /v1/webhook-endpoints/:id': clientOperators,
    'POST /v1/webhook-endpoints/:id/rotate-secret': clientOperators,
    'POST /v1/webhook-endpoints/:id/ping': clientOperators,
    'GET /v1/webhook-deliveries': clientOperators,
    'GET /v1/webhook-deliveries/:id': clientOperators,
    'POST /v1/webhook-deliveries/:id/resend': clientOperators,
  },
  'call-conflicts': {
    'GET /v1/call-conflicts': operators,
  },
  're-ratings': {
    'GET /v1/re-ratings': readers,
    'POST /v1/re-ratings': operators,
    'GET /v1/re-ratings/:id': readers,
  },
  taxes: {
    'GET /v1/taxes': readers,
    'POST /v1/taxes': operators,
    'GET /v1/taxes/:id': readers,
    'PATCH /v1/taxes/:id': operators,
    'DELETE /v1/taxes/:id': operators,
  },
  'fixed-costs': {
    'GET /v1/fixed-costs': readers,
    'POST /v1/fixed-costs': operators,
    'GET /v1/fixed-costs/:id': readers,
    'PATCH /v1/fixed-costs/:id': operators,
    'DELETE /v1/fixed-costs/:id': operators,
  },
  'invoice-number-sequences': {
    'GET /v1/invoice-number-sequences': readers,
    'POST /v1/invoice-number-sequences': operators,
    'GET /v1/invoice-number-sequences/:id': readers,
    'PATCH /v1/invoice-number-sequences/:id': operators,
    'DELETE /v1/invoice-number-sequences/:id': operators,
    'GET /v1/invoice-number-sequences/:id/next': readers,
  },
  'invoice-templates': {
    'GET /v1/invoice-templates': readers,
    'POST /v1/invoice-templates': operators,
    'GET /v1/invoice-templates/:id': readers,
    'PATCH /v1/invoice-templates/:id': operators,
    'DELETE /v1/invoice-templates/:id': operators,
    'POST /v1/invoice-templates/preview': operators,
  },
  'invoice-schedules': {
    'GET /v1/invoice-schedules': readers,
    'POST /v1/invoice-schedules': operators,
    'GET /v1/invoice-schedules/:id': readers,
    'PATCH /v1/invoice-schedules/:id': operators,
    'DELETE /v1/invoice-schedules/:id': operators,
    'GET /v1/invoice-schedules/:id/periods': readers,
  },
  invoices: {
    'GET /v1/invoices': clientReaders,
    'GET /v1/clients/:clientId/invoices': clientReaders,
    'POST /v1/invoices': operators,
    'POST /v1/invoices/preview': operators,
    'GET /v1/invoices/:id': clientReaders,
    'GET /v1/invoices/:id/allocations': clientReaders,
    'POST /v1/invoices/:id/recompute': operators,
    'DELETE /v1/invoices/:id': operators,
    'POST /v1/invoices/:id/issue': operators,
    'POST /v1/invoices/:id/credit-notes': operators,
    'POST /v1/invoices/:id/payments': operators,
    'GET /v1/invoices/:id.pdf': clientReaders,
    'GET /v1/invoices/:id/annex.pdf': clientReaders,
    'GET /v1/invoices/:id.xml': clientReaders,
    'GET /v1/invoices/:id.csv': clientReaders,
  },
  'direct-debit-runs': {
    'GET /v1/direct-debit-runs': readers,
    'POST /v1/direct-debit-runs': operators,
    'GET /v1/direct-debit-runs/:id': readers,
    'GET /v1/direct-debit-runs/:id.xml': readers,
    'GET /v1/direct-debit-runs/:id/debits': readers,
    'POST /v1/direct-debit-runs/:id/confirm': operators,
    'POST /v1/direct-debit-runs/:id/cancel': operators,
    'POST /v1/direct-debit-runs/:runId/debits/:id/return': operators,
  },
  receivables: {
    'GET /v1/receivables': readers,
  },
  'uninvoiced-calls': {
    'GET /v1/uninvoiced-calls': readers,
  },
  'notification-templates': {
    'GET /v1/notification-templates': readers,
    'POST /v1/notification-templates': operators,
    'POST /v1/notification-templates/preview': operators,
    'GET /v1/notification-templates/:id': readers,
    'PATCH /v1/notification-templates/:id': operators,
    'DELETE /v1/notification-templates/:id': operators,
  },
  mails: {
    'GET /v1/mails': readers,
    'GET /v1/mails/:id': readers,
    'POST /v1/mails/:id/retry': operators,
  },
  'dead-letters': {
    'GET /v1/dead-letters': operators,
    'GET /v1/dead-letters/:id': operators,
    'POST /v1/dead-letters/:id/redrive': operators,
  },
  reports: reportAccess(),
  'report-schedules': {
    'GET /v1/report-schedules': readers,
    'POST /v1/report-schedules': operators,
    'GET /v1/report-schedules/:id': readers,
    'PATCH /v1/report-schedules/:id': operators,
    'DELETE /v1/report-schedules/:id': operators,
    'GET /v1/report-schedules/:id/periods': readers,
  },
  'api-keys': {
    'GET /v1/api-keys': operators,
    'POST /v1/api-keys': operators,
    'GET /v1/api-keys/:id': operators,
    'DELETE /v1/api-keys/:id': operators,
  },
  admins: {
    'GET /v1/clients/:clientId/admins': clientOperators,
    'POST /v1/clients/:clientId/admins': clientOperators,
    'GET /v1/clients/:clientId/admins/:id': clientOperators,
    'PATCH /v1/clients/:clientId/admins/:id': clientOperators,
    'DELETE /v1/clients/:clientId/admins/:id': clientOperators,
    'GET /v1/clients/:clientId/admins/:id/rights': clientOperators,
    'PUT /v1/clients/:clientId/admins/:id/rights': clientOperators,
  },
  'brand-admins': {
    'GET /v1/brands/:brandId/admins': operators,
    'POST /v1/brands/:brandId/admins': operators,
    'GET /v1/brands/:brandId/admins/:id': operators,
    'PATCH /v1/brands/:brandId/admins/:id': operators,
    'DELETE /v1/brands/:brandId/admins/:id': operators,
  },
  live: {
    'GET /v1/live': clientReaders,
  },
  sessions: {
    'GET /v1/sessions/me': everybody,
    'DELETE /v1/sessions': everybody,
    'PUT /v1/sessions/password': people,
  },
  'audit-log': {
    'GET /v1/audit-log': operators,
  },
  authorizations: {
    'POST /v1/authorizations': engines,
    'DELETE /v1/authorizations/:clientId/:callId': engines,
  },
  'call-events': {
    'POST /v1/call-events': engines,
  },
  engines: {
    'GET /v1/engines/policies': engines,
    'GET /v1/engines/:engine/hangups': engines,
    'PUT /v1/engines/:engine/active-calls': engines,
  },
} satisfies Record<string, Record<string, readonly Role[]>>

export type Resource = keyof typeof resources

export const resourceNames = Object.keys(resources) as Resource[]

export const isResource = (word: string): word is Resource => Object.hasOwn(resources, word)

/** Those take no right: what they show is cut to the asker's rights, or is the asker's own. */
export const withoutRights: ReadonlySet<Resource> = new Set(['sessions', 'live'])

export interface Access {
  roles: readonly Role[]
  right: Right & { resource: Resource }
}

/** By method and path, as in `GET /v1/clients/:id`. */
export const access: ReadonlyMap<string, Access> = new Map(
  resourceNames.flatMap((resource) =>
    Object.entries<readonly Role[]>(resources[resource]).map(([line, roles]) => [
      line,
      { roles, right: { resource, letter: neededLetter(line, resource) } },
    ]),
  ),
)

function neededLetter(line: string, resource: Resource): Letter {
  const [method = '', path = ''] = line.split(' ')
  if (method === 'GET' || questions.has(resource)) return 'r'
  if (method === 'DELETE') return 'd'
  if (method !== 'POST') return 'u'
  // POST to a collection makes one (a brand's admins are in the collection `admins`, too); to a verb behind an id (`…/:id/issue`) it changes that one.
  return path.endsWith(`/${collections[resource] ?? resource}`) || path.endsWith('/admins') ? 'c' : 'u'
}

/** What a role can do at all: resource → letters of "crud". The rows of the table of an admin's rights. */
export function listRights(role: Role): ReadonlyMap<Resource, string> {
  const found = new Map<Resource, string>()
  for (const { roles, right } of access.values()) {
    if (!roles.includes(role) || withoutRights.has(right.resource)) continue
    const letters = (found.get(right.resource) ?? '') + right.letter
    found.set(right.resource, [...'crud'].filter((letter) => letters.includes(letter)).join(''))
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Every report in every format; a client's keys see their own client, as far as its portal shows it. */
function reportAccess(): Record<string, readonly Role[]> {
  const paths = reportNames.flatMap((name) => [name, ...reportFormats.map((format) => `${name}.${format}`)])
  return Object.fromEntries(paths.map((path) => [`GET /v1/reports/${path}`, clientReaders]))
}
