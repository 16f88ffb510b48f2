/**
 * How fast is a backlog of end events settled, beside a bare loop that fetches the same stream and writes the same
 * rows without rules? Two workers with batches of 500 on both sides, many clients and one; the relay is off.
 */
import { connect } from 'nats'
import { natsOptions } from '../src/events/nats-url.ts'
import { openBenchServers } from './bench-servers.ts'
import { type Figure, median } from './figures.ts'
import { publishBacklog, settleBacklog } from './settle-backlog.ts'
import type { SettleResult } from './settle-order.ts'

export interface SettleOptions {
  rounds: number
  events: number
  clients: number
}

const modes = ['bare', 'product'] as const

export async function benchSettle({ rounds, events, clients }: SettleOptions): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 8000 })
  const broker = await connect(natsOptions(servers.natsUrl))
  const results = new Map<string, SettleResult[]>()
  try {
    // The first round warms PostgreSQL up and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const payers of [clients, 1]) {
        // Who comes first changes, so that growing tables favour nobody.
        for (const mode of round % 2 === 0 ? modes : [...modes].reverse()) {
          const run = `${mode}-${payers}-${round}`
          const clientIds = servers.books.unlimitedIds.slice(0, payers)
          await publishBacklog(broker, servers, { events, clientIds, run })
          const result = await settleBacklog(servers, { mode, events })
          if (round > 0) {
            const name = `${mode} ${payers === 1 ? 'one' : 'many'}`
            results.set(name, [...(results.get(name) ?? []), result])
          }
        }
      }
    }
  } finally {
    await broker.close()
    await servers.close()
  }
  const all = (name: string) => results.get(name) ?? []
  const of = (name: string) => median(all(name).map(({ perSecond }) => perSecond))
  const processorTime = (payers: string, process: 'service' | 'postgres'): Figure => {
    const micros = (mode: string) => median(all(`${mode} ${payers}`).map((result) => result.micros[process]))
    const [value, floor] = [micros('product'), micros('bare')]
    return {
      name: `processor time of an event, ${payers}: ${process}`,
      value,
      unit: 'µs',
      floor,
      ratio: value / floor,
    }
  }
  const figure = (name: string, value: number, floor: number, atLeast: number): Figure => {
    return { name, value, unit: '/s', floor, ratio: value / floor, target: { atLeast } }
  }
  return [
    figure(`settle end events, ${clients} clients`, of('product many'), of('bare many'), 0.75),
    figure('settle end events, one client', of('product one'), of('bare one'), 0.75),
    figure(`one client beside ${clients}`, of('product one'), of('product many'), 1),
    ...['many', 'one'].flatMap((payers) => [
      processorTime(payers, 'service'),
      processorTime(payers, 'postgres'),
    ]),
  ]
}
