/**
 * How does a resource with the usual five routes behave? List, create, read, patch and delete, the same for all:
 * cursors, Idempotency-Key, ETag and If-Match, JSON Merge Patch, and an answer only when configuration memory
 * holds what was written.
 *
 * A resource says its shapes and gives five small functions; each runs in the transaction of its tenant.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import type { Tx } from '../../db/connection.ts'
import type { PagePlace } from '../../db/page.ts'
import { InvalidRequest, NotFound } from '../../errors.ts'
import type { ApiContext } from '../context.ts'
import { checkIfMatch, entityTag } from './entity-tag.ts'
import { closed, PathId } from './fields.ts'
import { answerOnce } from './idempotency.ts'
import { mergePatch, patchOf } from './merge-patch.ts'
import { type PageQuery, pageOf, pageQuery, toPage } from './pagination.ts'
import { idOf, type Scope, scopeOf } from './request-scope.ts'
import { read, write } from './run-as-tenant.ts'
import {
  type AgeOrName,
  byAge,
  byAgeOrName,
  namedPlaceOf,
  pagePlaceOf,
  type SortQuery,
  type Sorts,
} from './sorting.ts'
import { readFaults, type SchemaFault } from './validation.ts'

export interface Page extends PagePlace {
  /** Query parameters of the resource's own. */
  filter: Readonly<Record<string, string | undefined>>
}

type Row = { id: string; revision?: number; name?: string }

export interface Resource<Stored extends Row, Fields extends TObject> {
  /** As errors and the API's description call one of them. */
  noun: string
  path: string
  tag: string
  fields: Fields
  shown: TSchema
  /** Query parameters of the list. */
  filters?: Record<string, TSchema>
  /** Whether its list can be had by name, too. */
  sorts?: boolean
  /** Whether configuration memory holds it. */
  configures: boolean
  /** Called after each change or removal that is committed: what this process remembers of the old state is to go. */
  forget?(): void
  /** Slow work on the body that no transaction should wait for, such as a password's hash. `id`: null where one is made. */
  prepare?(body: Readonly<Record<string, unknown>>, scope: Scope, id: string | null): Promise<string | null>
  show(row: Stored, scope: Scope): unknown
  list(tx: Tx, scope: Scope, page: Page): Promise<Stored[]>
  find(tx: Tx, scope: Scope, id: string, lock: 'none' | 'update'): Promise<Stored | undefined>
  create(tx: Tx, scope: Scope, fields: Static<Fields>): Promise<Stored>
  /** Absent: the resource is replaced, not changed. */
  patch?: {
    /** What the caller may set, as it stands: the document a patch is merged into. */
    fieldsOf(row: Stored): Static<Fields>
    /** What a patch takes beside the fields and the document never holds, such as a proof. */
    asides?: TObject
    /** Complains about what is in the patch itself, before anything is read. */
    check?(patch: Record<string, unknown>, scope: Scope): void
    update(tx: Tx, scope: Scope, row: Stored, fields: Static<Fields>): Promise<Stored>
  }
  remove?(tx: Tx, scope: Scope, row: Stored): Promise<void>
}

