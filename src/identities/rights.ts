/**
 * Which resource does a route act on, and which right does it take?
 *
 * A resource is the last word of the route's path that stands in the list below: `/v1/clients/{id}/balance-movements`
 * is `balance-movements`, `/v1/invoices/{id}/issue` is `invoices`. An API key's scopes are `<resource>:read` and
 * `<resource>:write`; a restricted admin has letters of "crud" per resource. What is not given is refused.
 */

/** All resources, whoever may use them; the closed list of what scopes may name. */
export const resources = [
  'admins',
  'api-keys',
  'application-servers',
  'audit-log',
  'authorizations',
  'authorized-sources',
  'balance',
  'balance-alerts',
  'balance-movements',
  'brands',
  'call-conflicts',
  'call-events',
  'calls',
  'clients',
  'corporations',
  'currencies',
  'daily-usage',
  'dead-letters',
  'denials',
  'engines',
  'fixed-costs',
  'imports',
  'invoice-number-sequences',
  'invoice-schedules',
  'invoice-templates',
  'invoices',
  'mails',
  'media-relay-sets',
  'notification-templates',
  'price-comparisons',
  'price-simulations',
  'rate-decks',
  'rates',
  'receivables',
  'rating-plans',
  'rating-profiles',
  're-ratings',
  'report-schedules',
  'reports',
  'running-calls',
  'sessions',
  'statement',
  'taxes',
  'uninvoiced-calls',
] as const
export type Resource = (typeof resources)[number]

/** Create, read, update, delete. */
export type Letter = 'c' | 'r' | 'u' | 'd'
/** Resource → letters in the order "crud". */
export type Rights = Readonly<Record<string, string>>

export interface Right {
  resource: Resource
  letter: Letter
}

const known: ReadonlySet<string> = new Set(resources)
export const isResource = (word: string): word is Resource => known.has(word)

/** Questions that are asked with POST. */
const asked: ReadonlySet<string> = new Set(['price-simulations', 'price-comparisons'])

/** Undefined where the path names no resource of the list. */
export function rightOf(method: string, path: string): Right | undefined {
  const words = path.split('/').filter((word) => word !== '' && !word.startsWith(':'))
  // What a report is about is no resource that is acted on.
  const resource = words[1] === 'reports' ? 'reports' : words.findLast(isResource)
  if (resource === undefined) return undefined
  return { resource, letter: letterOf(method, path, resource) }
}

function letterOf(method: string, path: string, resource: Resource): Letter {
  if (method === 'GET' || method === 'HEAD' || asked.has(resource)) return 'r'
  if (method === 'DELETE') return 'd'
  if (method !== 'POST') return 'u'
  // POST to a collection makes one; to a verb behind an id (`…/:id/issue`) it changes that one.
  return path.endsWith(`/${resource}`) ? 'c' : 'u'
}

export function scopeOfRight({ resource, letter }: Right): string {
  return `${resource}:${letter === 'r' ? 'read' : 'write'}`
}

export function isScope(text: string): boolean {
  const [resource = '', verb = '', ...rest] = text.split(':')
  return isResource(resource) && (verb === 'read' || verb === 'write') && rest.length === 0
}

export function hasRight(rights: Rights, { resource, letter }: Right): boolean {
  return Object.hasOwn(rights, resource) && (rights[resource] ?? '').includes(letter)
}

/** Whether everything given in one is given in the other. */
export function areRightsWithin(rights: Rights, held: Rights): boolean {
  return Object.entries(rights).every(([resource, letters]) =>
    [...letters].every((letter) => (Object.hasOwn(held, resource) ? held[resource] : '')?.includes(letter)),
  )
}
