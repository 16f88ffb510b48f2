/**
 * `POST /v1/authorization-checks`: why would a leg be refused, or why was it, at any instant?
 */
import { isIP } from 'node:net'
import Type from 'typebox'
import { checkLeg } from '../../calls/authorize/check-leg.ts'
import { readInstant } from '../../calls/read-instant.ts'
import { listRefusingGuards, readTotalsNow, readTotalsThen } from '../../db/calls/read-totals-at.ts'
import { instantText } from '../../db/columns.ts'
import { InvalidRequest, NotFound } from '../../errors.ts'
import { termsAt } from '../../limits/client.ts'
import { formatAmount } from '../../money.ts'
import { localDay, startOfLocalDay } from '../../rating/local-day.ts'
import { Amount, Currency, closed, Instant, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import { DenialReason } from '../../shapes/reasons.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { readSql } from '../conventions/read-sql.ts'

/** So close to it an instant is now. */
const nowMs = 5000

const Check = closed({
  clientId: Uuid,
  to: Type.String({ maxLength: 255, description: 'As dialled.', examples: ['+34600111222'] }),
  from: Type.Optional(nullable(Type.String({ maxLength: 255 }))),
  sourceIp: Type.Optional(
    nullable(Type.String({ maxLength: 64, description: 'null: the filter by address is not asked.' })),
  ),
  at: Type.Optional(Instant),
})

const Checked = closed({
  at: Instant,
  allowed: Type.Boolean(),
  reason: nullable(DenialReason),
  toNormalized: nullable(Type.String()),
  kind: nullable(
    oneOf(
      ['special', 'internal', 'free', 'inbound', 'unbilled', 'priced', 'priced-inbound'],
      'What it is priced as; null where it was refused before.',
    ),
  ),
  destination: nullable(Type.String()),
  currency: Currency,
  firstIncrement: nullable({ ...Amount, description: 'What must be left for it to begin.' }),
  maxDurationSeconds: nullable(Type.Integer()),
  suspended: Type.Boolean(),
  filterByIp: Type.Boolean(),
  runningCalls: Type.Integer({ description: "The client's, then." }),
  maxCalls: Type.Integer({ description: '0: no limit.' }),
  brandRunningCalls: nullable(Type.Integer({ description: 'null: of the past it is not known.' })),
  brandMaxCalls: Type.Integer({ description: '0: no limit.' }),
  spentOfDay: { ...Amount, description: "Of the client's local day, until then." },
  maxDailyUsage: nullable(Amount),
  leftOfDay: nullable(Amount),
  limitReachedAt: nullable(Instant),
  available: nullable({ ...Amount, description: 'null: nothing limits it.' }),
  refusingGuards: Type.Array(closed({ id: Uuid, name: Type.String(), refused: Type.Integer() }), {
    description: 'Spend guards that refused legs of the client in that hour.',
  }),
})

export function authorizationCheckRoutes(app: Api, context: ApiContext): void {
  const { configuration, calls } = context
  app.post(
    '/v1/authorization-checks',
    {
      schema: {
        tags: ['Authorization'],
        summary: 'Why would a leg be refused, or why was it?',
        description:
          'Of an outbound leg, by the rules that grant and refuse; nothing is held or counted. Tariffs, running calls, balance and usage are those of `at`, limits and filters those of now. What calls held of a balance in the past is not known. Guards are told, not decided.',
        body: Check,
        response: { 200: Checked },
      },
    },
    async (request) => {
      const now = calls.clock()
      const { to, from = null, sourceIp = null, at: text } = request.body
      const at = text === undefined ? now : readInstant(text)
      if (at === undefined) {
        throw new InvalidRequest('A timestamp is not valid.', [
          { pointer: '/at', detail: 'is not a valid RFC 3339 timestamp' },
        ])
      }
      if (sourceIp !== null && isIP(sourceIp) === 0) {
        throw new InvalidRequest('An address is not valid.', [
          { pointer: '/sourceIp', detail: 'is not an IPv4 or IPv6 address' },
        ])
      }
      const client = configuration.findClient(request.body.clientId.toLowerCase(), now)
      const { brandId } = requireIdentity(request)
      if (!client || (brandId !== null && client.brandId !== brandId)) {
        throw new NotFound('client', request.body.clientId)
      }
      const { timeZone } = termsAt(client.terms, at)
      const day = localDay(at, timeZone)
      const asked = {
        ...{ clientId: client.id, brandId: client.brandId, day, at },
        dayFrom: startOfLocalDay(day, timeZone),
        maxCallSeconds: client.maxCallSeconds,
      }
      const isPast = at < now - nowMs
      const { totals, guards } = await readSql(context, request, async (tx) => ({
        totals: await (isPast ? readTotalsThen(tx, asked) : readTotalsNow(tx, asked)),
        guards: await listRefusingGuards(tx, asked),
      }))
      const checked = await checkLeg(calls, { client, from, to, sourceIp, at }, totals)
      const amount = (value: typeof checked.available) => (value === null ? null : formatAmount(value))
      const { maxCalls, maxDailyUsage, suspended, filterByIp, currency } = client
      const { runningCalls, brandRunningCalls, limitReachedAt } = totals
      return {
        ...checked,
        ...{
          at: instantText(at),
          currency,
          suspended,
          filterByIp,
          maxCalls,
          runningCalls,
          brandRunningCalls,
        },
        brandMaxCalls: configuration.getBrand(client.brandId).maxCalls,
        firstIncrement: amount(checked.firstIncrement),
        spentOfDay: formatAmount(totals.spentOfDay),
        maxDailyUsage: amount(maxDailyUsage),
        leftOfDay: amount(checked.leftOfDay),
        limitReachedAt: limitReachedAt === null ? null : instantText(limitReachedAt),
        available: amount(checked.available),
        refusingGuards: [...guards],
      }
    },
  )
}
