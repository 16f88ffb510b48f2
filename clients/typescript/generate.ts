/**
 * Which TypeScript types does the OpenAPI document describe? The text of `schema.d.ts`.
 *
 * One interface whose keys are operations such as `GET /v1/clients/{id}`, each with `params`, `query`, `body` and
 * `answer`. Written for the JSON Schema that our own schemas use; anything else becomes `unknown`.
 */
interface Schema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  patternProperties?: Record<string, Schema>
  description?: string
  $ref?: string
}

interface Operation {
  summary?: string
  parameters?: { in: string; name: string; required?: boolean; description?: string; schema?: Schema }[]
  requestBody?: { content?: Record<string, { schema?: Schema }> }
  responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>
}

interface OpenApiDocument {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

const heading = `/**
 * Types of the HTTP API, made by \`npm run client:generate\` from the schemas that check the traffic. Not edited by hand.
 */

/** A file as it is, such as CSV. */
export type FileBody = string | Uint8Array | ReadableStream<Uint8Array> | Blob | FormData
`

/** `document`: an OpenAPI 3.1 document. */
export function generateTypes(document: object): string {
  const { paths = {}, components = {} } = document as OpenApiDocument
  const operations: string[] = []
  for (const [path, methods] of Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [method, operation] of Object.entries(methods)) {
      operations.push(operationText(`${method.toUpperCase()} ${path}`, operation))
    }
  }
  const shared = Object.entries(components.schemas ?? {}).map(
    ([name, schema]) => `export type ${typeName(name)} = ${typeOf(schema, 0)}\n`,
  )
  return [heading, ...shared, `export interface Operations {\n${operations.join('')}}\n`].join('\n')
}

function operationText(name: string, operation: Operation): string {
  const { parameters = [], requestBody, responses = {}, summary } = operation
  const fieldsIn = (place: string): Schema => {
    const found = parameters.filter((parameter) => parameter.in === place)
    return {
      type: 'object',
      properties: Object.fromEntries(
        found.map(({ name: field, schema = {}, description }) => [
          field,
          { ...schema, ...(description && { description }) },
        ]),
      ),
      required: found.filter(({ required }) => required).map(({ name: field }) => field),
      additionalProperties: false,
    }
  }
  const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  const lines = [
    ...(summary ? [`  /** ${summary.replaceAll('*/', '*')} */`] : []),
    `  '${name}': {`,
    `    params: ${typeOf(fieldsIn('path'), 2)}`,
    `    query: ${typeOf(fieldsIn('query'), 2)}`,
    `    body: ${bodyType(name, requestBody)}`,
    `    answer: ${answerType(answer)}`,
    '  }',
  ]
  return `${lines.join('\n')}\n`
}

/** What is not JSON, such as a CSV file, goes as it is. */
function bodyType(name: string, requestBody: Operation['requestBody']): string {
  const json = Object.entries(requestBody?.content ?? {}).find(([type]) => /[/+]json$/.test(type))?.[1].schema
  if (json) return typeOf(json, 2)
  return /^(POST|PUT)/.test(name) ? 'FileBody | undefined' : 'undefined'
}

/** What is not JSON is answered as it is: a stream. */
function answerType(answer: { content?: Record<string, { schema?: Schema }> } | undefined): string {
  const json = Object.entries(answer?.content ?? {}).find(([type]) => /[/+]json$/.test(type))?.[1].schema
  if (!json) return 'Response'
  return json.type === 'null' ? 'undefined' : typeOf(json, 2)
}

/** `depth`: how far the lines of an object's fields stand to the right. */
function typeOf(schema: Schema, depth: number): string {
  if (schema.$ref) return typeName(schema.$ref.split('/').at(-1) ?? '')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)))
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return union(choices.map((choice) => typeOf(choice, depth)))
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, depth)).join(' & ')
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, depth)))
  switch (schema.type) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array': {
      const item = typeOf(schema.items ?? {}, depth)
      return /[|&]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
    }
    case 'object':
      return objectType(schema, depth)
    default:
      return 'unknown'
  }
}

function objectType(
  { properties = {}, required = [], additionalProperties, patternProperties }: Schema,
  depth: number,
) {
  const names = Object.keys(properties)
  if (names.length === 0) {
    const values = Object.values(patternProperties ?? {})[0] ?? additionalProperties
    if (values === false) return 'Record<never, never>'
    return `Record<string, ${typeof values === 'object' ? typeOf(values, depth) : 'unknown'}>`
  }
  const indent = '  '.repeat(depth + 1)
  const fields = names.map((name) => {
    const schema = properties[name] ?? {}
    const comment = schema.description ? `${indent}/** ${schema.description.replaceAll('*/', '*')} */\n` : ''
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`
    return `${comment}${indent}${key}${required.includes(name) ? '' : '?'}: ${typeOf(schema, depth + 1)}\n`
  })
  return `{\n${fields.join('')}${'  '.repeat(depth)}}`
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ') || 'never'
}

function typeName(name: string): string {
  return name.replace(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, _gap, letter: string) => letter.toUpperCase())
}
