/** `/v1/taxes`: what a brand's invoices charge, and why they charge nothing. */
import Type from 'typebox'
import type { BrandRow } from '../../db/clients/brand-rows.ts'
import { findClientOfTax } from '../../db/clients/clients.ts'
import { findScheduleNaming } from '../../db/invoices/find-schedule-naming.ts'
import { taxes } from '../../db/schema.ts'
import type { InputFault } from '../../errors.ts'
import { categoriesWithRate, taxCategories } from '../../invoices/invoice.ts'
import { type Decimal, formatAmount, parseAmount } from '../../money.ts'
import { findExemptionFault } from '../../registers/exemption-codes.ts'
import { closed, FreeText, Name, nullable, oneOf } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { brandId, refuse, registerBrandResource } from './brand-resource.ts'

const fields = closed({
  brandId,
  name: Name,
  rate: Type.String({
    pattern: '^(?:100|\\d{1,2}(?:\\.\\d{1,4})?)$',
    description: 'Percent.',
    examples: ['21'],
  }),
  category: oneOf(
    taxCategories,
    'S standard, Z zero rate, E exempt, AE reverse charge, K supply within the Union, G export, O outside the scope of VAT, L IGIC (Canary Islands), M IPSI (Ceuta, Melilla)',
  ),
  reason: Type.Optional(nullable(FreeText)),
  reasonCode: Type.Optional(
    nullable(
      Type.String({
        pattern: '^VATEX-[A-Z0-9-]{1,40}$',
        description: 'The reason as a code of the list VATEX; with categories E, AE, K, G, O.',
        examples: ['VATEX-EU-AE'],
      }),
    ),
  ),
})
/** A reason goes with other categories alone, so that the fields' own examples do not go together. */
const example = {
  brandId: '01946000-0000-7000-8000-000000000001',
  name: 'IVA',
  rate: '21',
  category: 'S',
}
const TaxFields: typeof fields = Object.assign(fields, { examples: [example] })
interface TaxRow extends BrandRow {
  name: string
  rate: Decimal
  category: string
  reason: string | null
  reasonCode: string | null
}

export function taxRoutes(app: Api, context: ApiContext): void {
  registerBrandResource<TaxRow, typeof TaxFields>(app, context, {
    noun: 'tax',
    path: '/v1/taxes',
    fields: TaxFields,
    table: taxes,
    toValues({ name, rate, category, reason, reasonCode }) {
      const percent = parseAmount(rate)
      const faults: InputFault[] = []
      if (!categoriesWithRate.includes(category) && !percent.isZero()) {
        faults.push({ pointer: '/rate', detail: `must be "0" in category ${category}` })
      }
      const fault = reasonCode == null ? undefined : findExemptionFault(reasonCode, category)
      if (fault !== undefined) faults.push({ pointer: '/reasonCode', detail: fault })
      refuse('The values of this tax contradict each other.', faults)
      return { name, rate: percent, category, reason: reason ?? null, reasonCode: reasonCode ?? null }
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
      reasonCode: row.reasonCode,
    }),
  })
}
