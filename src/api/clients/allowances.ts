/**
 * `/v1/clients/{id}/allowances`: the allowance plans that a client has, from a local day on, and what is left of them.
 */
import Type, { type Static } from 'typebox'
import {
  type AllowanceRow,
  amountLeft,
  deleteAllowance,
  deletePeriodsFrom,
  findAllowance,
  insertAllowance,
  listAllowances,
  listPeriodsOfDay,
  listUsedPeriods,
  type ShownPeriod,
  updateAllowance,
} from '../../db/clients/allowances.ts'
import type { ClientRow } from '../../db/clients/clients.ts'
import { instantText } from '../../db/columns.ts'
import type { Sql, Tx } from '../../db/connection.ts'
import { findDriver } from '../../db/tenant.ts'
import { Conflict, InUse, InvalidRequest, Unprocessable } from '../../errors.ts'
import { type PortalView, showsAllowanceItem } from '../../identities/portal-view.ts'
import { lockAccount } from '../../ledger/lock-ledger.ts'
import { openPeriods } from '../../ledger/open-periods.ts'
import { showQuantity } from '../../ledger/stored-draw.ts'
import { formatAmount } from '../../money.ts'
import { allowanceUnits } from '../../rating/allowance.ts'
import { addDays, localDay, startOfLocalDay } from '../../rating/local-day.ts'
import { Amount, closed, Day, Email, Instant, Name, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { registerResource } from '../conventions/resource.ts'
import { viewOwnClient } from '../conventions/sections.ts'
import { type AllowancePlanRow, allowancePlanRows } from './allowance-plans.ts'
import { listAllowanceWarnings } from './allowance-warnings.ts'

const maxDaysBack = 400

const AllowanceFields = closed({
  allowancePlanId: Uuid,
  from: Day,
  to: Type.Optional(nullable({ ...Day, description: 'The first day after it; null: without end.' })),
  quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  prorate: Type.Optional(
    Type.Boolean({ default: true, description: 'The first and the last period count by their days.' }),
  ),
  email: Type.Optional(nullable({ ...Email, description: 'Who is told at 80 and 100 % used.' })),
})
type AllowanceFields = Static<typeof AllowanceFields>

const Quantity = Type.Union([Type.Integer(), Amount], {
  description: 'Seconds and calls are integers, money is decimal text.',
})
const Period = closed({
  from: Day,
  to: Day,
  status: oneOf(['active', 'unpaid', 'lapsed'], '`unpaid`: it gives nothing yet; `lapsed`: it never will.'),
  fee: Type.Optional(Amount),
  items: Type.Array(
    closed({
      name: Type.String(),
      unit: oneOf(allowanceUnits),
      amount: Quantity,
      rolledOver: Quantity,
      used: Quantity,
      reserved: Quantity,
      left: Quantity,
    }),
  ),
})

const Allowance = closed({
  id: Uuid,
  ...AllowanceFields.properties,
  allowancePlanName: Name,
  periods: Type.Array(Period, { description: 'The present one, or that of `day`, once it has begun.' }),
  warnings: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Of one that was made: items with prefixes that no plan of the client has a rate for. No call draws there.',
    }),
  ),
  createdAt: Instant,
})

type Row = AllowanceRow & { periods?: readonly ShownPeriod[]; warnings?: readonly string[] }

