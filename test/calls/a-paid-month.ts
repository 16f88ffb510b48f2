/**
 * A brand that forgets: one client, some January calls, their invoice and payment, and what its books are asked.
 */
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { streamRows } from '../../src/db/reports/report-rows.ts'
import { reportUsage, type UsageGroup } from '../../src/db/reports/report-usage.ts'
import { streamReadOnly } from '../../src/db/stream-batches.ts'
import { draftInvoice } from '../../src/invoices/draft-invoice.ts'
import { loadInvoiceDocument, streamItems } from '../../src/invoices/invoice-document.ts'
import { noTerms } from '../../src/invoices/invoice-terms.ts'
import { issueInvoice } from '../../src/invoices/issue-invoice.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { countryDigits } from '../../src/rating/country-of-number.ts'
import { ClientClocks } from '../../src/reports/client-clocks.ts'
import { renderInvoiceCsv } from '../../src/reports/render-invoice-csv.ts'
import { newId } from '../../src/uuid.ts'
import { aCallOf, anEvent, type CallDesk } from './a-call-desk.ts'

/** A client of a brand that keeps details for 30 days, and what its books are asked. */
export async function anOffice(desk: CallDesk, retentionDays: number | null = 30) {
  const { brandId, clientId } = await desk.aCaller({ timeZone: 'Europe/Madrid' })
  const { sql, context } = desk
  const sequenceId = newId()
  const taxId = newId()
  await sql`update brands set retention_days = ${retentionDays}, issuer = ${JSON.stringify({
    legalName: 'Telco S.L.',
    taxId: 'B11111111',
    postalAddress: 'Calle Mayor 1',
    country: 'ES',
  })}::text::jsonb where id = ${brandId}`
  await sql`
    insert into invoice_number_sequences (id, brand_id, name, prefix, width)
    values (${sequenceId}, ${brandId}, 'main', 'F', 4)`
  await sql`insert into taxes (id, brand_id, name, rate, category) values (${taxId}, ${brandId}, 'IVA', 21, 'S')`
  await sql`
    update clients
    set features = array['billing', 'invoices'], tax_ids = ${[taxId]}, country_code = 'ES',
        invoice_data = ${JSON.stringify({ legalName: 'Acme', taxId: 'A2', postalAddress: 'Gran Vía 2', country: 'ES' })}::text::jsonb
    where id = ${clientId}`
  await sql`update rating_profiles set created_at = '2026-01-01' where client_id = ${clientId}`
  await desk.refresh()
  const invoices = { sql, clock: context.clock, onCommitted: () => {} }
  const request = { scope: { brandId, clientId: null }, actor: 'test' }
  return {
    brandId,
    clientId,
    invoices,
    request,
    async issue(from: string, to: string) {
      const { id } = await draftInvoice(invoices, {
        ...request,
        clientId,
        numberSequenceId: sequenceId,
        period: { from, to },
        terms: noTerms,
      })
      return issueInvoice(invoices, { ...request, id })
    },
    pay: (id: string, amount: string) =>
      payInvoice(invoices, {
        ...request,
        id,
        amount,
        paidAt: context.clock(),
        method: null,
        reference: null,
        idempotencyKey: null,
      }),
    async remaining() {
      const rows = await sql`select call_id from all_calls where client_id = ${clientId} order by call_id`
      return rows.map(({ call_id }) => call_id)
    },
    async csv(id: string) {
      const document = await loadInvoiceDocument(sql, { id, scope: request.scope })
      let text = ''
      for await (const part of renderInvoiceCsv(
        streamReadOnly(sql, (tx) => streamItems(tx, document)),
        {
          currency: 'EUR',
          timeZone: 'UTC',
          flavour: 'raw',
          showsPrices: true,
        },
      ))
        text += part
      return text.trim().split('\r\n')
    },
  }
}

export type Office = Awaited<ReturnType<typeof anOffice>>

export const spain = { startedAt: '2026-01-10T09:00:00Z', seconds: 60 }
export const unanswered = (clientId: string, callId: string) => {
  const startedAt = Date.parse('2026-01-10T09:00:00Z')
  return anEvent({
    kind: 'end',
    client: clientId,
    callId,
    startedAt,
    answeredAt: null,
    endedAt: startedAt + 9000,
  })
}

/** 0.06 to Spain and 0.05 + 0.06 to the United Kingdom on 10 January, a call nobody answered; 0.0300 on the 13th. */
export async function twoDays(desk: CallDesk, office: Office) {
  const { clientId } = office
  const first = aCallOf(clientId, 'spain', spain)
  await desk.settle(first.start, first.end)
  await desk.settle(aCallOf(clientId, 'uk', { ...spain, seconds: 30, to: '+442071234567' }).end)
  await desk.settle(unanswered(clientId, 'nobody'))
  await desk.settle(aCallOf(clientId, 'late', { startedAt: '2026-01-13T09:00:00Z', seconds: 30 }).end)
  await desk.sql`
    update calls set created_at = coalesce(started_at, created_at) where client_id = ${clientId}`
}

/** The usage report of January as its brand sees it. */
export async function usageOfJanuary(desk: CallDesk, office: Office, groups: UsageGroup[]) {
  const api = openDatabase(desk.databaseUrl, { role: 'tollgate_api', connections: 1 })
  try {
    const clocks = await ClientClocks.read(desk.sql, office)
    const query = reportUsage({
      groups,
      brandId: office.brandId,
      clientId: office.clientId,
      from: '2026-01-01',
      to: '2026-02-01',
      destination: null,
      direction: 'outbound',
      label: null,
      countries: [],
      countryDigits,
      hasCallsWithoutCountry: false,
      spans: clocks.spans({ from: 0, until: desk.now() }),
      withAmounts: true,
    })
    const tenant = { role: 'brand' as const, brandId: office.brandId, clientId: null }
    const rows: unknown[] = []
    for await (const batch of streamRows({ db: api, tenant }, query)) rows.push(...batch)
    return rows
  } finally {
    await closeDatabase(api)
  }
}
