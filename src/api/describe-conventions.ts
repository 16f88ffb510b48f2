/**
 * What holds for many operations and stands in no route: how each of them fails, and the headers that make a POST safe to
 * repeat and a change safe against another's. Added to the API's description.
 */
import { makeOperationId, nameShapes, type Schema } from './name-operations.ts'

interface Content {
  schema?: Schema
}
interface Operation {
  operationId?: string
  parameters?: unknown[]
  requestBody?: { content?: Record<string, Content> }
  responses?: Record<string, { content?: Record<string, Content> } | { $ref: string }>
}
interface Described {
  components?: { responses?: Record<string, unknown>; schemas?: Record<string, Schema> }
  paths?: Record<string, Record<string, Operation>>
}

const text = { type: 'string' }
const problem = {
  description: 'What went wrong: a problem document (RFC 9457). Programs compare `code`.',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail', 'code'],
        properties: {
          type: { ...text, description: '`urn:tollgate:problem:<code>`' },
          title: text,
          status: { type: 'integer' },
          detail: text,
          code: text,
          errors: {
            type: 'array',
            description: 'Of bad input: each place as a JSON pointer.',
            items: {
              type: 'object',
              required: ['pointer', 'detail'],
              properties: { pointer: text, detail: text },
            },
          },
        },
      },
      example: {
        type: 'urn:tollgate:problem:invalid_request',
        title: 'Invalid request',
        status: 400,
        detail: 'The body does not have the expected shape.',
        code: 'invalid_request',
        errors: [{ pointer: '/name', detail: 'is required' }],
      },
    },
  },
}

const idempotencyKey = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  description: 'The same key and body get the first answer again, another body 422.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
}
const ifMatch = {
  name: 'if-match',
  in: 'header',
  required: false,
  description: 'The ETag as it was read; 412 where the resource has changed since.',
  schema: text,
}
/** Their answers hold secrets, which are remembered nowhere. */
const neverRepeated: ReadonlySet<string> = new Set(['/v1/api-keys', '/v1/sessions'])

function nameOperation(method: string, path: string, operation: Operation, named: Map<string, Schema>): void {
  const answers = Object.values(operation.responses ?? {}).flatMap((answer) =>
    'content' in answer ? Object.values(answer.content ?? {}) : [],
  )
  const isPage = answers.some(({ schema }) => schema?.properties?.nextCursor)
  operation.operationId = makeOperationId(method, path, isPage)
  for (const content of [...answers, ...Object.values(operation.requestBody?.content ?? {})]) {
    if (content.schema) content.schema = nameShapes(content.schema, named)
  }
}

/** An invoice is not patched: it is computed anew, issued, paid, credited or thrown away. */
function changesAnInvoice(method: string, path: string): boolean {
  return (method === 'post' || method === 'delete') && /^\/v1\/invoices\/\{id\}(\/[a-z-]+)?$/.test(path)
}

export function describeConventions(document: Described): void {
  const named = new Map<string, Schema>()
  document.components = {
    ...document.components,
    responses: { ...document.components?.responses, Problem: problem },
  }
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations)) {
      nameOperation(method, path, operation, named)
      operation.responses = { ...operation.responses, default: { $ref: '#/components/responses/Problem' } }
      const isMade = method === 'post' && '201' in operation.responses && !neverRepeated.has(path)
      const isChanged =
        method === 'patch' || (method === 'delete' && 'patch' in operations) || changesAnInvoice(method, path)
      if (isMade) operation.parameters = [...(operation.parameters ?? []), idempotencyKey]
      if (isChanged) operation.parameters = [...(operation.parameters ?? []), ifMatch]
    }
  }
  document.components.schemas = { ...document.components.schemas, ...Object.fromEntries(named) }
}
