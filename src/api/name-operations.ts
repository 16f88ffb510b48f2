/**
 * What are operations and shapes called in the API's description? Generated clients make functions and types of both.
 *
 * An operation is named by its path (`listClientAdmins`, `issueInvoice`), a shape by the `title` of its schema.
 */
import { isResource } from './access.ts'

export interface Schema {
  title?: string
  type?: unknown
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  items?: Schema
  $ref?: string
}

const verbs: Record<string, string> = { post: 'create', patch: 'update', put: 'replace', delete: 'delete' }

/** `isPage`: the answer has a `nextCursor`. */
export function makeOperationId(method: string, path: string, isPage: boolean): string {
  const tokens = path.split('/').slice(2)
  const words: string[] = []
  for (const [i, token] of tokens.entries()) {
    const format = /^\{\w+\}\.(\w+)$/.exec(token)?.[1]
    if (format) words.push(format)
    if (token.startsWith('{')) continue
    words.push(tokens[i + 1]?.startsWith('{') ? singular(token) : token.replace('.', '-'))
  }
  const last = words.at(-1) ?? ''
  // A verb behind a resource: `…/{id}/issue`.
  if (method === 'post' && words.length > 1 && !isResource(last)) {
    return camel([last, ...words.slice(0, -1)])
  }
  const verb = method === 'get' ? (isPage ? 'list' : 'get') : (verbs[method] ?? method)
  return camel([verb, ...words])
}

/** Moves every titled object to `named` and leaves a reference. Throws where two shapes have one title. */
export function nameShapes(schema: Schema, named: Map<string, Schema>): Schema {
  const members = (all: Record<string, Schema>) =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, nameShapes(one, named)]))
  const whole: Schema = {
    ...schema,
    ...(schema.properties && { properties: members(schema.properties) }),
    ...(schema.patternProperties && { patternProperties: members(schema.patternProperties) }),
    ...(schema.items && { items: nameShapes(schema.items, named) }),
  }
  const { title } = whole
  if (title === undefined || whole.type !== 'object') return whole
  const known = named.get(title)
  if (known && JSON.stringify(known) !== JSON.stringify(whole)) {
    throw new Error(`two shapes are called ${title}`)
  }
  named.set(title, whole)
  return { $ref: `#/components/schemas/${title}` }
}

/** `rate deck` → `RateDeck`. */
export function makeTitle(noun: string): string {
  return noun.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
}

function camel(words: readonly string[]): string {
  const whole = makeTitle(words.join(' '))
  return whole.charAt(0).toLowerCase() + whole.slice(1)
}

function singular(word: string): string {
  return word.replace(/xes$/, 'x').replace(/s$/, '')
}
