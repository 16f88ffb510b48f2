/**
 * What the calls need, through the service's own interface: a brand, a deck, a plan, four clients, a key of the role
 * `engine`. Prices are invented so that sums can be checked by hand.
 */
import type { ServiceApi } from '../../demo/service-api.ts'

interface Made {
  id: string
}

export interface Clients {
  /** Postpaid. */
  acme: string
  /** Prepaid, with money for six seconds. */
  coins: string
  /** One call at a time. */
  oneLine: string
  /** May call on when the service does not answer. */
  trusting: string
}

export const domains = {
  acme: 'acme.example.com',
  coins: 'coins.example.com',
  oneLine: 'one-line.example.com',
  trusting: 'trusting.example.com',
} as const satisfies Record<keyof Clients, string>

const step = (rate: string, incrementSeconds: number) => [
  { fromSecond: 0, rate, perSeconds: 60, incrementSeconds },
]
const rates = [
  { prefix: '346', destination: 'Spain mobile', connectFee: '0.01', steps: step('0.06', 60) },
  { prefix: '33', destination: 'France', steps: step('0.10', 30) },
  { prefix: '44', destination: 'United Kingdom', steps: step('0.12', 10) },
  { prefix: '49', destination: 'Germany', steps: step('0.60', 6) },
]

export async function setUpClients(api: ServiceApi): Promise<{ clients: Clients; engineKey: string }> {
  const { id: brandId } = await api.post<Made>('/v1/brands', { name: 'Kamailio Example', currency: 'EUR' })
  const deck = await api.post<Made>('/v1/rate-decks', { brandId, name: 'Retail', currency: 'EUR' })
  await api.put(`/v1/rate-decks/${deck.id}/rates`, rates)
  const plan = await api.post<Made>('/v1/rating-plans', {
    brandId,
    name: 'Retail',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  const make = async (name: keyof Clients, settings: object) => {
    const client = await api.post<Made>('/v1/clients', {
      brandId,
      name,
      sipDomain: domains[name],
      ...settings,
    })
    await api.post(`/v1/clients/${client.id}/rating-profiles`, {
      ratingPlanId: plan.id,
      activatesAt: '2026-01-01T00:00:00Z',
    })
    return client.id
  }
  const clients = {
    acme: await make('acme', {}),
    coins: await make('coins', {
      billingMethod: 'prepaid',
      features: ['billing', 'invoices', 'voiceNotifications'],
    }),
    oneLine: await make('oneLine', { maxCalls: 1 }),
    trusting: await make('trusting', { failurePolicy: 'allow' }),
  }
  await api.post(`/v1/clients/${clients.coins}/balance-movements`, {
    amount: '0.06',
    kind: 'top-up',
    reference: 'six seconds to Germany',
  })
  const { key } = await api.post<{ key: string }>('/v1/api-keys', {
    name: 'kamailio',
    role: 'engine',
    brandId,
  })
  return { clients, engineKey: key }
}
