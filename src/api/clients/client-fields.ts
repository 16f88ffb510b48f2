/**
 * What is a client in JSON? Its fields, their defaults, and which of them go together.
 */
import Type, { type Static } from 'typebox'
import type { ClientRow, ClientValues } from '../../db/clients/clients.ts'
import { instantText } from '../../db/columns.ts'
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
import { InvoiceData, NotificationTemplates, PortalVisibility, Recording } from '../../shapes/settings.ts'
import { Faults } from '../conventions/known-values.ts'

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
  features: Type.Optional(Type.Array(oneOf(features), { uniqueItems: true })),
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
  taxIds: Type.Optional(Type.Array(Uuid, { maxItems: 20, uniqueItems: true })),
  portalVisibility: Type.Optional(PortalVisibility),
  notificationTemplates: Type.Optional(NotificationTemplates),
  outgoingDdi: Type.Optional(nullable(Type.String({ pattern: '^\\+?[0-9]{1,18}$' }))),
  mediaRelaySetId: Type.Optional(nullable(Uuid)),
  distributeMethod: Type.Optional(oneOf(distributeMethods, 'Seen and set by the platform alone.')),
  applicationServerId: Type.Optional(nullable(Uuid)),
  recording: Type.Optional(Recording),
  failurePolicy: Type.Optional(oneOf(['deny', 'allow'])),
})
export type ClientFields = Static<typeof ClientFields>

export const ClientShown = closed({
  id: Uuid,
  ...ClientFields.properties,
  warnings: Type.Optional(Type.Array(Type.String())),
  createdAt: Instant,
  updatedAt: Instant,
})

/** What only the platform sees and sets. */
export const platformFields = ['distributeMethod', 'applicationServerId'] as const

type CompleteClient = Required<ClientValues> & { notificationTemplates: ChosenTemplates }

/** A complete client out of what was sent; what was left out comes from the brand or is the default. Throws `InvalidRequest`. */
export function completeClient(
  fields: ClientFields,
  brand: { timeZone: string; language: string; currency: string },
  // The client's or else the brand's numbering turns a national DDI into E.164.
  toE164: (number: string) => string | undefined,
  /** What the client has already, and may keep. */
  stored?: { timeZone: string },
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
    taxIds: fields.taxIds ?? [],
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
  } satisfies ClientValues

  const faults = new Faults()
  faults.checkKnown('currency', '/currency', values.currency)
  faults.checkKnown('timeZone', '/timeZone', fields.timeZone, stored?.timeZone)
  faults.checkKnown('language', '/language', values.language)
  faults.checkKnown('country', '/countryCode', values.countryCode)
  faults.checkKnown('country', '/invoiceData/country', values.invoiceData?.country)
  for (const [i, country] of values.geoIpAllowedCountries.entries()) {
    faults.checkKnown('country', `/geoIpAllowedCountries/${i}`, country)
  }
  checkTogether(values, faults)
  if (ddi === undefined) faults.add('/outgoingDdi', 'is not a telephone number')
  faults.throwIfAny()
  return values
}

type Required<Settings> = { [Field in keyof Settings]-?: Exclude<Settings[Field], undefined> }

export type ChosenTemplates = Required<Static<typeof NotificationTemplates>>

function completeTemplates(chosen: Static<typeof NotificationTemplates> = {}): ChosenTemplates {
  const idOf = (id: string | null | undefined) => id?.toLowerCase() ?? null
  return {
    maxDailyUsage: idOf(chosen.maxDailyUsage),
    lowBalance: idOf(chosen.lowBalance),
    invoice: idOf(chosen.invoice),
    callReport: idOf(chosen.callReport),
  }
}

function completeRecording(
  recording: Static<typeof Recording> | undefined,
): Required<Static<typeof Recording>> {
  return { onDemand: 'off', serviceCode: null, clientMayRemove: true, ...recording }
}

function checkTogether(
  values: {
    billingMethod: string
    distributeMethod: string
    features: readonly string[]
    recording: Required<Static<typeof Recording>>
  },
  faults: Faults,
): void {
  const has = (feature: string) => values.features.includes(feature)
  if (!has('billing') && values.billingMethod !== 'none') {
    faults.add('/billingMethod', 'must be "none" without the feature "billing"')
  }
  if (values.distributeMethod === 'roundRobin' && (has('queues') || has('conferences'))) {
    faults.add('/distributeMethod', 'cannot be "roundRobin" with the features "queues" or "conferences"')
  }
  const { onDemand, serviceCode } = values.recording
  if (onDemand === 'serviceCode' && serviceCode === null) {
    faults.add('/recording/serviceCode', 'is required with onDemand "serviceCode"')
  }
  if (onDemand !== 'serviceCode' && serviceCode !== null) {
    faults.add('/recording/serviceCode', 'goes with onDemand "serviceCode" alone')
  }
  if (onDemand === 'serviceCode' && !has('recordings')) {
    faults.add('/recording/onDemand', 'cannot be "serviceCode" without the feature "recordings"')
  }
}

export function clientFieldsOf(row: ClientRow): ClientFields {
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

export function showClient(
  row: ClientRow,
  viewer: { seesPlatformFields: boolean },
): Static<typeof ClientShown> {
  const shown: Static<typeof ClientShown> = {
    id: row.id,
    ...clientFieldsOf(row),
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  }
  if (!viewer.seesPlatformFields) for (const field of platformFields) delete shown[field]
  return shown
}
