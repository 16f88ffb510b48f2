/**
 * The clients of the demo: invented companies, chosen so that every billing method, several currencies and zones,
 * and every kind of limit is seen once.
 */
export type BillingMethod = 'postpaid' | 'prepaid' | 'pseudoprepaid' | 'none'

export interface InventedClient {
  name: string
  /** First label of its SIP domain. */
  domain: string
  billingMethod: BillingMethod
  currency: 'EUR' | 'USD' | 'GBP' | 'JPY'
  timeZone: string
  language: 'en' | 'es'
  countryCode: string
  /** Countries it calls, most often first. */
  calls: readonly string[]
  /** Its part of all calls: shares are compared with each other. */
  share: number
  /** In front of what it is there to show. */
  shows: string
  topUp?: string
  creditLimit?: string
  maxCalls?: number
  maxDailyUsage?: string
  email?: string
  /** Lets in this network alone. */
  authorizedSource?: string
  /** Named by two clients, who then call each other free. */
  corporation?: string
  hasNoProfile?: true
  /** Its money is to run out. */
  runsDry?: true
  longestCallSeconds?: number
}

export const inventedClients: readonly InventedClient[] = [
  {
    name: 'Faro Textil',
    domain: 'faro-textil',
    billingMethod: 'postpaid',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'es',
    countryCode: 'ES',
    calls: ['ES', 'PT', 'FR', 'MA'],
    share: 5,
    shows: 'postpaid without a limit',
    corporation: 'Faro',
  },
  {
    name: 'Faro Logística',
    domain: 'faro-logistica',
    billingMethod: 'postpaid',
    currency: 'EUR',
    timeZone: 'Atlantic/Canary',
    language: 'es',
    countryCode: 'ES',
    calls: ['ES', 'DE', 'IT'],
    share: 4,
    shows: 'one corporation with the first: internal calls are free',
    corporation: 'Faro',
  },
  {
    name: 'Kestrel Freight',
    domain: 'kestrel',
    billingMethod: 'prepaid',
    currency: 'GBP',
    timeZone: 'Europe/London',
    language: 'en',
    countryCode: 'GB',
    calls: ['GB', 'IE', 'NL', 'PL'],
    share: 4,
    shows: 'prepaid, in pounds',
    topUp: '60',
    longestCallSeconds: 600,
  },
  {
    name: 'Blue Heron Clinics',
    domain: 'blue-heron',
    billingMethod: 'postpaid',
    currency: 'USD',
    timeZone: 'America/New_York',
    language: 'en',
    countryCode: 'US',
    calls: ['US', 'CA', 'MX'],
    share: 5,
    shows: 'postpaid within a credit limit',
    creditLimit: '500',
    longestCallSeconds: 900,
  },
  {
    name: 'Kawabe Seiki',
    domain: 'kawabe',
    billingMethod: 'postpaid',
    currency: 'JPY',
    timeZone: 'Asia/Tokyo',
    language: 'en',
    countryCode: 'JP',
    calls: ['JP', 'CN', 'KR'],
    share: 3,
    shows: 'yen; its day began hours ago',
  },
  {
    name: 'Olivar del Sur',
    domain: 'olivar',
    billingMethod: 'postpaid',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'es',
    countryCode: 'ES',
    calls: ['MA', 'DZ', 'SN'],
    share: 2,
    shows: 'a small daily limit, and a mail when it is reached',
    maxDailyUsage: '6',
    email: 'noc@olivar.example.com',
    longestCallSeconds: 90,
  },
  {
    name: 'Rheinbogen Werkzeuge',
    domain: 'rheinbogen',
    billingMethod: 'pseudoprepaid',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    language: 'en',
    countryCode: 'DE',
    calls: ['DE', 'AT', 'CH', 'TR'],
    share: 3,
    shows: 'pseudoprepaid',
    topUp: '80',
    longestCallSeconds: 600,
  },
  {
    name: 'Cordillera Viajes',
    domain: 'cordillera',
    billingMethod: 'prepaid',
    currency: 'USD',
    timeZone: 'America/Santiago',
    language: 'es',
    countryCode: 'CL',
    calls: ['CL', 'AR', 'PE', 'BO'],
    share: 2,
    shows: 'prepaid, runs dry',
    topUp: '4',
    runsDry: true,
    longestCallSeconds: 55,
  },
  {
    name: 'Lakeside Radio',
    domain: 'lakeside',
    billingMethod: 'none',
    currency: 'USD',
    timeZone: 'America/Chicago',
    language: 'en',
    countryCode: 'US',
    calls: ['US', 'CA'],
    share: 1.5,
    shows: 'is not billed at all',
  },
  {
    name: 'Baltic Pine',
    domain: 'baltic-pine',
    billingMethod: 'postpaid',
    currency: 'EUR',
    timeZone: 'Europe/Vilnius',
    language: 'en',
    countryCode: 'LT',
    calls: ['LT', 'LV', 'EE'],
    share: 1,
    shows: 'has no rating profile: may not call, and a call that runs all the same is rejected',
    hasNoProfile: true,
  },
  {
    name: 'Delta Couriers',
    domain: 'delta',
    billingMethod: 'postpaid',
    currency: 'USD',
    timeZone: 'America/Los_Angeles',
    language: 'en',
    countryCode: 'US',
    calls: ['US', 'PH', 'IN'],
    share: 0.5,
    shows: 'two calls at a time',
    maxCalls: 2,
  },
  {
    name: 'Monsoon Tea',
    domain: 'monsoon',
    billingMethod: 'postpaid',
    currency: 'GBP',
    timeZone: 'Asia/Kolkata',
    language: 'en',
    countryCode: 'IN',
    calls: ['IN', 'LK', 'GB'],
    share: 3,
    shows: 'lets in one network alone',
    authorizedSource: '203.0.113.0/24',
  },
]

export const exchangeRates = { EUR: '1', USD: '1.09', GBP: '0.86', JPY: '168' } as const
