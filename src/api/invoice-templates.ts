/** `/v1/invoice-templates`: texts, colours, columns and order of a brand's documents. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { BrandRow } from '../db/brand-rows.ts'
import { invoiceTemplates } from '../db/schema.ts'
import { checkTemplate } from '../invoices/invoice-template.ts'
import { brandId, refuse, registerBrandResource } from './brand-resource.ts'
import type { ApiContext } from './context.ts'
import { closed, Name } from './fields.ts'

const TemplateFields = closed({
  brandId,
  name: Name,
  isDefault: Type.Optional(Type.Boolean()),
  content: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
})
type TemplateRow = BrandRow & { name: string; isDefault: boolean; content: unknown }

export function invoiceTemplateRoutes(app: FastifyInstance, context: ApiContext): void {
  registerBrandResource<TemplateRow, typeof TemplateFields>(app, context, {
    noun: 'invoice template',
    path: '/v1/invoice-templates',
    fields: TemplateFields,
    table: invoiceTemplates,
    valuesOf({ name, isDefault, content }) {
      refuse(
        'This template cannot be used.',
        checkTemplate(content).map((fault) => ({ ...fault, pointer: `/content${fault.pointer}` })),
      )
      return { name, isDefault: isDefault ?? false, content }
    },
    fieldsOf: ({ brandId, name, isDefault, content }) => ({
      brandId,
      name,
      isDefault,
      // Checked when it was written.
      content: content as Record<string, unknown>,
    }),
  })
}
