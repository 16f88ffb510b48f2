/**
 * What is a client in JSON? Its fields, their defaults, and which of them go together.
 */
import Type, { type Static } from 'typebox'
import type { ClientRow, ClientValues } from '../../db/clients/clients.ts'
import { instantText } from '../../db/columns.ts'
import { eInvoiceProfiles } from '../../invoices/e-invoice/profiles.ts'
import { billingMethods, distributeMethods, features } from '../../limits/client.ts'
import { Decimal, formatAmount } from '../../money.ts'
import {
  Country,
  Currency,
  closed,
  Email,
  Instant,
  Language,
  Name,
  NonNegativeAmount,
  Numbering,
  nullable,
  oneOf,
  TimeZone,
  Uuid,
} from '../../shapes/fields.ts'
import {
  DirectDebit,
  InvoiceData,
  NotificationTemplates,
  PortalVisibility,
  Recording,
} from '../../shapes/settings.ts'
import { Faults } from '../conventions/known-values.ts'
import { MissingFields } from './e-invoice-check.ts'
import { legalIdWarnings, readLegalIds, readMandate } from './legal-ids.ts'
import { checkTogether, hasRecordings, inertSettings, recordingDefaults } from './settings-together.ts'

export const ClientFields = closed({
  brandId: Type.Optional(Uuid),
  name: Name,
  sipDomain: Type.String({
    maxLength: 253,
    pattern:
      '^(?=.*[A-Za-z.])[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$',
    description: 'A DNS name, unique on the platform; answered in lower case.',
    examples: ['acme.example.com'],
  }),
  suspended: Type.Optional(Type.Boolean()),
  features: Type.Optional(
    Type.Array(oneOf(features), { uniqueItems: true, examples: [['billing', 'invoices', 'recordings']] }),
  ),
  billingMethod: Type.Optional(oneOf(billingMethods)),
  corporationId: Type.Optional(nullable(Uuid)),
  language: Type.Optional(Language),
  countryCode: Type.Optional(nullable(Country)),
  timeZone: Type.Optional(TimeZone),
  currency: Type.Optional(Currency),
  numbering: Type.Optional(nullable(Numbering)),
  maxCalls: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: '0: unlimited.' })),
  maxCallSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_678_400 })),
  filterByIp: Type.Optional(Type.Boolean()),
  geoIpAllowedCountries: Type.Optional(Type.Array(Country, { maxItems: 300, uniqueItems: true })),
  maxDailyUsage: Type.Optional(nullable(NonNegativeAmount)),
  maxDailyUsageEmail: Type.Optional(nullable(Email)),
  creditLimit: Type.Optional(nullable(NonNegativeAmount)),
  invoiceData: Type.Optional(nullable(InvoiceData)),
  eInvoiceProfile: Type.Optional(
    nullable(oneOf(eInvoiceProfiles, "The profile of its e-invoices; null: the brand's.")),
  ),
  directDebit: Type.Optional(nullable(DirectDebit)),
  taxIds: Type.Optional(Type.Array(Uuid, { maxItems: 20, uniqueItems: true })),
  pricesIncludeTax: Type.Optional(
    Type.Boolean({
      description:
        'Prices of calls, fixed costs, discounts and minimums include the tax. Fixed once the client has money.',
    }),
  ),
  portalVisibility: Type.Optional(PortalVisibility),
  notificationTemplates: Type.Optional(NotificationTemplates),
  outgoingDdi: Type.Optional(
    nullable(Type.String({ pattern: '^\\+?[0-9]{1,18}$', examples: ['+34911000111'] })),
  ),
  mediaRelaySetId: Type.Optional(nullable(Uuid)),
  distributeMethod: Type.Optional(oneOf(distributeMethods, 'Seen and set by the platform alone.')),
  applicationServerId: Type.Optional(nullable(Uuid)),
  recording: Type.Optional(Recording),
  failurePolicy: Type.Optional(oneOf(['deny', 'allow'])),
  autoAllocate: Type.Optional(
    Type.Boolean({
      description: 'Whether unallocated money settles open invoices by itself; true by default.',
    }),
  ),
})
export type ClientFields = Static<typeof ClientFields>

export const ClientShown = closed({
  id: Uuid,
  ...ClientFields.properties,
  warnings: Type.Optional(Type.Array(Type.String())),
  missing: Type.Optional(MissingFields),
  createdAt: Instant,
  updatedAt: Instant,
})

/** What only the platform sees and sets. */
export const platformFields = ['distributeMethod', 'applicationServerId'] as const

type CompleteClient = Required<ClientValues> & { notificationTemplates: ChosenTemplates }

interface ClientSurroundings {
  brand: { timeZone: string; language: string; currency: string }
  /** The client's or else the brand's numbering turns a national DDI into E.164. */
  toE164: (number: string) => string | undefined
  /** The client as it stands, where it is changed: what is wrong since before is no reason to refuse something else. */
  before: ClientFields | undefined
}

