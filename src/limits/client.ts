/**
 * What the service knows of a client and its brand when a call comes: their settings, as configuration memory
 * holds them. Instants are milliseconds since 1970 in UTC.
 *
 * What decides a price or a day is versioned (`ClientTerms`, `BrandTerms`): a call is judged by the terms in
 * force when it was answered. Everything else is read as it stands now.
 */
import type { Decimal } from '../money.ts'
import type { Numbering } from '../rating/normalize-number.ts'
import type { RatingProfile } from '../rating/tariff.ts'
import type { ReasonProfile } from './reason-profiles.ts'
import type { ReasonCodes } from './reasons.ts'
import type { BrandGuards } from './spend-guard.ts'

export const billingMethods = ['postpaid', 'prepaid', 'pseudoprepaid', 'none'] as const
export type BillingMethod = (typeof billingMethods)[number]

export const features = [
  'billing',
  'invoices',
  'recordings',
  'voiceNotifications',
  'queues',
  'conferences',
  'faxes',
  'friends',
] as const
export type Feature = (typeof features)[number]

export const distributeMethods = ['hash', 'roundRobin', 'static'] as const
export type DistributeMethod = (typeof distributeMethods)[number]

export interface RecordingSettings {
  onDemand: 'off' | 'sipInfo' | 'serviceCode'
  /** 1 to 3 digits, with `serviceCode` alone. */
  serviceCode: string | null
  clientMayRemove: boolean
}

/** Tells an address when the balance falls below the threshold. */
export interface BalanceAlert {
  id: string
  threshold: Decimal
  email: string
}

/** Local days on which a client has an allowance plan. */
export interface Subscription {
  id: string
  from: string
  /** The first day after it; null: without end. */
  to: string | null
  /** Who is told that an item is nearly used up. */
  email: string | null
}

/** In force from `effectiveAt` on; the first version for all time before the second. */
export interface ClientTerms {
  effectiveAt: number
  sipDomain: string
  timeZone: string
  /** `none` also where the billing feature is off. */
  billingMethod: BillingMethod
  corporationId: string | null
  numbering: Numbering | null
}

export interface Client {
  id: string
  brandId: string
  name: string
  suspended: boolean
  features: ReadonlySet<Feature>
  /** Ascending by `effectiveAt`, at least one. */
  terms: readonly ClientTerms[]
  language: string
  countryCode: string | null
  currency: string
  /** 0: unlimited. */
  maxCalls: number
  maxCallSeconds: number
  filterByIp: boolean
  /** ISO 3166 alpha-2. */
  geoIpAllowedCountries: readonly string[]
  /** Addresses and CIDR ranges. */
  authorizedSources: readonly string[]
  /** null: no daily limit; 0: no paid call at all. */
  maxDailyUsage: Decimal | null
  maxDailyUsageEmail: string | null
  /** null: no limit for `postpaid`, 0 for the others. */
  creditLimit: Decimal | null
  outgoingDdi: string | null
  mediaRelaySetId: string | null
  distributeMethod: DistributeMethod
  applicationServerId: string | null
  recording: RecordingSettings
  failurePolicy: 'deny' | 'allow'
  /** What the client's own users see. */
  portalVisibility: { invoices: boolean; ratingProfiles: boolean; callPrices: boolean }
  notificationTemplates: Readonly<Record<string, string | null>>
  balanceAlerts: readonly BalanceAlert[]
  /** Of outbound legs; ascending by `activatesAt`. */
  profiles: readonly RatingProfile[]
  /** The same of inbound legs; none: they are not priced. */
  inboundProfiles: readonly RatingProfile[]
  /** Past ones too: late calls may draw from them. */
  allowances: readonly Subscription[]
}

/** Who pays for a leg: inbound ones are priced by profiles of their own, no day limits them and no allowance covers them. */
export function payerFor(client: Client, direction: 'outbound' | 'inbound'): Client {
  if (direction === 'outbound') return client
  return { ...client, profiles: client.inboundProfiles, allowances: [], maxDailyUsage: null }
}

export interface BrandTerms {
  effectiveAt: number
  /** Emergency and other numbers granted over every other rule; as dialled or normalized. */
  specialNumbers: ReadonlySet<string>
  freeNumbers: ReadonlySet<string>
  numbering: Numbering | null
}

export interface Brand {
  id: string
  name: string
  currency: string
  language: string
  timeZone: string
  terms: readonly BrandTerms[]
  /** 0: unlimited. */
  maxCalls: number
  maxRingSeconds: number
  lostEndPolicy: 'zero' | 'last-known' | 'cap'
  reasonProfile: ReasonProfile
  /** Over the profile. */
  reasonOverrides: Readonly<Record<string, Partial<ReasonCodes>>>
  /** Where its mails come from and are answered, where it says so. */
  mail: { fromAddress: string | null; replyTo: string | null }
  /** The enabled ones. */
  guards: BrandGuards
  /** Whether grants name the carriers for a leg, the cheapest first. */
  leastCostRouting: boolean
  /** The duration that costs of carriers are compared by. */
  lcrSeconds: number
}

export interface MediaRelaySet {
  id: string
  name: string
  relays: readonly { name: string; address: string }[]
}

export interface ApplicationServer {
  id: string
  name: string
  address: string
}

/** The version in force at an instant: the last one that took effect, or the first for all time before it. */
export function termsAt<Terms extends { effectiveAt: number }>(
  versions: readonly Terms[],
  at: number,
): Terms {
  for (let i = versions.length - 1; i > 0; i--) {
    const version = versions[i]
    if (version && version.effectiveAt <= at) return version
  }
  const first = versions[0]
  if (!first) throw new Error('a client or brand has no terms')
  return first
}
