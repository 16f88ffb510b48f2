/**
 * How does a resource with the usual five routes behave? List, create, read, patch and delete, the same for all:
 * cursors, Idempotency-Key, ETag and If-Match, JSON Merge Patch, and an answer only when configuration memory
 * holds what was written.
 *
 * A resource says its shapes and gives five small functions; each runs in the transaction of its tenant. One whose
 * writes do more than that has routes of its own for them, made of the same pieces: `createSchema` and `answerCreated`,
 * `patchSchema` and `answerPatched`, `removeSchema` and `answerRemoved`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import type { Tx } from '../../db/connection.ts'
import type { PagePlace } from '../../db/page.ts'
import { InvalidRequest, NotFound } from '../../errors.ts'
import type { SchemaFault } from '../../shapes/describe-faults.ts'
import { closed, PathId } from '../../shapes/fields.ts'
import { isUuid } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { makeTitle } from '../name-operations.ts'
import { checkIfMatch, entityTag } from './entity-tag.ts'
import { answerOnce } from './idempotency.ts'
import { mergePatch, toPatchSchema } from './merge-patch.ts'
import { type PageQuery, pageQuery, pageSchema, toPage } from './pagination.ts'
import { readId, readParams, readScope, type Scope } from './request-scope.ts'
import { read, write } from './run-as-tenant.ts'
import {
  type AgeOrName,
  byAge,
  byAgeOrName,
  makeNamedPlace,
  readPagePlace,
  type SortQuery,
  type Sorts,
} from './sorting.ts'
import { readFaults } from './validation.ts'

export interface Page extends PagePlace {
  /** Query parameters of the resource's own. */
  filter: Readonly<Record<string, string | undefined>>
}

type Row = { id: string; revision?: number; name?: string }

interface Described {
  /** As errors and the API's description call one of them. */
  noun: string
  path: string
  tag: string
  shown: TSchema
  /** Whether configuration memory holds it. */
  configures: boolean
}

/** What reading takes. */
export interface Listed<Stored extends Row> extends Described {
  /** Query parameters of the list. */
  filters?: Record<string, TSchema>
  /** What may be asked for beside the rows, of the list and of one alike: query parameters, and who adds it. */
  asides?: {
    query: Record<string, TSchema>
    add(tx: Tx, rows: Stored[], query: Readonly<Record<string, string | undefined>>): Promise<Stored[]>
  }
  /** Whether its list can be had by name, too. */
  sorts?: boolean
  show(row: Stored, scope: Scope): unknown
  list(tx: Tx, scope: Scope, page: Page): Promise<Stored[]>
  find(tx: Tx, scope: Scope, id: string, lock: 'none' | 'update'): Promise<Stored | undefined>
  /** Where one can be read by another name than its id. */
  findByName?(tx: Tx, scope: Scope, name: string): Promise<Stored | undefined>
}

/** And what the caller may set. */
export interface Kept<Stored extends Row, Fields extends TObject> extends Listed<Stored> {
  fields: Fields
}

interface Patch<Stored extends Row, Fields extends TObject> {
  /** What the caller may set, as it stands: the document a patch is merged into. */
  toFields(row: Stored): Static<Fields>
  /** Complains about what is in the patch itself, before anything is read. */
  check?(patch: Record<string, unknown>, scope: Scope): void
  update(tx: Tx, scope: Scope, row: Stored, fields: Static<Fields>): Promise<Stored>
  /** After the commit, before the answer. */
  finish?(before: Stored, after: Stored): Promise<void>
}

export interface Resource<Stored extends Row, Fields extends TObject> extends Kept<Stored, Fields> {
  create(tx: Tx, scope: Scope, fields: Static<Fields>): Promise<Stored>
  /** Absent: the resource is replaced, not changed. */
  patch?: Patch<Stored, Fields>
  remove?(tx: Tx, scope: Scope, row: Stored): Promise<void>
}

