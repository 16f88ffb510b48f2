/**
 * `/v1/invoice-templates`: texts, colours, columns and order of a brand's documents; and what a template would draw.
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { type BrandRow, brandRows } from '../../db/clients/brand-rows.ts'
import { findBrand } from '../../db/clients/brands.ts'
import { findScheduleNaming } from '../../db/invoices/find-schedule-naming.ts'
import { brandParty } from '../../db/invoices/parties.ts'
import { invoiceTemplates } from '../../db/schema.ts'
import { NotFound } from '../../errors.ts'
import { checkTemplate, type TemplateContent } from '../../invoices/invoice-template.ts'
import { renderInvoicePdf, withPdfPlace } from '../../invoices/pdf/render-invoice-pdf.ts'
import { type SampleWish, sampleInvoice } from '../../invoices/sample-invoice.ts'
import { Currency, closed, Language, Name, TimeZone, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { owningBrand } from '../conventions/owner.ts'
import { readScope, tenantKey } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { brandId, refuse, registerBrandResource } from './brand-resource.ts'

const Content = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })

const TemplateFields = closed({
  brandId,
  name: Name,
  isDefault: Type.Optional(Type.Boolean()),
  content: Content,
})
type TemplateRow = BrandRow & { name: string; isDefault: boolean; content: unknown }
const templates = brandRows<TemplateRow>(invoiceTemplates)

const PreviewRequest = closed({
  brandId,
  language: Type.Optional(Language),
  currency: Type.Optional(Currency),
  timeZone: Type.Optional(TimeZone),
  content: Type.Optional(Content),
  templateId: Type.Optional(Uuid),
})
type PreviewRequest = Static<typeof PreviewRequest>

export function invoiceTemplateRoutes(app: Api, context: ApiContext): void {
  registerBrandResource<TemplateRow, typeof TemplateFields>(app, context, {
    noun: 'invoice template',
    path: '/v1/invoice-templates',
    fields: TemplateFields,
    table: invoiceTemplates,
    toValues({ name, isDefault, content }) {
      checkContent(content)
      return { name, isDefault: isDefault ?? false, content }
    },
    async findUser(tx, row) {
      const schedule = await findScheduleNaming(tx, row)
      return schedule && `the invoice schedule ${schedule} names it`
    },
    toFields: ({ brandId, name, isDefault, content }) => ({
      brandId,
      name,
      isDefault,
      // Checked when it was written.
      content: content as Record<string, unknown>,
    }),
  })
  app.post(
    '/v1/invoice-templates/preview',
    {
      schema: {
        tags: ['Invoices'],
        summary: 'What would an invoice look like?',
        description:
          'A made-up invoice as PDF, with the issuer and the logo of the brand. Send `content` to try a template that ' +
          'is not stored, `templateId` for a stored one, neither for the built-in one. Language, currency and zone ' +
          'are those of the brand unless sent. A platform key may leave the brand out: its issuer is made up, too.',
        body: PreviewRequest,
        produces: ['application/pdf'],
      },
    },
    async (request, reply) => {
      const { document, items } = sampleInvoice(await readWish(context, request, request.body))
      const bytes = await withPdfPlace(tenantKey(request), () =>
        renderInvoicePdf(document, { part: 'both', items: onePage(items), showsPrices: true }),
      )
      return reply
        .type('application/pdf')
        .header('content-disposition', 'inline; filename="preview.pdf"')
        .send(bytes)
    },
  )
}

async function readWish(
  context: ApiContext,
  request: FastifyRequest,
  { language, currency, timeZone, content, templateId, ...named }: PreviewRequest,
): Promise<SampleWish> {
  const faults = new Faults()
  faults.checkKnown('language', '/language', language)
  faults.checkKnown('currency', '/currency', currency)
  faults.checkKnown('timeZone', '/timeZone', timeZone)
  if (content && templateId) faults.add('/templateId', 'goes without content: send one of them')
  faults.throwIfAny()
  if (content) checkContent(content)
  const { identity } = readScope(request)
  const own =
    identity.brandId === null && named.brandId === undefined ? null : owningBrand(identity, named.brandId)
  return read(context, request, async (tx) => {
    const stored = templateId === undefined ? undefined : await templates.find(tx, templateId, 'none')
    if (templateId !== undefined && (!stored || (own !== null && stored.brandId !== own))) {
      refuse('There is no such invoice template.', [
        { pointer: '/templateId', detail: 'is not a known invoice template of the brand' },
      ])
    }
    const known = own ?? stored?.brandId
    const brand = known === undefined ? undefined : await findBrand(tx, known, 'none')
    if (known !== undefined && !brand) throw new NotFound('brand', known)
    return {
      language: language ?? brand?.language ?? 'en',
      currency: currency ?? brand?.currency ?? 'EUR',
      timeZone: timeZone ?? brand?.timeZone ?? 'UTC',
      seller: brand ? brandParty(brand) : null,
      logo: brand?.logo ?? null,
      // A stored one was checked when it was written.
      template: (content ?? stored?.content ?? null) as TemplateContent | null,
    }
  })
}

async function* onePage<Item>(items: Item[]): AsyncGenerator<Item[], void> {
  yield items
}

function checkContent(content: unknown): void {
  refuse(
    'This template cannot be used.',
    checkTemplate(content).map((fault) => ({ ...fault, pointer: `/content${fault.pointer}` })),
  )
}