export function allowanceRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'allowance',
    path: '/v1/clients/:clientId/allowances',
    tag: 'Allowances',
    fields: AllowanceFields,
    shown: Allowance,
    asides: {
      query: { day: Type.Optional(Day) },
      async add(tx, rows, { day }) {
        const [first] = rows
        return first ? addPeriods(tx, rows, day ?? (await findToday(tx, first))) : rows
      },
    },
    configures: true,
    show: (row: Row, { identity }) => showAllowance(row, viewOwnClient(context, identity)),
    async list(tx, scope, page): Promise<Row[]> {
      return listAllowances(tx, (await parentClient(tx, scope)).id, page)
    },
    async find(tx, scope, id, lock): Promise<Row | undefined> {
      const { id: clientId } = await parentClient(tx, scope)
      // Before its row: who opens periods comes to it behind the account.
      if (lock === 'update') await lockAccount(findDriver(tx), { clientId, now: scope.now })
      return findAllowance(tx, { clientId, id }, lock)
    },
    async create(tx, scope, fields) {
      const client = await parentClient(tx, scope)
      const { now } = scope
      const plan = await checkAllowance(tx, client, fields, now)
      const row = await insertAllowance(tx, {
        id: newId(now),
        clientId: client.id,
        allowancePlanId: fields.allowancePlanId,
        fromDay: fields.from,
        toDay: fields.to ?? null,
        quantity: fields.quantity ?? 1,
        prorate: fields.prorate ?? true,
        email: fields.email ?? null,
        nextPeriodAt: now,
      })
      return {
        ...(await openNow(tx, client, row, now)),
        warnings: await listAllowanceWarnings(tx, client, plan),
      }
    },
    patch: {
      toFields,
      async update(tx, { now, ...scope }, row, fields): Promise<Row> {
        const client = await parentClient(tx, { ...scope })
        checkKept(row, fields)
        const connection = findDriver(tx)
        // Nobody draws from it meanwhile.
        const account = await lockWithoutLeases(connection, client.id, now)
        const to = fields.to ?? null
        if (to !== row.toDay) await moveEnd(tx, row, to)
        const changed = await updateAllowance(tx, { id: row.id, toDay: to, email: fields.email ?? null, now })
        const { write } = await openPeriods(connection, account, now)
        await Promise.all([...write(), ...account.ledger.write(connection)])
        return withPeriods(tx, client, changed, now)
      },
    },
    async remove(tx, scope, row) {
      const client = await parentClient(tx, scope)
      await lockWithoutLeases(findDriver(tx), client.id, scope.now)
      const periods = await listUsedPeriods(tx, row.id)
      if (periods.some(({ isDrawn }) => isDrawn))
        throw new InUse('allowance', 'calls have drawn from it; set its last day instead')
      if (periods.some(({ isCharged }) => isCharged))
        throw new InUse('allowance', 'a period of it was charged; set its last day instead')
      await deleteAllowance(tx, row.id)
    },
  })
}

export function showAllowance(row: Row, view: PortalView) {
  return {
    id: row.id,
    ...toFields(row),
    allowancePlanName: row.planName,
    periods: (row.periods ?? []).map((period) => showPeriod(period, view)),
    ...(row.warnings?.length && { warnings: row.warnings }),
    createdAt: instantText(row.createdAt),
  }
}

/** Each with its periods that the day lies in. */
export async function addPeriods(tx: Tx, rows: readonly AllowanceRow[], day: string): Promise<Row[]> {
  const periods = await listPeriodsOfDay(
    tx,
    rows.map(({ id }) => id),
    day,
  )
  return rows.map((row) => ({ ...row, periods: periods.get(row.id) ?? [] }))
}

function toFields(row: AllowanceRow): Required<AllowanceFields> {
  const { allowancePlanId, quantity, prorate, email } = row
  return { allowancePlanId, from: row.fromDay, to: row.toDay, quantity, prorate, email }
}

/** Fees are for the seller's eyes: a client finds them on its invoices and statements. */
function showPeriod({ from, to, status, fee, items }: ShownPeriod, view: PortalView) {
  return {
    ...{ from, to, status },
    ...(view.costs && { fee: formatAmount(fee) }),
    items: items
      .filter(({ unit }) => showsAllowanceItem(view, unit))
      .map((item) => ({
        name: item.name,
        unit: item.unit,
        amount: showQuantity(item.unit, item.amount),
        rolledOver: showQuantity(item.unit, item.rolledOver),
        used: showQuantity(item.unit, item.used),
        reserved: showQuantity(item.unit, item.reserved),
        left: showQuantity(item.unit, amountLeft(item)),
      })),
  }
}

async function findToday(tx: Tx, { clientId }: AllowanceRow): Promise<string> {
  const { timeZone } = await parentClient(tx, { parents: { clientId } })
  return localDay(Date.now(), timeZone)
}

async function openNow(tx: Tx, client: ClientRow, row: AllowanceRow, now: number): Promise<Row> {
  const connection = findDriver(tx)
  const account = await lockWithoutLeases(connection, client.id, now)
  const { write } = await openPeriods(connection, account, now)
  await Promise.all([...write(), ...account.ledger.write(connection)])
  return withPeriods(tx, client, row, now)
}

/** Replicas have set nothing aside by the allowances that the client had before. Throws `LeasesInTheWay`. */
async function lockWithoutLeases(connection: Sql, clientId: string, now: number) {
  const account = await lockAccount(connection, { clientId, now })
  account.ledger.requireNoLeases(clientId)
  return account
}

