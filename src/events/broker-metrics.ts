/**
 * What `/metrics` tells of NATS: whether it is there, whether JetStream works, how many events wait and how long
 * the oldest has, and what was lost or put right. Read from memory when asked for; all replicas tell the same of
 * the streams.
 */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Broker } from './broker.ts'
import type { WatchState } from './watch-streams.ts'

export function openBrokerMetrics(
  registry: Registry,
  {
    broker,
    streams,
    clock,
  }: { broker: Pick<Broker, 'health' | 'isConnected'>; streams: () => WatchState; clock: () => number },
): void {
  const gauge = (name: string, help: string, read: () => number | null) =>
    new Gauge({
      name: `tollgate_${name}`,
      help,
      registers: [registry],
      collect() {
        const value = read()
        // What is not known is left out rather than told as zero.
        if (value === null) this.remove()
        else this.set(value)
      },
    })
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name: `tollgate_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  gauge('nats_connected', '1 while the connection to NATS stands.', () => Number(broker.isConnected()))
  gauge('jetstream_answers', '1 while JetStream answers with its streams.', () =>
    Number(broker.isConnected() && streams().jetStreamAnswers),
  )
  gauge(
    'nats_faults',
    'What is wrong with NATS now, as /readyz names it: settings, JetStream, publishes.',
    () => broker.health().faults.length,
  )
  gauge(
    'call_events_waiting',
    'Events on the stream CALLS that are not settled yet.',
    () => streams().waiting,
  )
  gauge(
    'call_events_oldest_seconds',
    'Age of the oldest event that is not settled; 0 where none waits.',
    () => {
      const { waiting, oldestAt } = streams()
      if (waiting === null) return null
      return oldestAt === null ? 0 : Math.max(0, (clock() - oldestAt) / 1000)
    },
  )
  counter(
    'broker_regressions',
    'Times this replica found that the broker had lost events that it had acknowledged and that were settled.',
    () => streams().regressions,
  )
  counter(
    'broker_repairs',
    'Streams, consumers and settings that this replica found deleted or changed and put right.',
    () => streams().repairs,
  )
}