/** A complete client out of what was sent; what was left out comes from the brand or is the default. Throws `InvalidRequest`. */
export function completeClient(
  fields: ClientFields,
  { brand, toE164, before }: ClientSurroundings,
): CompleteClient {
  const ddi = fields.outgoingDdi == null ? null : toE164(fields.outgoingDdi)
  const values = {
    name: fields.name,
    sipDomain: fields.sipDomain.toLowerCase(),
    suspended: fields.suspended ?? false,
    features: fields.features ?? ['billing', 'invoices'],
    billingMethod: fields.billingMethod ?? 'postpaid',
    corporationId: fields.corporationId ?? null,
    language: fields.language ?? brand.language,
    countryCode: fields.countryCode ?? null,
    timeZone: fields.timeZone ?? brand.timeZone,
    currency: fields.currency ?? brand.currency,
    numbering: fields.numbering ?? null,
    maxCalls: fields.maxCalls ?? 0,
    maxCallSeconds: fields.maxCallSeconds ?? 10_800,
    filterByIp: fields.filterByIp ?? false,
    geoIpAllowedCountries: fields.geoIpAllowedCountries ?? [],
    maxDailyUsage: fields.maxDailyUsage == null ? null : new Decimal(fields.maxDailyUsage),
    maxDailyUsageEmail: fields.maxDailyUsageEmail ?? null,
    creditLimit: fields.creditLimit == null ? null : new Decimal(fields.creditLimit),
    invoiceData: fields.invoiceData ?? null,
    eInvoiceProfile: fields.eInvoiceProfile ?? null,
    directDebit: fields.directDebit ?? null,
    taxIds: fields.taxIds ?? [],
    pricesIncludeTax: fields.pricesIncludeTax ?? false,
    portalVisibility: {
      invoices: false,
      ratingProfiles: false,
      callPrices: false,
      ...fields.portalVisibility,
    },
    notificationTemplates: completeTemplates(fields.notificationTemplates),
    outgoingDdi: ddi ?? null,
    mediaRelaySetId: fields.mediaRelaySetId ?? null,
    distributeMethod: fields.distributeMethod ?? 'hash',
    applicationServerId: fields.applicationServerId ?? null,
    recording: completeRecording(fields.recording),
    failurePolicy: fields.failurePolicy ?? 'deny',
    autoAllocate: fields.autoAllocate ?? true,
  } satisfies ClientValues

  const faults = new Faults()
  faults.checkKnown('currentCurrency', '/currency', values.currency, before?.currency)
  faults.checkKnown('timeZone', '/timeZone', fields.timeZone, before?.timeZone)
  faults.checkKnown('language', '/language', values.language)
  faults.checkKnown('country', '/countryCode', values.countryCode, before?.countryCode)
  const { country: invoicedIn } = values.invoiceData ?? {}
  faults.checkKnown('country', '/invoiceData/country', invoicedIn, before?.invoiceData?.country)
  for (const [i, country] of values.geoIpAllowedCountries.entries()) {
    const listedBefore = before?.geoIpAllowedCountries?.find((listed) => listed === country)
    faults.checkKnown('country', `/geoIpAllowedCountries/${i}`, country, listedBefore)
  }
  values.invoiceData =
    values.invoiceData &&
    readLegalIds(placedIds(values, values.invoiceData), before && placedIds(before, before.invoiceData), {
      pointer: '/invoiceData',
      faults,
    })
  if (values.directDebit) values.directDebit = readMandate(values.directDebit, before?.directDebit, faults)
  const amounts = {
    maxDailyUsage: values.maxDailyUsage && formatAmount(values.maxDailyUsage),
    creditLimit: values.creditLimit && formatAmount(values.creditLimit),
  }
  checkTogether({ ...values, ...amounts }, before, faults)
  if (ddi === undefined) faults.add('/outgoingDdi', 'is not a telephone number')
  faults.throwIfAny()
  return values
}

type Invoiced = ClientFields['invoiceData']

/** Invoices are to the country of the invoice data, else of the client. */
function placedIds<Ids extends Invoiced>({ countryCode }: Pick<ClientFields, 'countryCode'>, ids: Ids) {
  return { ids, country: ids?.country ?? countryCode ?? null }
}

type Required<Settings> = { [Field in keyof Settings]-?: Exclude<Settings[Field], undefined> }

export type ChosenTemplates = Required<Static<typeof NotificationTemplates>>

function completeTemplates(chosen: Static<typeof NotificationTemplates> = {}): ChosenTemplates {
  const lowerId = (id: string | null | undefined) => id?.toLowerCase() ?? null
  return {
    maxDailyUsage: lowerId(chosen.maxDailyUsage),
    lowBalance: lowerId(chosen.lowBalance),
    invoice: lowerId(chosen.invoice),
    invoiceReminder: lowerId(chosen.invoiceReminder),
    paymentReceipt: lowerId(chosen.paymentReceipt),
    callReport: lowerId(chosen.callReport),
    spendGuard: lowerId(chosen.spendGuard),
    allowanceLow: lowerId(chosen.allowanceLow),
  }
}

function completeRecording(
  recording: Static<typeof Recording> | undefined,
): Required<Static<typeof Recording>> {
  return { ...recordingDefaults, ...recording }
}

export function toClientFields(row: ClientRow): ClientFields {
  const { id: _id, revision: _revision, createdAt: _createdAt, updatedAt: _updatedAt, ...rest } = row
  const fields = {
    ...rest,
    maxDailyUsage: row.maxDailyUsage && formatAmount(row.maxDailyUsage),
    creditLimit: row.creditLimit && formatAmount(row.creditLimit),
    outgoingDdi: row.outgoingDdi === null ? null : `+${row.outgoingDdi}`,
  }
  // What stands in jsonb and text columns was checked by this very schema when it was written.
  return fields as ClientFields
}

/** `warnings`: what was found beside the row. */
export function showClient(
  row: ClientRow,
  viewer: { seesPlatformFields: boolean },
  more: { warnings: readonly string[] },
): Static<typeof ClientShown> {
  const fields = toClientFields(row)
  const warnings = [
    ...more.warnings,
    ...legalIdWarnings('invoiceData', placedIds(fields, fields.invoiceData)),
    ...inertSettings(fields, viewer),
  ]
  const shown: Static<typeof ClientShown> = {
    id: row.id,
    ...fields,
    ...(warnings.length > 0 ? { warnings } : {}),
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  }
  if (!viewer.seesPlatformFields) for (const field of platformFields) delete shown[field]
  if (!hasRecordings(fields)) delete shown.recording
  return shown
}
