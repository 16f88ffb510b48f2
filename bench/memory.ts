/**
 * Does the service keep what it need not? Many calls through the whole of it, authorized and ended, and its resident
 * memory after each tenth. Flat: the second half adds next to nothing to the first.
 */
import { connect } from 'nats'
import { natsOptions } from '../src/events/nats-url.ts'
import type { LoadResult } from './authorize-load.ts'
import { openBenchServers } from './bench-servers.ts'
import { startChild } from './child.ts'
import { type Figure, median } from './figures.ts'

const samples = 10
const publishWindow = 500

export async function benchMemory({ calls }: { calls: number }): Promise<Figure[]> {
  const servers = await openBenchServers({ clients: 1000, deckSize: 20_000 })
  const load = startChild('./authorize-load.ts')
  const broker = await connect(natsOptions(servers.natsUrl))
  const resident: number[] = []
  try {
    const service = await servers.startService()
    const { books, natsUrl } = servers
    const manager = await broker.jetstreamManager()
    const stream = broker.jetstream()
    const share = calls / samples
    for (let sample = 0; sample < samples; sample += 1) {
      const run = `memory-${sample}`
      const asked = load.ask<LoadResult>({
        natsUrl,
        subject: 'billing.authorize',
        requests: share,
        inFlight: 64,
        clients: books.unlimited,
        numbers: books.numbers,
        run,
      })
      await endCalls(run, share)
      await asked
      while ((await manager.consumers.info('CALLS', 'tollgate')).num_pending > 0) await pause(100)
      resident.push((await service.residentBytes()) / 2 ** 20)
      console.log(`${String(share * (sample + 1)).padStart(7)} calls: ${resident.at(-1)?.toFixed(0)} MiB`)
    }

    async function endCalls(run: string, count: number): Promise<void> {
      const now = Date.now()
      for (let i = 0; i < count; i += publishWindow) {
        const window = Array.from({ length: Math.min(publishWindow, count - i) }, (_, offset) => {
          const at = i + offset
          const event = {
            callId: `${run}-${at};1928301774;out`,
            client: books.unlimited[at % books.unlimited.length],
            direction: 'outbound',
            from: '+34911000111',
            to: books.numbers[at % books.numbers.length],
            startedAt: new Date(now - 70_000).toISOString(),
            answeredAt: new Date(now - 65_000).toISOString(),
            endedAt: new Date(now).toISOString(),
            cause: 16,
          }
          return stream.publish('calls.end', JSON.stringify(event))
        })
        await Promise.all(window)
      }
    }
  } finally {
    await load.stop()
    await broker.close()
    await servers.close()
  }
  const half = samples / 2
  const first = median(resident.slice(0, half))
  const second = median(resident.slice(half))
  return [
    { name: `resident memory after ${calls} calls`, value: resident.at(-1) ?? Number.NaN, unit: 'MiB' },
    {
      name: 'second half of the calls beside the first',
      value: second,
      floor: first,
      ratio: second / first,
      unit: 'MiB',
      target: { atMost: 1.1 },
    },
  ]
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
