/**
 * `/v1/invoices/{id}.pdf`, `.xml`, `.csv` and `/annex.pdf`: the invoice as a document, and its calls as others.
 *
 * The invoice is the same for everybody. A client's own users get prices of calls only where the client shows them.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Sql } from '../../db/connection.ts'
import { findEInvoiceProfile } from '../../db/invoices/invoiced-clients.ts'
import { annexName, documentName } from '../../invoices/attach-invoices.ts'
import { eInvoiceProfiles } from '../../invoices/e-invoice/profiles.ts'
import { invoiceAnnex } from '../../invoices/invoice-annex.ts'
import { loadInvoiceDocument, streamItems } from '../../invoices/invoice-document.ts'
import { invoicePdf } from '../../invoices/keep-invoice-pdf.ts'
import { withPdfPlace } from '../../invoices/pdf/render-invoice-pdf.ts'
import { renderInvoiceXml } from '../../invoices/render-invoice-xml.ts'
import { renderInvoiceCsv } from '../../reports/render-invoice-csv.ts'
import { closed, oneOf, PathId } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { csvFields, readCsvStyle } from '../conventions/csv-query.ts'
import type { Downloads } from '../conventions/downloads.ts'
import { readSql, streamSql } from '../conventions/read-sql.ts'
import { readId, tenantKey } from '../conventions/request-scope.ts'
import { findPortalView } from '../conventions/sections.ts'
import { readRequester } from './invoice-requests.ts'

const tags = ['Invoices']
const params = Type.Object({ id: PathId })

export function invoiceDocumentRoutes(app: Api, context: ApiContext, downloads: Downloads): void {
  const wanted = (request: FastifyRequest) => ({
    id: readId(request, 'invoice'),
    scope: readRequester(request).scope,
  })

  app.get(
    '/v1/invoices/:id.pdf',
    {
      schema: {
        tags,
        summary: 'The invoice as PDF',
        description:
          'Of an issued invoice the same bytes for whoever fetches it, as they were first made. Its calls are in ' +
          '`/v1/invoices/{id}/annex.pdf`; `items=false` says what holds anyway and is only kept for those who send it.',
        params,
        querystring: closed({
          profile: Type.Optional(
            oneOf(
              ['factur-x'],
              'PDF/A-3 with the invoice as `factur-x.xml` in it (CII, level EN 16931); what the level has no words for is 422 `invoice_not_representable`.',
            ),
          ),
          items: Type.Optional(Type.Boolean({ enum: [false], deprecated: true })),
        }),
        produces: ['application/pdf'],
      },
    },
    async (request, reply) => {
      const document = await readSql(context, request, (tx) => loadInvoiceDocument(tx, wanted(request)))
      const bytes = await invoicePdf(context.worker.$client, document, {
        tenant: tenantKey(request),
        profile: request.query.profile ?? 'plain',
      })
      return sendPdf(reply, { bytes, name: documentName(document.invoice, 'pdf') })
    },
  )

  app.get(
    '/v1/invoices/:id/annex.pdf',
    {
      schema: {
        tags,
        summary: 'The calls of the invoice as PDF',
        description:
          'With prices where the caller may see them; without numbers and times once these are removed.',
        params,
        produces: ['application/pdf'],
      },
    },
    async (request, reply) => {
      const showsPrices = findPortalView(context, request).callPrices
      const draw = async (tx: Sql) => {
        const document = await loadInvoiceDocument(tx, wanted(request))
        const bytes = await invoiceAnnex(tx, document, { showsPrices })
        return { bytes, name: annexName(document.invoice) }
      }
      return sendPdf(reply, await withPdfPlace(tenantKey(request), () => readSql(context, request, draw)))
    },
  )

  app.get(
    '/v1/invoices/:id.xml',
    {
      schema: {
        tags,
        summary: 'The invoice as EN 16931 UBL',
        description:
          'What the profile has no words for is told with its rules: 422 `invoice_not_representable`.',
        params,
        querystring: closed({
          profile: Type.Optional(oneOf(eInvoiceProfiles, "The client's, else the brand's, else en16931.")),
        }),
        produces: ['application/xml'],
      },
    },
    async (request, reply) => {
      const { document, profile } = await readSql(context, request, async (tx) => {
        const document = await loadInvoiceDocument(tx, wanted(request))
        const chosen = request.query.profile ?? (await findEInvoiceProfile(tx, document.invoice.clientId))
        return { document, profile: chosen ?? 'en16931' }
      })
      const xml = await renderInvoiceXml(document, { profile })
      return reply
        .type('application/xml; charset=utf-8')
        .header('content-disposition', `attachment; filename="${documentName(document.invoice, 'xml')}"`)
        .send(xml)
    },
  )

  app.get(
    '/v1/invoices/:id.csv',
    {
      schema: {
        tags,
        summary: 'The calls of the invoice',
        description:
          'Instants in the local time of the invoice. Flavours as those of reports. The report calls.xlsx of its days opens alike in every spreadsheet.',
        params,
        querystring: closed(csvFields),
        produces: ['text/csv'],
      },
    },
    async (request, reply) => {
      const style = readCsvStyle(request.query)
      const { invoice } = await readSql(context, request, (tx) => loadInvoiceDocument(tx, wanted(request)))
      const write = async function* (tx: Sql) {
        const document = await loadInvoiceDocument(tx, wanted(request))
        const showsPrices = findPortalView(context, request).callPrices
        const { currency, timeZone } = invoice
        yield* renderInvoiceCsv(streamItems(tx, document), { ...style, currency, timeZone, showsPrices })
      }
      return downloads.send(request, reply, async (gone) => ({
        contentType: 'text/csv; charset=utf-8',
        fileName: documentName(invoice, 'csv'),
        chunks: streamSql(context, request, write, gone),
      }))
    },
  )
}

function sendPdf(reply: FastifyReply, { bytes, name }: { bytes: Buffer; name: string }) {
  return reply.type('application/pdf').header('content-disposition', `inline; filename="${name}"`).send(bytes)
}
