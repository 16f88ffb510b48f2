/**
 * `/v1/direct-debit-runs`: invoices collected by SEPA direct debit. A run is made, its file goes to the bank, the run is
 * confirmed when the money is there, and what the bank returns is told one by one.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Sql } from '../../db/connection.ts'
import { findRun, listDebits, listRuns, sumSchemes } from '../../db/invoices/direct-debits.ts'
import { NotFound } from '../../errors.ts'
import { collectInvoices } from '../../invoices/direct-debits/collect-invoices.ts'
import type { DirectDebit, DirectDebitRun, Mandate } from '../../invoices/direct-debits/direct-debit.ts'
import { returnDebit } from '../../invoices/direct-debits/return-debit.ts'
import { cancelRun, confirmRun } from '../../invoices/direct-debits/settle-run.ts'
import { writePain008 } from '../../invoices/direct-debits/write-pain-008.ts'
import { closed, oneOf, PathId, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import type { Downloads } from '../conventions/downloads.ts'
import { entityTag } from '../conventions/entity-tag.ts'
import { readDay } from '../conventions/local-days.ts'
import { owningBrand } from '../conventions/owner.ts'
import { pageQuery, pageSchema, readCursor, toPage, uuidText } from '../conventions/pagination.ts'
import { readSql, streamSql } from '../conventions/read-sql.ts'
import { readId, readScope } from '../conventions/request-scope.ts'
import { withLeasesBack } from '../conventions/run-as-tenant.ts'
import {
  Confirmation,
  Debit,
  debitStatuses,
  MadeRun,
  NewRun,
  ReturnedDebit,
  Run,
  showDebit,
  showRun,
} from './direct-debit-fields.ts'
import { invoicesContext, onceOnly, readInstantAt, readRequester } from './invoice-requests.ts'

const tags = ['Direct debits']
const noun = 'direct debit run'
const path = '/v1/direct-debit-runs'
const params = Type.Object({ id: PathId })
/** Debits that one piece of the file is made of. */
const debitsPerPiece = 500

