/**
 * `/v1/allowance-plans`: bundles of seconds, calls or money that a brand sells by the period; without items, plain fees.
 *
 * A change of fee or items is a new version: periods that have begun keep the one they began with.
 */
import Type, { type Static } from 'typebox'
import { addPlanVersion, isSubscribed } from '../../db/clients/allowance-plans.ts'
import { brandRows } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import { allowancePlans } from '../../db/schema.ts'
import { Conflict, InUse } from '../../errors.ts'
import type { PlanItem } from '../../ledger/open-periods.ts'
import { currencyDigits, Decimal, formatAmount, isDecimalText, parseAmount } from '../../money.ts'
import { allowanceUnits } from '../../rating/allowance.ts'
import { allowancePeriods } from '../../rating/allowance-period.ts'
import { normalizePrefix } from '../../rating/prefix.ts'
import {
  Currency,
  closed,
  Instant,
  Name,
  NonNegativeAmount,
  nonNegativeAmountPattern,
  oneOf,
  Uuid,
} from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'

const maxItems = 50
/** Of seconds and calls: more than anybody talks. */
const maxQuantity = 1_000_000_000

const ItemFields = closed({
  name: Name,
  prefixes: Type.Array(Type.String({ maxLength: 24 }), {
    minItems: 1,
    maxItems: 1_000,
    description: 'What numbers begin with; `*`: all numbers.',
    examples: [['34', '351']],
  }),
  unit: oneOf(allowanceUnits),
  amount: Type.Unsafe<number | string>({
    // Each of these holds for its own type.
    type: ['integer', 'string'],
    minimum: 1,
    maximum: maxQuantity,
    pattern: nonNegativeAmountPattern,
    description: 'Of a whole period: an integer of seconds or calls, decimal text of money.',
    examples: [6000],
  }),
  coversConnectFee: Type.Optional(Type.Boolean({ default: true })),
  rollover: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'What is left goes into the next period, and lapses with it.',
    }),
  ),
  weight: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1_000, default: 10, description: 'The heaviest is drawn first.' }),
  ),
})

const PlanFields = closed({
  brandId: Type.Optional(Uuid),
  name: Name,
  currency: Currency,
  period: oneOf(allowancePeriods),
  fee: NonNegativeAmount,
  items: Type.Array(ItemFields, { maxItems, description: 'Empty: a plain recurring fee.' }),
})
type PlanFields = Static<typeof PlanFields>

export type AllowancePlanRow = typeof allowancePlans.$inferSelect
export const allowancePlanRows = brandRows<AllowancePlanRow>(allowancePlans)

export function allowancePlanRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'allowance plan',
    path: '/v1/allowance-plans',
    tag: 'Allowances',
    fields: PlanFields,
    shown: closed({ id: Uuid, ...PlanFields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Type.Optional(Uuid) },
    sorts: true,
    configures: false,
    show: (row: AllowancePlanRow) => ({
      id: row.id,
      ...showPlanFields(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) =>
      allowancePlanRows.list(tx, { ...page, brandId: filter.brandId ?? null }),
    find: (tx, _scope, id, lock) => allowancePlanRows.find(tx, id, lock),
    async create(tx, { identity, now }, { brandId, ...fields }) {
      const values = toValues(fields)
      const row = await allowancePlanRows.insert(tx, {
        ...{ id: newId(now), brandId: owningBrand(identity, brandId), ...values },
      })
      await addPlanVersion(tx, row, now)
      return row
    },
    patch: {
      toFields: showPlanFields,
      async update(tx, { now }, row, { brandId, ...fields }) {
        keepBrand(row, brandId)
        const values = toValues(fields, row)
        const isOther =
          fields.period !== row.period ? 'period' : fields.currency !== row.currency ? 'currency' : null
        if (isOther && (await isSubscribed(tx, row.id))) {
          throw new Conflict(
            'in_use',
            `Clients have this plan, so its ${isOther} is fixed: make another plan.`,
            [{ pointer: `/${isOther}`, detail: 'cannot change while clients have the plan' }],
          )
        }
        const changed = await allowancePlanRows.update(tx, row.id, values, now)
        await addPlanVersion(tx, changed, now)
        return changed
      },
    },
    async remove(tx, _scope, row) {
      if (await isSubscribed(tx, row.id)) throw new InUse('allowance plan', 'clients have it')
      await allowancePlanRows.remove(tx, row.id)
    },
  })
}

export function showPlanFields(row: AllowancePlanRow): PlanFields {
  const { brandId, name, currency, period } = row
  return { brandId, name, currency, period, fee: formatAmount(row.fee), items: readItems(row.items) }
}

/** drizzle's wrapping of the pool leaves JSON as text. */
function readItems(items: unknown): PlanItem[] & PlanFields['items'] {
  return (typeof items === 'string' ? JSON.parse(items) : items) as PlanItem[] & PlanFields['items']
}

function toValues({ items, fee, ...plan }: Omit<PlanFields, 'brandId'>, before?: AllowancePlanRow) {
  const faults = new Faults()
  faults.checkKnown('currentCurrency', '/currency', plan.currency, before?.currency)
  faults.throwIfAny()
  const digits = currencyDigits(plan.currency)
  const amount = parseAmount(fee)
  if (amount.decimalPlaces() > digits) {
    faults.add('/fee', `has more decimals than ${plan.currency} pays with (${digits})`)
  }
  const names = new Set<string>()
  const known = items.map((item, i): PlanItem => {
    if (names.has(item.name)) faults.add(`/items/${i}/name`, 'names two items: each needs a name of its own')
    names.add(item.name)
    checkItemAmount(item, `/items/${i}/amount`, digits, faults)
    return {
      name: item.name,
      prefixes: readPrefixes(item.prefixes, `/items/${i}/prefixes`, faults),
      unit: item.unit,
      amount:
        typeof item.amount === 'string' && isDecimalText(item.amount)
          ? formatAmount(parseAmount(item.amount))
          : item.amount,
      coversConnectFee: item.coversConnectFee ?? true,
      rollover: item.rollover ?? false,
      weight: item.weight ?? 10,
    }
  })
  faults.throwIfAny()
  return { ...plan, fee: amount, items: known }
}

function checkItemAmount(
  { unit, amount }: PlanFields['items'][number],
  pointer: string,
  digits: number,
  faults: Faults,
): void {
  if (unit === 'money') {
    if (typeof amount !== 'string') faults.add(pointer, 'is money: write it as decimal text such as "10.00"')
    else if (!new Decimal(amount).gt(0)) faults.add(pointer, 'must be above 0')
    else if (new Decimal(amount).decimalPlaces() > digits) {
      faults.add(pointer, `has more decimals than the currency pays with (${digits})`)
    }
  } else if (typeof amount !== 'number') faults.add(pointer, `counts ${unit}: write it as an integer`)
}

function readPrefixes(prefixes: readonly string[], pointer: string, faults: Faults): string[] {
  const known: string[] = []
  for (const [i, text] of prefixes.entries()) {
    const prefix = normalizePrefix(text)
    if (prefix === undefined) faults.add(`${pointer}/${i}`, 'is not a valid prefix: 1 to 18 digits, or "*"')
    else if (known.includes(prefix)) faults.add(`${pointer}/${i}`, 'stands twice in the list')
    else known.push(prefix)
  }
  return known
}
