/** `/v1/taxes`: what a brand's invoices charge, and why they charge nothing. */
import Type from 'typebox'
import type { BrandRow } from '../../db/clients/brand-rows.ts'
import { findClientOfTax } from '../../db/clients/clients.ts'
import { findScheduleNaming } from '../../db/invoices/find-schedule-naming.ts'
import { taxes } from '../../db/schema.ts'
import { taxCategories } from '../../invoices/invoice.ts'
import { type Decimal, formatAmount, parseAmount } from '../../money.ts'
import { closed, FreeText, Name, nullable, oneOf } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { brandId, refuse, registerBrandResource } from './brand-resource.ts'

const TaxFields = closed({
  brandId,
  name: Name,
  rate: Type.String({
    pattern: '^(?:100|\\d{1,2}(?:\\.\\d{1,4})?)$',
    description: 'Percent.',
    examples: ['21'],
  }),
  category: oneOf(taxCategories, 'S standard, Z zero rate, E exempt, AE reverse charge'),
  reason: Type.Optional(nullable(FreeText)),
})
type TaxRow = BrandRow & { name: string; rate: Decimal; category: string; reason: string | null }

export function taxRoutes(app: Api, context: ApiContext): void {
  registerBrandResource<TaxRow, typeof TaxFields>(app, context, {
    noun: 'tax',
    path: '/v1/taxes',
    fields: TaxFields,
    table: taxes,
    toValues({ name, rate, category, reason }) {
      const percent = parseAmount(rate)
      if (category !== 'S' && !percent.isZero()) {
        refuse('The values of this tax contradict each other.', [
          { pointer: '/rate', detail: `must be "0" in category ${category}` },
        ])
      }
      return { name, rate: percent, category, reason: reason ?? null }
    },
    async findUser(tx, row) {
      const client = await findClientOfTax(tx, row)
      if (client !== undefined) return `the client ${client} is charged it`
      const schedule = await findScheduleNaming(tx, row)
      return schedule && `the invoice schedule ${schedule} names it`
    },
    toFields: (row) => ({
      brandId: row.brandId,
      name: row.name,
      rate: formatAmount(row.rate),
      category: row.category as (typeof taxCategories)[number],
      reason: row.reason,
    }),
  })
}