export function registerResource<Stored extends Row, Fields extends TObject>(
  app: Api,
  context: ApiContext,
  resource: Resource<Stored, Fields>,
): void {
  const { path, patch, remove } = resource
  readRoutes(app, context, resource)
  app.post(path, { schema: createSchema(resource) }, (request, reply) =>
    answerCreated(context, resource, { request, reply }, (tx, scope) =>
      // Of fields that are not known yet the compiler cannot tell the body's type.
      resource.create(tx, scope, request.body as Static<Fields>),
    ),
  )
  if (patch) {
    app.patch(`${path}/:id`, { schema: patchSchema(resource) }, (request, reply) =>
      answerPatched(context, resource, { request, reply }, { ...patch, sent: request.body }),
    )
  }
  if (remove) {
    app.delete(`${path}/:id`, { schema: removeSchema(resource) }, (request, reply) =>
      answerRemoved(context, resource, { request, reply }, remove),
    )
  }
}

/** The list, and one of it. */
export function readRoutes<Stored extends Row>(
  app: Api,
  context: ApiContext,
  resource: Listed<Stored>,
): void {
  const { noun, path, tag } = resource
  const shown = titled(resource)
  const sorts: Sorts<AgeOrName> = resource.sorts ? byAgeOrName : byAge
  const { asides } = resource
  const filters = Type.Partial(Type.Object({ ...resource.filters, ...asides?.query })).properties
  const query = closed({ ...pageQuery, ...sorts.query, ...filters })
  app.get(
    path,
    {
      schema: {
        tags: [tag],
        summary: `List: ${noun}`,
        ...parentParams(path),
        querystring: Type.Unsafe<PageQuery & SortQuery & Page['filter']>(query),
        response: { 200: pageSchema(shown) },
      },
    },
    async (request) => {
      const scope = readScope(request)
      const { limit = 50, cursor, sort, ...filter } = request.query
      const order = sorts.read({ ...(sort && { sort }), ...(cursor !== undefined && { cursor }) })
      const rows = await read(context, request, async (tx) => {
        const listed = await resource.list(tx, scope, { limit: limit + 1, ...readPagePlace(order), filter })
        return asides ? asides.add(tx, listed, filter) : listed
      })
      const page = toPage(rows, limit, (row) => makeNamedPlace(order, row))
      return { data: page.rows.map((row) => resource.show(row, scope)), nextCursor: page.nextCursor }
    },
  )
  app.get(
    `${path}/:id`,
    {
      schema: {
        tags: [tag],
        summary: `Read: ${noun}`,
        ...oneParams(path),
        ...(asides && { querystring: closed(Type.Partial(Type.Object(asides.query)).properties) }),
        response: { 200: shown },
      },
    },
    async (request, reply) => {
      const scope = readScope(request)
      const { id: name = '' } = readParams(request)
      const { findByName } = resource
      if (findByName && !isUuid(name)) {
        const row = await read(context, request, (tx) => findByName(tx, scope, name.replaceAll('\u0000', '')))
        if (!row) throw new NotFound(noun, name.slice(0, 255))
        return answerRow(reply, resource, row, scope)
      }
      const id = readId(request, noun)
      const row = await read(context, request, async (tx) => {
        const found = await getRow(tx, resource, scope, id, 'none')
        const [added] = (await asides?.add(tx, [found], request.query as Page['filter'])) ?? []
        return added ?? found
      })
      return answerRow(reply, resource, row, scope)
    },
  )
}

interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
}

export function createSchema<Fields extends TObject>({
  noun,
  path,
  tag,
  ...shapes
}: Described & { fields: Fields }) {
  return {
    tags: [tag],
    summary: `Create: ${noun}`,
    ...parentParams(path),
    body: Type.Unsafe<Static<Fields>>(shapes.fields),
    response: { 201: titled({ noun, shown: shapes.shown }) },
  }
}

export async function answerCreated<Stored extends Row>(
  context: ApiContext,
  resource: Listed<Stored>,
  { request, reply }: Exchange,
  create: (tx: Tx, scope: Scope) => Promise<Stored>,
): Promise<unknown> {
  const scope = readScope(request)
  const answer = await write(
    context,
    request,
    (tx) =>
      answerOnce(tx, request, reply, async () => {
        const row = await create(tx, scope)
        reply.header('location', `${request.url.split('?')[0]}/${row.id}`)
        return answerRow(reply, resource, row, scope)
      }),
    listChanges(resource),
  )
  reply.code(201)
  return answer
}

