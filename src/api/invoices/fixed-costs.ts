/** `/v1/fixed-costs`: what clients pay beside calls. */
import Type from 'typebox'
import type { BrandRow } from '../../db/clients/brand-rows.ts'
import { findScheduleNaming } from '../../db/invoices/find-schedule-naming.ts'
import { fixedCosts, taxes } from '../../db/schema.ts'
import { type Decimal, formatAmount, parseAmount } from '../../money.ts'
import { Currency, closed, Name, NonNegativeAmount, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { brandId, registerBrandResource } from './brand-resource.ts'

const FixedCostFields = closed({
  brandId,
  name: Name,
  price: NonNegativeAmount,
  currency: Currency,
  quantityRule: Type.Optional(oneOf(['static', 'maxCalls'])),
  prorate: Type.Optional(Type.Boolean()),
  taxId: Type.Optional(nullable(Uuid)),
})
type FixedCostRow = BrandRow & {
  name: string
  price: Decimal
  currency: string
  quantityRule: string
  prorate: boolean
  taxId: string | null
}

export function fixedCostRoutes(app: Api, context: ApiContext): void {
  registerBrandResource<FixedCostRow, typeof FixedCostFields>(app, context, {
    noun: 'fixed cost',
    path: '/v1/fixed-costs',
    fields: FixedCostFields,
    table: fixedCosts,
    toValues({ name, price, currency, quantityRule, prorate, taxId }) {
      const faults = new Faults()
      faults.checkKnown('currency', '/currency', currency)
      faults.throwIfAny()
      return {
        name,
        price: parseAmount(price),
        currency,
        quantityRule: quantityRule ?? 'static',
        prorate: prorate ?? false,
        taxId: taxId ?? null,
      }
    },
    async findUser(tx, row) {
      const schedule = await findScheduleNaming(tx, row)
      return schedule && `the invoice schedule ${schedule} names it`
    },
    references: ({ taxId }) => [{ pointer: '/taxId', noun: 'tax', table: taxes, id: taxId }],
    toFields: (row) => ({
      brandId: row.brandId,
      name: row.name,
      price: formatAmount(row.price),
      currency: row.currency,
      quantityRule: row.quantityRule as 'static' | 'maxCalls',
      prorate: row.prorate,
      taxId: row.taxId,
    }),
  })
}