export function directDebitRunRoutes(app: Api, context: ApiContext, downloads: Downloads): void {
  const stories = invoicesContext(context)
  const answerRun = async (request: FastifyRequest, reply: FastifyReply, id: string) => {
    const run = await readSql(context, request, (tx) => getRun(tx, id))
    reply.header('etag', entityTag(run.revision))
    return showRun(run)
  }

  app.get(
    path,
    {
      schema: {
        tags,
        summary: 'Direct debit runs, newest first',
        querystring: closed({ ...pageQuery, brandId: Type.Optional(Uuid) }),
        response: { 200: pageSchema(Run) },
      },
    },
    async (request) => {
      const { limit = 50, cursor, brandId } = request.query
      const after = readCursor(cursor, [uuidText])?.[0] ?? null
      const ofBrand = brandId ?? requireIdentity(request).brandId
      const rows = await readSql(context, request, (tx) =>
        listRuns(tx, { brandId: ofBrand, after, limit: limit + 1 }),
      )
      const page = toPage(rows, limit, ({ id }) => [id])
      return { data: page.rows.map(showRun), nextCursor: page.nextCursor }
    },
  )

  app.post(
    path,
    {
      schema: {
        tags,
        summary: 'Collect what clients with a mandate owe',
        description:
          'Takes open invoices in euros that are due by a day and in no other open run. 422 `creditor_incomplete` where the issuer has no creditorId or iban, `nothing_to_collect` where nothing is due.',
        body: NewRun,
        response: { 201: MadeRun },
      },
    },
    async (request, reply) => {
      const { collectionDay, dueTo = collectionDay } = request.body
      const wanted = {
        brandId: owningBrand(requireIdentity(request), request.body.brandId),
        collectionDay: readDay(collectionDay, '/collectionDay'),
        dueTo: readDay(dueTo, '/dueTo'),
        actor: readRequester(request).actor,
      }
      const answer = await onceOnly(context, { request, reply }, async () => {
        const { id, skipped } = await collectInvoices(stories, wanted)
        reply.header('location', `${path}/${id}`)
        return { ...(await answerRun(request, reply, id)), skipped }
      })
      return reply.code(201).send(answer)
    },
  )

  app.get(
    `${path}/:id`,
    { schema: { tags, summary: 'One run', params, response: { 200: Run } } },
    async (request, reply) => answerRun(request, reply, readId(request, noun)),
  )

  app.get(
    `${path}/:id.xml`,
    {
      schema: {
        tags,
        summary: 'The file for the bank: pain.008.001.08',
        description: 'The same whenever it is fetched: all that it says was copied when the run was made.',
        params,
        produces: ['application/xml'],
      },
    },
    async (request, reply) => {
      const id = readId(request, noun)
      const run = await readSql(context, request, (tx) => getRun(tx, id))
      return downloads.send(request, reply, async (gone) => ({
        contentType: 'application/xml; charset=utf-8',
        fileName: `direct-debits-${run.collectionDay}-${id}.xml`,
        chunks: streamSql(context, request, (tx) => writeFile(tx, run), gone),
      }))
    },
  )

  app.get(
    `${path}/:id/debits`,
    {
      schema: {
        tags,
        summary: 'The debits of a run, and what became of each',
        params,
        querystring: closed({ ...pageQuery, status: Type.Optional(oneOf(debitStatuses)) }),
        response: { 200: pageSchema(Debit) },
      },
    },
    async (request) => {
      const runId = readId(request, noun)
      const { limit = 50, cursor, status = null } = request.query
      const after = readCursor(cursor, [uuidText])?.[0] ?? null
      const rows = await readSql(context, request, async (tx) => {
        await getRun(tx, runId)
        return listDebits(tx, { runId, status, after, limit: limit + 1 })
      })
      const page = toPage(rows, limit, ({ id }) => [id])
      return { data: page.rows.map(showDebit), nextCursor: page.nextCursor }
    },
  )

  app.post(
    `${path}/:id/confirm`,
    {
      schema: {
        tags,
        summary: 'Book the money of a run',
        description:
          'Posts a payment for each debit that is pending; asked again, it books what is left. 409 `collection_day_ahead` before the day of collection.',
        params,
        body: Confirmation,
        response: { 200: Run },
      },
    },
    async (request, reply) => {
      const id = readId(request, noun)
      const paidAt = readInstantAt(request.body?.paidAt, '/paidAt') ?? stories.clock()
      await confirmRun(stories, { ...readRequester(request), id, paidAt })
      return answerRun(request, reply, id)
    },
  )

  app.post(
    `${path}/:id/cancel`,
    {
      schema: {
        tags,
        summary: 'Take a run back whose file the bank has not got, or has refused',
        description: 'Its invoices may be collected by another run. 409 `run_confirmed` once it is booked.',
        params,
        response: { 200: Run },
      },
    },
    async (request, reply) => {
      const id = readId(request, noun)
      await cancelRun(stories, { ...readRequester(request), id })
      return answerRun(request, reply, id)
    },
  )

  app.post(
    `${path}/:runId/debits/:id/return`,
    {
      schema: {
        tags,
        summary: 'A debit that the bank refused or gave back',
        description:
          'Opens its invoice again; a payment that was booked is reversed. Told twice it counts once.',
        params: Type.Object({ runId: PathId, id: PathId }),
        body: ReturnedDebit,
        response: { 200: Debit },
      },
    },
    async (request) => {
      const { runId = '' } = readScope(request).parents
      const id = readId(request, 'direct debit')
      const { scope, actor } = readRequester(request)
      const { reason } = request.body
      const returnedAt = readInstantAt(request.body.returnedAt, '/returnedAt') ?? stories.clock()
      const debit = await withLeasesBack(context, () =>
        returnDebit(stories, { scope, actor, runId, id, reason, returnedAt }),
      )
      return showDebit(debit)
    },
  )
}

async function getRun(tx: Sql, id: string): Promise<DirectDebitRun> {
  const run = await findRun(tx, id)
  if (!run) throw new NotFound(noun, id)
  return run
}

async function* writeFile(tx: Sql, run: DirectDebitRun): AsyncGenerator<string, void> {
  const read = (scheme: Mandate['scheme']) => streamDebits(tx, { runId: run.id, scheme })
  yield* writePain008(run, await sumSchemes(tx, run.id), read)
}

async function* streamDebits(
  tx: Sql,
  wanted: { runId: string; scheme: Mandate['scheme'] },
): AsyncGenerator<DirectDebit[], void> {
  const limit = debitsPerPiece
  let after: string | null = null
  for (;;) {
    const debits: DirectDebit[] = await listDebits(tx, { ...wanted, after, limit })
    yield debits
    after = debits.at(-1)?.id ?? null
    if (debits.length < limit) return
  }
}
