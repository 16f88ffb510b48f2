/**
 * `POST /v1/what-if`: calls of a span priced by another plan, or at another carrier, before anything is changed.
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { parseInstant } from '../../db/columns.ts'
import { type ReportRow, streamRows } from '../../db/reports/report-rows.ts'
import { whatIfCalls } from '../../db/reports/what-if-calls.ts'
import { InvalidRequest, NotFound } from '../../errors.ts'
import { Decimal, zero } from '../../money.ts'
import { closed, Day, nullable, Uuid } from '../../shapes/fields.ts'
import { type PastCall, type Supposed, whatIf } from '../../tariffs/what-if.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requestTenant, requireIdentity } from '../conventions/authentication.ts'
import type { Downloads } from '../conventions/downloads.ts'
import { readDay } from '../conventions/local-days.ts'

const WhatIf = closed({
  ratingPlanId: Type.Optional(nullable(Uuid)),
  carrierId: Type.Optional(nullable(Uuid)),
  clientId: Type.Optional(nullable(Uuid)),
  from: Day,
  to: Day,
})
type WhatIf = Static<typeof WhatIf>

export function whatIfRoutes(app: Api, context: ApiContext, downloads: Downloads): void {
  app.post(
    '/v1/what-if',
    {
      schema: {
        tags: ['Tariffs'],
        summary: 'What would calls have come to by another plan, or at another carrier?',
        description:
          'Names one of ratingPlanId, carrierId, and the local days from (in) to to (out). By the newest versions, also those that take effect later; nothing is written. The answer is newline-delimited JSON: `{ "callsDone" }` now and then, at last `{ "result": { calls, otherCurrency, sums } }`, sums by destination with the largest difference first. Of a plan `before` is what was charged; of a carrier, what carriers took where that is known.',
        body: WhatIf,
        produces: ['application/x-ndjson'],
      },
    },
    (request, reply) => {
      const supposed = readSupposed(context, request, request.body)
      const span = readSpan(request.body)
      return downloads.send(request, reply, async (gone) => ({
        contentType: 'application/x-ndjson; charset=utf-8',
        fileName: null,
        chunks: toLines(context, request, { ...span, supposed, gone }),
      }))
    },
  )
}

function readSupposed(
  { configuration }: ApiContext,
  request: FastifyRequest,
  { ratingPlanId, carrierId, clientId }: WhatIf,
): Supposed {
  const { brandId } = requireIdentity(request)
  const isForeign = (thing: { brandId: string }) => brandId !== null && thing.brandId !== brandId
  if ((ratingPlanId ?? null) === null ? (carrierId ?? null) === null : (carrierId ?? null) !== null) {
    throw new InvalidRequest('Name exactly one of "ratingPlanId" and "carrierId".', [
      { pointer: '', detail: 'needs exactly one of ratingPlanId, carrierId' },
    ])
  }
  if (clientId) {
    const client = configuration.findClient(clientId, Date.now())
    if (!client || isForeign(client)) throw new NotFound('client', clientId)
  }
  if (ratingPlanId) {
    const plan = configuration.findPlan(ratingPlanId.toLowerCase())
    if (!plan || isForeign(plan)) throw new NotFound('rating plan', ratingPlanId)
    return { ratingPlanId: plan.id, currency: plan.currency }
  }
  const carrier = [...configuration.listCarriers()].find(({ id }) => id === carrierId?.toLowerCase())
  if (!carrier || isForeign(carrier)) throw new NotFound('carrier', carrierId ?? '')
  return { carrier }
}

function readSpan({ from, to }: WhatIf): { from: string; to: string } {
  readDay(from, '/from')
  readDay(to, '/to')
  if (to <= from) {
    throw new InvalidRequest('The span is empty.', [{ pointer: '/to', detail: 'must be after "from"' }])
  }
  return { from, to }
}

async function* toLines(
  context: ApiContext,
  request: FastifyRequest,
  { from, to, supposed, gone }: { from: string; to: string; supposed: Supposed; gone: AbortSignal },
): AsyncGenerator<string> {
  const { configuration } = context
  const brandId =
    'carrier' in supposed
      ? supposed.carrier.brandId
      : (configuration.findPlan(supposed.ratingPlanId)?.brandId ?? null)
  const { clientId = null } = request.body as WhatIf
  const reader = { db: context.downloads, tenant: requestTenant(request), gone }
  const which = 'carrier' in supposed ? 'carried' : 'priced'
  const rows = streamRows(reader, whatIfCalls({ brandId, clientId, from, to, which }), 'grouped')
  for await (const line of whatIf(configuration, toCalls(rows), supposed)) yield `${JSON.stringify(line)}\n`
}

async function* toCalls(rows: AsyncIterable<readonly ReportRow[]>): AsyncGenerator<PastCall[]> {
  for await (const batch of rows) {
    yield batch.map(([clientId, from, to, answeredAt, seconds, destination, price, margin]) => ({
      clientId: String(clientId),
      from: from === null ? null : String(from),
      to: String(to),
      answeredAt: parseInstant(String(answeredAt)),
      durationSeconds: Number(seconds),
      destination: String(destination),
      price: price === null ? zero : new Decimal(String(price)),
      margin: margin === null ? null : new Decimal(String(margin)),
    }))
  }
}
