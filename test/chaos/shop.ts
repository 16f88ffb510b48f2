/**
 * A brand with clients in several zones, one rate, and money: what all calls of a run are placed with. One client is sent
 * invoices.
 */
import { Decimal } from '../../src/money.ts'
import { must } from './ask.ts'
import { payable, pricePerGrant } from './race-for-money.ts'

export interface ShopClient {
  id: string
  sipDomain: string
}

export interface Shop {
  clients: ShopClient[]
  /** Whose money is raced for. */
  poor: ShopClient
  /** What an invoice is drafted with, beside its days. */
  invoiced: {
    clientId: string
    numberSequenceId: string
    fixedCosts: { fixedCostId: string; quantity: number }[]
  }
}

/** Per second: the price of a call is its seconds times this. */
export const ratePerSecond = '0.001'
export const openingBalance = '100000'
export const invoicesMailedTo = 'billing@chaos.example.com'

const timeZones = [
  'Europe/Madrid',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
]

export async function openShop(url: string, clientCount: number): Promise<Shop> {
  const make = (path: string, body: unknown) => must(url, 'POST', path, body)
  const brand = await make('/v1/brands', { name: 'Chaos', currency: 'EUR' })
  await must(url, 'PATCH', `/v1/brands/${brand.id}`, {
    issuer: { legalName: 'Chaos', taxId: 'B58378431', country: 'ES', iban: 'ES9121000418450200051332' },
  })
  const brandId = brand.id
  const addPlan = async (name: string, rate: string): Promise<string> => {
    const deck = await make('/v1/rate-decks', { brandId, name, currency: 'EUR' })
    await must(url, 'PUT', `/v1/rate-decks/${deck.id}/rates`, [
      { prefix: '34', steps: [{ fromSecond: 0, rate, perSeconds: 60, incrementSeconds: 1 }] },
    ])
    const plan = await make('/v1/rating-plans', {
      ...{ brandId, name, currency: 'EUR', timeZone: null },
      entries: [{ rateDeckId: deck.id, weight: 10, days: null, from: '00:00', to: '24:00' }],
    })
    return plan.id
  }
  const planId = await addPlan('plan', '0.06')
  // It begins when all calls of the run have been answered.
  const dearerPlanId = await addPlan('dearer plan', '0.12')
  const addClient = async (n: number, amount: string): Promise<ShopClient> => {
    const sipDomain = `chaos-${n}.example.com`
    const { id } = await make('/v1/clients', {
      ...{ brandId, name: sipDomain, sipDomain },
      billingMethod: n % 3 === 2 ? 'postpaid' : 'prepaid',
      timeZone: timeZones[n % timeZones.length],
    })
    await make(`/v1/clients/${id}/rating-profiles`, {
      ratingPlanId: planId,
      activatesAt: '2026-01-01T00:00:00Z',
    })
    await make(`/v1/clients/${id}/balance-movements`, {
      ...{ amount, kind: 'top-up', reference: 'chaos' },
    })
    return { id, sipDomain }
  }
  const clients: ShopClient[] = []
  for (let n = 0; n < clientCount; n++) {
    const client = await addClient(n, openingBalance)
    await make(`/v1/clients/${client.id}/rating-profiles`, {
      ratingPlanId: dearerPlanId,
      activatesAt: new Date().toISOString(),
    })
    clients.push(client)
  }
  // A multiple of three is prepaid.
  const poor = await addClient(3 * clientCount, new Decimal(pricePerGrant).times(payable).toFixed())
  const tax = await make('/v1/taxes', { brandId, name: 'VAT', rate: '21', category: 'S' })
  const { id: numberSequenceId } = await make('/v1/invoice-number-sequences', {
    ...{ brandId, name: 'main', prefix: 'F{yyyy}-', width: 4 },
  })
  const seat = await make('/v1/fixed-costs', { brandId, name: 'Seat', price: '9.95', currency: 'EUR' })
  const { id: clientId } = await make('/v1/clients', {
    ...{ brandId, name: 'Invoiced', sipDomain: 'invoiced.example.com', billingMethod: 'postpaid' },
    ...{ timeZone: 'UTC', taxIds: [tax.id] },
    invoiceData: { legalName: 'Acme, S.A.', taxId: 'A58818501', country: 'ES', email: invoicesMailedTo },
  })
  const fixedCosts = [{ fixedCostId: seat.id, quantity: 1 }]
  return { clients, poor, invoiced: { clientId, numberSequenceId, fixedCosts } }
}
