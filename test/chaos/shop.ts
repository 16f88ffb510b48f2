/**
 * A brand with clients in several zones, one rate, and money: what all calls of a run are placed with.
 */
export interface ShopClient {
  id: string
  sipDomain: string
}

/** Per second: the price of a call is its seconds times this. */
export const ratePerSecond = '0.001'
export const openingBalance = '100000'

const timeZones = [
  'Europe/Madrid',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
]

export async function openShop(url: string, key: string, clientCount: number): Promise<ShopClient[]> {
  const must = async (method: string, path: string, body: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
  const brand = await must('POST', '/v1/brands', { name: 'Chaos', currency: 'EUR' })
  const deck = await must('POST', '/v1/rate-decks', { brandId: brand.id, name: 'deck', currency: 'EUR' })
  await must('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    { prefix: '34', steps: [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 1 }] },
  ])
  const plan = await must('POST', '/v1/rating-plans', {
    brandId: brand.id,
    name: 'plan',
    currency: 'EUR',
    timeZone: null,
    entries: [{ rateDeckId: deck.id, weight: 10, days: null, from: '00:00', to: '24:00' }],
  })
  const clients: ShopClient[] = []
  for (let n = 0; n < clientCount; n++) {
    const sipDomain = `chaos-${n}.example.com`
    const { id } = await must('POST', '/v1/clients', {
      brandId: brand.id,
      name: sipDomain,
      sipDomain,
      billingMethod: n % 3 === 2 ? 'postpaid' : 'prepaid',
      timeZone: timeZones[n % timeZones.length],
    })
    await must('POST', `/v1/clients/${id}/rating-profiles`, {
      ratingPlanId: plan.id,
      activatesAt: '2026-01-01T00:00:00Z',
    })
    await must('POST', `/v1/clients/${id}/balance-movements`, {
      amount: openingBalance,
      kind: 'top-up',
      reference: 'chaos',
    })
    clients.push({ id, sipDomain })
  }
  return clients
}
