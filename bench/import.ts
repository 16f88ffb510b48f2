/**
 * How long does a rate sheet take from the first byte sent until a call is priced by it, and what does it leave in
 * memory? The deck is reached by clients, so the service compiles it before the import is called applied.
 */
import { type Destination, listDestinations } from '../demo/list-destinations.ts'
import { rateSheet } from '../demo/rate-sheet.ts'
import { openServiceApi, type ServiceApi } from '../demo/service-api.ts'
import { openBenchServers } from './bench-servers.ts'
import type { Figure } from './figures.ts'

const pollMs = 20

export async function benchImport(): Promise<Figure[]> {
  const servers = await openBenchServers({ clients: 10, deckSize: 100 })
  try {
    const service = await servers.startService()
    const api = openServiceApi(service.url, service.key)
    const real = listDestinations().filter(({ country }) => country !== '001')
    const figures: Figure[] = []
    for (const { rows, seconds } of [
      { rows: 250_000, seconds: 8 },
      { rows: 300_000, seconds: 12 },
    ]) {
      const taken = await importOnce(api, sheetOf(real, rows))
      figures.push(
        {
          name: `import of ${rows / 1000},000 prefixes until a call is priced by it`,
          value: taken,
          unit: 's',
          target: { atMost: seconds },
        },
        {
          name: 'resident memory of the service then',
          value: (await service.residentBytes()) / 2 ** 20,
          unit: 'MiB',
        },
      )
    }
    return figures
  } finally {
    await servers.close()
  }
}

/** Real ones first; where they do not suffice, longer ones below them. */
function sheetOf(real: readonly Destination[], rows: number): string {
  const more = real
    .slice(0, Math.max(0, rows - real.length))
    .map((one) => ({ ...one, prefix: `${one.prefix}0000` }))
  return rateSheet([...real, ...more].slice(0, rows), { seed: 7, exchangeRate: '1' })
}

async function importOnce(api: ServiceApi, sheet: string): Promise<number> {
  const [brand] = await api.list<{ id: string }>('/v1/brands')
  if (!brand) throw new Error('the books have no brand')
  const name = `import-${sheet.length}`
  const fields = { brandId: brand.id, name, currency: 'EUR' }
  const deck = await api.post<{ id: string }>('/v1/rate-decks', fields)
  const entries = [{ rateDeckId: deck.id }]
  const plan = await api.post<{ id: string }>('/v1/rating-plans', { ...fields, entries })
  const client = await api.post<{ id: string }>('/v1/clients', {
    brandId: brand.id,
    name,
    sipDomain: `import${sheet.length}.example.com`,
  })
  await api.post(`/v1/clients/${client.id}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2020-01-01T00:00:00Z',
  })
  const startedAt = performance.now()
  const { id } = await api.postCsv<{ id: string }>(`/v1/rate-decks/${deck.id}/imports`, sheet)
  for (;;) {
    const { status, errors } = await api.get<{ status: string; errors: object[] }>(`/v1/imports/${id}`)
    if (status === 'rejected') throw new Error(`the sheet is refused: ${JSON.stringify(errors[0])}`)
    if (status === 'applied') break
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  const answer = await api.post<{ rate: object | null }>('/v1/authorizations', {
    callId: name,
    client: client.id,
    to: '+34600111222',
  })
  if (!answer.rate) throw new Error('the import is applied and prices nothing')
  return (performance.now() - startedAt) / 1000
}
