/**
 * Clients and brands with valid defaults; a test states only what matters.
 */
import type { Account, DailyUsage } from '../../src/limits/account.ts'
import type { Brand, BrandTerms, Client, ClientTerms } from '../../src/limits/client.ts'
import { emptyDay } from '../../src/limits/daily-usage.ts'
import { noGuards } from '../../src/limits/spend-guard.ts'
import { Decimal } from '../../src/money.ts'

export const aTerms = (terms: Partial<ClientTerms> = {}): ClientTerms => ({
  effectiveAt: 0,
  sipDomain: 'acme.example.com',
  timeZone: 'Europe/Madrid',
  billingMethod: 'postpaid',
  corporationId: null,
  numbering: null,
  ...terms,
})

export const aClient = (client: Partial<Client> = {}): Client => ({
  id: '01946000-0000-7000-8000-000000000001',
  brandId: '01946000-0000-7000-8000-00000000000b',
  name: 'Acme',
  suspended: false,
  features: new Set(['billing', 'invoices'] as const),
  terms: [aTerms()],
  language: 'es',
  countryCode: 'ES',
  currency: 'EUR',
  maxCalls: 0,
  maxCallSeconds: 10_800,
  filterByIp: false,
  geoIpAllowedCountries: [],
  authorizedSources: [],
  maxDailyUsage: null,
  maxDailyUsageEmail: null,
  creditLimit: null,
  outgoingDdi: null,
  mediaRelaySetId: null,
  distributeMethod: 'hash',
  applicationServerId: null,
  recording: { onDemand: 'off', serviceCode: null, clientMayRemove: true },
  failurePolicy: 'deny',
  portalVisibility: { invoices: false, ratingProfiles: false, callPrices: false },
  notificationTemplates: {},
  balanceAlerts: [],
  profiles: [],
  inboundProfiles: [],
  allowances: [],
  ...client,
})

export const aBrand = (brand: Partial<Brand> = {}, terms: Partial<BrandTerms> = {}): Brand => ({
  id: '01946000-0000-7000-8000-00000000000b',
  name: 'Brand',
  currency: 'EUR',
  language: 'en',
  timeZone: 'UTC',
  terms: [{ effectiveAt: 0, specialNumbers: new Set(), freeNumbers: new Set(), numbering: null, ...terms }],
  maxCalls: 0,
  maxRingSeconds: 600,
  lostEndPolicy: 'zero',
  reasonProfile: 'standard',
  reasonOverrides: {},
  mail: { fromAddress: null, replyTo: null },
  guards: noGuards,
  leastCostRouting: false,
  lcrSeconds: 180,
  ...brand,
})

export const anAccount = (
  account: Partial<Omit<Account, 'balance' | 'reserved'>> & { balance?: string; reserved?: string } = {},
): Account => ({
  clientId: '01946000-0000-7000-8000-000000000001',
  runningCalls: 0,
  seq: 0,
  ...account,
  balance: new Decimal(account.balance ?? '0'),
  reserved: new Decimal(account.reserved ?? '0'),
})

export const aDay = (amount = '0', reserved = '0'): DailyUsage => ({
  ...emptyDay('2026-01-14'),
  amount: new Decimal(amount),
  reserved: new Decimal(reserved),
})
