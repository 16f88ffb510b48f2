/**
 * What does a value of this schema look like? An example for each body and answer of the API's description, made
 * from the schemas that check the traffic, so none goes stale. A test holds each against its schema.
 */
interface Schema {
  examples?: unknown[]
  default?: unknown
  const?: unknown
  enum?: unknown[]
  type?: string | string[]
  format?: string
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  minimum?: number
  minLength?: number
  pattern?: string
  writeOnly?: boolean
}

export function makeExample(schema: Schema, where: 'request' | 'answer'): unknown {
  if (schema.examples && schema.examples.length > 0) return schema.examples[0]
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf?.[0]) return makeExample(schema.anyOf[0], where)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object' || schema.properties) return exampleObject(schema, where)
  if (type === 'array') return schema.items ? [makeExample(schema.items, where)] : []
  if (type === 'string') return exampleText(schema)
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (type === 'boolean') return true
  return type === 'null' ? null : {}
}

function exampleObject({ properties = {} }: Schema, where: 'request' | 'answer'): Record<string, unknown> {
  const shown = Object.entries(properties).filter(([, one]) => where === 'request' || !one.writeOnly)
  return Object.fromEntries(shown.map(([name, one]) => [name, makeExample(one, where)]))
}

/** For texts whose schema names none. */
const texts = [
  'example',
  '34',
  '12.5',
  '2026-01-02T10:00:05.000Z',
  '2026-01-02',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
]

function exampleText({ format, minLength = 0, pattern }: Schema): string {
  if (format === 'uuid') return '01946000-0000-7000-8000-000000000001'
  const fitting =
    pattern === undefined ? undefined : texts.find((text) => new RegExp(pattern, 'u').test(text))
  return (fitting ?? 'example').padEnd(minLength, '.')
}

interface Operation {
  requestBody?: { content?: Record<string, Content> }
  responses?: Record<string, { content?: Record<string, Content> }>
}
interface Content {
  schema?: Schema
  example?: unknown
}

/** Adds an example to every body and answer in JSON of an OpenAPI document that has none. */
export function addExamples(paths: Record<string, Record<string, Operation>>): void {
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    addExampleTo(operation.requestBody, 'request')
    for (const answer of Object.values(operation.responses ?? {})) addExampleTo(answer, 'answer')
  }
}

/** A file that is chosen has none. */
function addExampleTo(part: { content?: Record<string, Content> } | undefined, where: 'request' | 'answer') {
  for (const [type, content] of Object.entries(part?.content ?? {})) {
    if (!/[/+]json$/.test(type) || !content.schema || content.example !== undefined) continue
    content.example = makeExample(content.schema, where)
  }
}