async function withPeriods(tx: Tx, client: ClientRow, row: AllowanceRow, now: number): Promise<Row> {
  const [shown = row] = await addPeriods(tx, [row], localDay(now, client.timeZone))
  return shown
}

async function checkAllowance(
  tx: Tx,
  client: ClientRow,
  fields: AllowanceFields,
  now: number,
): Promise<AllowancePlanRow> {
  const { from, to = null } = fields
  const plan = await allowancePlanRows.find(tx, fields.allowancePlanId, 'none')
  if (!plan || plan.brandId !== client.brandId) {
    throw new InvalidRequest('The brand has no such allowance plan.', [
      { pointer: '/allowancePlanId', detail: 'is not a known allowance plan of the brand' },
    ])
  }
  const faults = new Faults()
  checkDay(from, '/from', faults)
  if (to !== null) checkDay(to, '/to', faults)
  if (to !== null && to <= from) {
    faults.add('/to', 'is the first day after the allowance, so it must be later than "from"')
  }
  const today = localDay(now, client.timeZone)
  if (isPaidInAdvance(client) && from < today) {
    faults.add('/from', `is over: who pays in advance begins today (${today}) at the earliest`)
  } else if (from < addDays(today, -maxDaysBack)) {
    faults.add('/from', `lies more than ${maxDaysBack} days back`)
  }
  faults.throwIfAny()
  if (plan.currency !== client.currency) {
    throw new Unprocessable(
      'currency_mismatch',
      `The plan is in ${plan.currency}, the client in ${client.currency}.`,
      [{ pointer: '/allowancePlanId', detail: `is in ${plan.currency}, the client in ${client.currency}` }],
    )
  }
  if (client.billingMethod === 'none' || !client.features.includes('billing')) {
    throw new Conflict(
      'client_not_billed',
      'Nothing is billed to this client: it has no calls or fees to pay.',
      [{ pointer: '/allowancePlanId', detail: 'needs a client with a billing method' }],
    )
  }
  return plan
}

function isPaidInAdvance({ billingMethod }: ClientRow): boolean {
  return billingMethod === 'prepaid' || billingMethod === 'pseudoprepaid'
}

function checkDay(day: string, pointer: string, faults: Faults): void {
  try {
    startOfLocalDay(day, 'UTC')
  } catch {
    faults.add(pointer, 'is not a valid calendar day')
  }
}

/** All but its end and who is told is fixed. */
function checkKept(row: AllowanceRow, fields: AllowanceFields): void {
  const faults = new Faults()
  const before = toFields(row)
  for (const name of ['allowancePlanId', 'from', 'quantity', 'prorate'] as const) {
    const value = fields[name]
    const isKept =
      name === 'allowancePlanId' ? String(value).toLowerCase() === before[name] : value === before[name]
    if (value !== undefined && !isKept) {
      faults.add(`/${name}`, 'is fixed: end this allowance and make another')
    }
  }
  const { to } = fields
  if (to != null) checkDay(to, '/to', faults)
  if (to != null && to <= row.fromDay) {
    faults.add('/to', 'is the first day after the allowance, so it must be later than "from"')
  }
  faults.throwIfAny()
}

/** What was charged or drawn from keeps its days, what has lapsed too; what else the new end touches begins anew. */
async function moveEnd(tx: Tx, row: AllowanceRow, to: string | null): Promise<void> {
  const periods = await listUsedPeriods(tx, row.id)
  const chargedUntil = periods.findLast(({ isCharged }) => isCharged)?.to
  if (to !== null && chargedUntil !== undefined && to < chargedUntil) {
    throw new Conflict(
      'period_charged',
      `A period was charged up to ${chargedUntil}: it can end then or later.`,
      [{ pointer: '/to', detail: `must not be before ${chargedUntil}` }],
    )
  }
  const drawnUntil = periods.findLast(({ isDrawn }) => isDrawn)?.to
  if (to !== null && drawnUntil !== undefined && to < drawnUntil) {
    throw new Conflict(
      'period_used',
      `Calls have drawn from the period up to ${drawnUntil}: it can end then or later.`,
      [{ pointer: '/to', detail: `must not be before ${drawnUntil}` }],
    )
  }
  const touched = periods.find((period) => {
    if (period.isCharged || period.isDrawn || period.isLapsed) return false
    return (to !== null && to < period.to) || period.to === row.toDay
  })
  if (touched) await deletePeriodsFrom(tx, row.id, touched.from)
}
