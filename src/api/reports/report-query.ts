/**
 * What a caller may ask of a report, and how the words of the query become a request.
 *
 * A client's users get what their portal shows: the switches are read here, once for all reports.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { callStatuses } from '../../calls/call.ts'
import { findClient } from '../../db/clients/clients.ts'
import { readVisibility } from '../../db/configuration/read-settings.ts'
import type { Tx } from '../../db/connection.ts'
import { InvalidRequest, NotFound } from '../../errors.ts'
import type { Identity } from '../../identities/identity.ts'
import { type PortalView, portalView } from '../../identities/portal-view.ts'
import { isTimeZone } from '../../rating/time-zones.ts'
import { type ReportName, reportNames, reports } from '../../reports/open-report.ts'
import type { ReportDescription, ReportFilter } from '../../reports/report.ts'
import type { ReportRequest } from '../../reports/report-request.ts'
import { Amount, Day, oneOf, TimeZone, Uuid } from '../../shapes/fields.ts'
import type { CsvFlavour } from '../../spreadsheet-text.ts'
import type { ApiContext } from '../context.ts'
import { requestTenant, requireIdentity } from '../conventions/authentication.ts'
import { readClocks } from '../conventions/clocks-of-clients.ts'
import { readDay } from '../conventions/local-days.ts'
import { chooseReader } from '../conventions/read-from-standby.ts'
import { read } from '../conventions/run-as-tenant.ts'

const scope: Record<string, TSchema> = {
  brandId: Type.Optional(Type.String({ ...Uuid, description: 'Of a platform key: this brand alone.' })),
  clientId: Type.Optional(Uuid),
}

/** What a report may be narrowed by, here and in schedules. */
export const filterSchemas = {
  status: Type.Optional(oneOf(callStatuses)),
  direction: Type.Optional(oneOf(['outbound', 'inbound'])),
  toNormalized: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$', description: 'Leading digits.' })),
  destination: Type.Optional(Type.String({ maxLength: 255, pattern: '^[^\\u0000]+$' })),
  label: Type.Optional(
    Type.String({ pattern: '^[^:\\u0000]{1,64}:[^\\u0000]{0,255}$', description: 'name:value' }),
  ),
  datedBy: Type.Optional(oneOf(['period', 'issue'])),
  below: Type.Optional(
    Type.String({ ...Amount, description: 'Only groups whose margin is less.', examples: ['0'] }),
  ),
}

/** Query parameters of each report. */
export const reportQueries = Object.fromEntries(
  reportNames.map((name) => [name, querySchema(reports[name])]),
) as Record<ReportName, Record<string, TSchema>>

function querySchema({ takes, groups }: ReportDescription): Record<string, TSchema> {
  return Object.assign({ ...scope }, ...takes.map(filterSchema), groups && groupBy(groups))
}

function filterSchema(filter: ReportFilter): Record<string, TSchema> {
  if (filter === 'days') return { from: Type.Optional(Day), to: Type.Optional(Day) }
  if (filter !== 'timeZone') return { [filter]: filterSchemas[filter] }
  return {
    timeZone: Type.Optional(Type.String({ ...TimeZone, description: "Instead of each client's own." })),
  }
}

function groupBy(groups: readonly string[]) {
  const description = `Separated by commas: ${groups.join(', ')}.`
  return { groupBy: Type.Optional(Type.String({ maxLength: 400, description, examples: ['client,day'] })) }
}

/** Any of the parameters above, and of CSV the flavour and the locale. */
export type ReportQuery = Record<string, string | undefined> & { flavour?: CsvFlavour }

/** Throws `InvalidRequest`, and `NotFound` for another tenant's client. */
export async function readReportRequest(
  context: ApiContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  query: ReportQuery,
): Promise<ReportRequest> {
  const identity = requireIdentity(request)
  const { from, to } = readDays(query)
  if (query.timeZone !== undefined && !isTimeZone(query.timeZone)) {
    throw new InvalidRequest('There is no such time zone.', [{ pointer: '/timeZone', detail: 'is unknown' }])
  }
  const brandId = query.brandId?.toLowerCase() ?? identity.brandId
  if (identity.brandId !== null && brandId !== identity.brandId) throw new NotFound('brand', brandId ?? '')
  const clientId = identity.clientId ?? query.clientId?.toLowerCase() ?? null
  const visibility = await read(context, request, (tx) =>
    findVisibility(tx, identity, query.clientId?.toLowerCase()),
  )
  return {
    db: await chooseReader(context, reply, context.downloads),
    tenant: requestTenant(request),
    readClocks: () => readClocks(context.configuration, { brandId, clientId }),
    visibility,
    brandId,
    clientId,
    from,
    to,
    timeZone: query.timeZone ?? null,
    groupBy: query.groupBy ?? null,
    datedBy: query.datedBy === 'period' || query.datedBy === 'issue' ? query.datedBy : null,
    now: Date.now(),
    status: query.status ?? null,
    direction: query.direction ?? null,
    toNormalized: query.toNormalized ?? null,
    destination: query.destination ?? null,
    label: readLabel(query.label),
    below: query.below ?? null,
  }
}

/** What a client's own keys may see; everything for all others. Another tenant's client does not exist. */
async function findVisibility(tx: Tx, identity: Identity, asked: string | undefined): Promise<PortalView> {
  const id = asked ?? identity.clientId
  if (id === null) return portalView(identity, undefined)
  const client = await findClient(tx, id, 'none')
  if (!client) throw new NotFound('client', id)
  const view = portalView(identity, readVisibility(client.portalVisibility))
  return identity.role === 'client' && !client.features.includes('invoices')
    ? { ...view, invoices: false }
    : view
}

function readDays({ from, to }: ReportQuery): { from: string | null; to: string | null } {
  for (const [pointer, day] of [
    ['/from', from],
    ['/to', to],
  ] as const) {
    if (day !== undefined) readDay(day, pointer)
  }
  if (from !== undefined && to !== undefined && to <= from) {
    throw new InvalidRequest('The span is empty.', [{ pointer: '/to', detail: 'must be after "from"' }])
  }
  return { from: from ?? null, to: to ?? null }
}

function readLabel(text: string | undefined): ReportRequest['label'] {
  if (text === undefined) return null
  const colon = text.indexOf(':')
  return { name: text.slice(0, colon), value: text.slice(colon + 1) }
}
