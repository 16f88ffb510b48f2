/**
 * What is in a client's account, and what has it spent today?
 */
import Type from 'typebox'
import {
  type BalanceRow,
  findBalance,
  findDailyUsage,
  sumGrantsOfDay,
} from '../../db/accounts/read-accounts.ts'
import { instantText } from '../../db/columns.ts'
import { NotFound } from '../../errors.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { startOfClientDay, zoneOfClientDay } from '../../limits/client-days.ts'
import { Decimal, formatAmount, zero } from '../../money.ts'
import { addDays, localDay } from '../../rating/local-day.ts'
import type { ClientOfZones } from '../../reports/client-clocks.ts'
import { Amount, Currency, closed, Day, Instant, nullable, PathId, TimeZone } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { withZones } from '../conventions/clocks-of-clients.ts'
import { readDay } from '../conventions/local-days.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { readAtOnce } from '../conventions/read-sql.ts'
import { readScope } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'

const params = Type.Object({ clientId: PathId })
const Balance = closed({
  balance: Amount,
  reserved: Type.String({ ...Amount, description: 'Held by running and granted calls; at most 1 s old.' }),
  leased: Type.String({
    ...Amount,
    description: 'Set aside by replicas for calls that they may grant at once. It is available all the same.',
  }),
  available: nullable(Amount),
  creditLimit: nullable(Amount),
  unbilled: Amount,
  invoicedUnpaid: Amount,
  unallocated: Type.String({
    ...Amount,
    description:
      'balance + invoicedUnpaid + unbilled: what settles invoices. Below 0: the account owes what no invoice says.',
  }),
  currency: Currency,
})

const DailyUsage = closed({
  day: Day,
  timeZone: TimeZone,
  amount: Amount,
  reserved: Amount,
  limit: nullable(Amount),
  currency: Currency,
  limitReachedAt: nullable(Instant),
  resetsAt: Instant,
})

export function accountRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/clients/:clientId/balance',
    { schema: { tags: ['Accounts'], summary: 'Balance', params, response: { 200: Balance } } },
    async (request) => {
      const clientId = readScope(request).parents.clientId ?? ''
      const found = await readAtOnce(context, request, (tx) => findBalance(tx, clientId), 'by-index')
      if (!found) throw new NotFound('client', clientId)
      return showBalance(found)
    },
  )

  app.get(
    '/v1/clients/:clientId/daily-usage',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Usage of one local day, today by default',
        params,
        querystring: closed({ day: Type.Optional(Day) }),
        response: { 200: DailyUsage },
      },
    },
    async (request) => {
      const scope = readScope(request)
      const asked = request.query.day
      const client = await read(context, request, (tx) => parentClient(tx, scope))
      const { terms } = withZones(context, client)
      const day =
        asked === undefined ? localDay(scope.now, termsAt(terms, scope.now).timeZone) : readDay(asked, '/day')
      return read(context, request, async (tx) => {
        const usage = await findDailyUsage(tx, { clientId: client.id, day })
        const granted = await sumGrantsOfDay(tx, { clientId: client.id, day })
        return showDailyUsage({ ...client, terms }, day, usage, granted)
      })
    },
  )
}

export function showBalance(found: BalanceRow) {
  const [balance, reserved] = [new Decimal(found.balance), new Decimal(found.reserved)]
  const [unbilled, invoicedUnpaid] = [new Decimal(found.unbilled), new Decimal(found.invoicedUnpaid)]
  const limit = findCreditLimit(found)
  return {
    balance: formatAmount(balance),
    reserved: formatAmount(reserved),
    leased: formatAmount(new Decimal(found.leased)),
    available: limit && formatAmount(balance.minus(reserved).plus(limit)),
    creditLimit: found.creditLimit && formatAmount(new Decimal(found.creditLimit)),
    unbilled: formatAmount(unbilled),
    invoicedUnpaid: formatAmount(invoicedUnpaid),
    unallocated: formatAmount(balance.plus(invoicedUnpaid).plus(unbilled)),
    currency: found.currency,
  }
}

/** `usage`: undefined where nothing was spent or held on that day; `granted`: held for it by grants from leases. */
export function showDailyUsage(
  client: Pick<Client, 'maxDailyUsage' | 'currency'> & Pick<ClientOfZones, 'terms'>,
  day: string,
  usage: Awaited<ReturnType<typeof findDailyUsage>>,
  granted: Decimal,
) {
  const { terms, maxDailyUsage, currency } = client
  return {
    day,
    timeZone: zoneOfClientDay(terms, day),
    amount: formatAmount(usage?.amount ?? zero),
    reserved: formatAmount(granted.plus(usage?.reserved ?? zero)),
    limit: maxDailyUsage && formatAmount(maxDailyUsage),
    currency,
    limitReachedAt: usage?.limitReachedAt == null ? null : instantText(usage.limitReachedAt),
    resetsAt: instantText(startOfClientDay(terms, addDays(day, 1))),
  }
}

/** null: nothing limits it. */
function findCreditLimit(client: BalanceRow): Decimal | null {
  if (client.creditLimit !== null) return new Decimal(client.creditLimit)
  return client.billingMethod === 'postpaid' || client.billingMethod === 'none' ? null : zero
}