/** `proofs`: what a patch takes beside the fields and the document never holds. */
export function patchSchema<Fields extends TObject>(
  { noun, path, tag, ...shapes }: Described & { fields: Fields },
  proofs?: TObject,
) {
  return {
    tags: [tag],
    summary: `Change: ${noun}`,
    description: 'JSON Merge Patch: what is named changes, null takes back to the default.',
    consumes: ['application/merge-patch+json', 'application/json'],
    ...oneParams(path),
    body: toPatchSchema(
      proofs ? closed({ ...shapes.fields.properties, ...proofs.properties }) : shapes.fields,
    ),
    response: { 200: titled({ noun, shown: shapes.shown }) },
  }
}

export async function answerPatched<Stored extends Row, Fields extends TObject>(
  context: ApiContext,
  resource: Kept<Stored, Fields>,
  { request, reply }: Exchange,
  { sent, ...patch }: Patch<Stored, Fields> & { sent: Record<string, unknown> },
): Promise<unknown> {
  const id = readId(request, resource.noun)
  const scope = readScope(request)
  const { before, after } = await write(
    context,
    request,
    async (tx) => {
      patch.check?.(sent, scope)
      const row = await getRow(tx, resource, scope, id, 'update')
      checkIfMatch(request.headers['if-match'], row.revision ?? 0)
      const merged = mergePatch(patch.toFields(row), sent)
      const changed = await patch.update(tx, scope, row, checkShape(request, resource.fields, merged))
      return { before: row, after: changed }
    },
    listChanges(resource),
  )
  await patch.finish?.(before, after)
  return answerRow(reply, resource, after, scope)
}

export function removeSchema({ noun, path, tag }: Described) {
  return { tags: [tag], summary: `Delete: ${noun}`, ...oneParams(path), response: { 204: Type.Null() } }
}

export async function answerRemoved<Stored extends Row>(
  context: ApiContext,
  resource: Listed<Stored>,
  { request, reply }: Exchange,
  remove: (tx: Tx, scope: Scope, row: Stored) => Promise<void>,
): Promise<null> {
  const scope = readScope(request)
  const id = readId(request, resource.noun)
  await write(
    context,
    request,
    async (tx) => {
      const row = await getRow(tx, resource, scope, id, 'update')
      checkIfMatch(request.headers['if-match'], row.revision ?? 0)
      await remove(tx, scope, row)
    },
    listChanges(resource),
  )
  reply.code(204)
  return null
}

/** With its ETag. */
function answerRow<Stored extends Row>(
  reply: FastifyReply,
  resource: Listed<Stored>,
  row: Stored,
  scope: Scope,
): unknown {
  if (row.revision !== undefined) reply.header('etag', entityTag(row.revision))
  return resource.show(row, scope)
}

async function getRow<Stored extends Row>(
  tx: Tx,
  resource: Listed<Stored>,
  scope: Scope,
  id: string,
  lock: 'none' | 'update',
): Promise<Stored> {
  const row = await resource.find(tx, scope, id, lock)
  if (!row) throw new NotFound(resource.noun, id)
  return row
}

/** The name of the shape in the API's description. */
function titled({ noun, shown }: Pick<Described, 'noun' | 'shown'>): TSchema {
  return Type.Unsafe<unknown>({ ...shown, title: makeTitle(noun) })
}

function listChanges({ configures }: Described) {
  return configures ? 'configuration' : 'nothing-in-memory'
}

function parentsIn(path: string) {
  return Object.fromEntries([...path.matchAll(/:(\w+)/g)].map(([, name]) => [name ?? '', PathId]))
}

function parentParams(path: string) {
  return path.includes(':') ? { params: Type.Object(parentsIn(path)) } : {}
}

function oneParams(path: string) {
  return { params: Type.Object({ ...parentsIn(path), id: PathId }) }
}

/** Holds a merged document against the schema of the whole one. Throws `InvalidRequest`. */
function checkShape<Fields extends TObject>(
  request: FastifyRequest,
  schema: Fields,
  document: unknown,
): Static<Fields> {
  const validate = request.compileValidationSchema(schema, 'body')
  if (validate(document)) return document as Static<Fields>
  throw new InvalidRequest(
    'The patched resource does not have the expected shape.',
    readFaults((validate.errors ?? []) as SchemaFault[]),
  )
}