export function registerResource<Stored extends Row, Fields extends TObject>(
  app: FastifyInstance,
  context: ApiContext,
  resource: Resource<Stored, Fields>,
): void {
  const { noun, path, tag } = resource
  const paramNames = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
  const parents = Object.fromEntries(paramNames.map((name) => [name, PathId]))
  const parentParams = paramNames.length > 0 ? { params: Type.Object(parents) } : {}
  const oneParams = { params: Type.Object({ ...parents, id: PathId }) }
  const sorts: Sorts<AgeOrName> = resource.sorts ? byAgeOrName : byAge
  const changes = resource.configures ? 'configuration' : 'nothing-in-memory'
  const preparedScopeOf = async (request: FastifyRequest, id: string | null): Promise<Scope> => {
    const scope = scopeOf(request)
    const body = request.body as Record<string, unknown>
    return { ...scope, prepared: (await resource.prepare?.(body, scope, id)) ?? null }
  }
  const withTag = (reply: FastifyReply, row: Stored) => {
    if (row.revision !== undefined) reply.header('etag', entityTag(row.revision))
  }
  const getRow = async (tx: Tx, scope: Scope, id: string, lock: 'none' | 'update') => {
    const row = await resource.find(tx, scope, id, lock)
    if (!row) throw new NotFound(noun, id)
    return row
  }

  app.get(
    path,
    {
      schema: {
        tags: [tag],
        summary: `List: ${noun}`,
        ...parentParams,
        querystring: Type.Object(
          {
            ...pageQuery,
            ...sorts.query,
            ...Type.Partial(Type.Object(resource.filters ?? {})).properties,
          },
          { additionalProperties: false },
        ),
        response: { 200: pageOf(resource.shown) },
      },
    },
    async (request) => {
      const scope = scopeOf(request)
      const {
        limit = 50,
        cursor,
        sort,
        ...filter
      } = request.query as Record<string, string> & PageQuery & SortQuery
      const order = sorts.read({ ...(sort && { sort }), ...(cursor !== undefined && { cursor }) })
      const rows = await read(context, request, (tx) =>
        resource.list(tx, scope, { limit: limit + 1, ...pagePlaceOf(order), filter }),
      )
      const page = toPage(rows, limit, (row) => namedPlaceOf(order, row))
      return { data: page.rows.map((row) => resource.show(row, scope)), nextCursor: page.nextCursor }
    },
  )

  app.post(
    path,
    {
      schema: {
        tags: [tag],
        summary: `Create: ${noun}`,
        ...parentParams,
        body: resource.fields,
        response: { 201: resource.shown },
      },
    },
    async (request, reply) => {
      const scope = await preparedScopeOf(request, null)
      const answer = await write(
        context,
        request,
        (tx) =>
          answerOnce(tx, request, reply, async () => {
            const row = await resource.create(tx, scope, request.body as Static<Fields>)
            withTag(reply, row)
            reply.header('location', `${request.url.split('?')[0]}/${row.id}`)
            return resource.show(row, scope)
          }),
        changes,
      )
      return reply.code(201).send(answer)
    },
  )

  app.get(
    `${path}/:id`,
    {
      schema: { tags: [tag], summary: `Read: ${noun}`, ...oneParams, response: { 200: resource.shown } },
    },
    async (request, reply) => {
      const scope = scopeOf(request)
      const id = idOf(request, noun)
      const row = await read(context, request, (tx) => getRow(tx, scope, id, 'none'))
      withTag(reply, row)
      return resource.show(row, scope)
    },
  )

  const { patch } = resource
  if (patch) {
    app.patch(
      `${path}/:id`,
      {
        schema: {
          tags: [tag],
          summary: `Change: ${noun}`,
          description: 'JSON Merge Patch: what is named changes, null takes back to the default.',
          consumes: ['application/merge-patch+json', 'application/json'],
          ...oneParams,
          body: patchOf(patch.asides ? beside(resource.fields, patch.asides) : resource.fields),
          response: { 200: resource.shown },
        },
      },
      async (request, reply) => {
        const id = idOf(request, noun)
        const scope = await preparedScopeOf(request, id)
        const changed = await write(
          context,
          request,
          async (tx) => {
            patch.check?.(request.body as Record<string, unknown>, scope)
            const row = await getRow(tx, scope, id, 'update')
            checkIfMatch(request.headers['if-match'], row.revision ?? 0)
            const merged = mergePatch(patch.fieldsOf(row), without(request.body, patch.asides))
            checkShape(request, resource.fields, merged)
            return patch.update(tx, scope, row, merged as Static<Fields>)
          },
          changes,
        )
        resource.forget?.()
        withTag(reply, changed)
        return resource.show(changed, scope)
      },
    )
  }

  if (resource.remove) {
    const { remove } = resource
    app.delete(
      `${path}/:id`,
      { schema: { tags: [tag], summary: `Delete: ${noun}`, ...oneParams, response: { 204: Type.Null() } } },
      async (request, reply) => {
        const scope = scopeOf(request)
        const id = idOf(request, noun)
        await write(
          context,
          request,
          async (tx) => {
            const row = await getRow(tx, scope, id, 'update')
            checkIfMatch(request.headers['if-match'], row.revision ?? 0)
            await remove(tx, scope, row)
          },
          changes,
        )
        resource.forget?.()
        return reply.code(204).send(null)
      },
    )
  }
}

function beside(fields: TObject, asides: TObject): TSchema {
  return closed({ ...fields.properties, ...asides.properties })
}

function without(body: unknown, asides: TObject | undefined): unknown {
  if (!asides) return body
  const members = Object.entries(body as Record<string, unknown>)
  return Object.fromEntries(members.filter(([name]) => !Object.hasOwn(asides.properties, name)))
}

/** Holds a merged document against the schema of the whole one. Throws `InvalidRequest`. */
function checkShape(request: FastifyRequest, schema: TSchema, document: unknown): void {
  const validate = request.compileValidationSchema(schema, 'body')
  if (validate(document)) return
  throw new InvalidRequest(
    'The patched resource does not have the expected shape.',
    readFaults((validate.errors ?? []) as SchemaFault[]),
  )
}
