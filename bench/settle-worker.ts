/**
 * Settles what the stream holds, as the service does or barely, and says how long it took. What has to be opened is
 * opened before the clock starts.
 */
import { Registry } from 'prom-client'
import { openCallMetrics } from '../src/calls/call-metrics.ts'
import type { CallsContext } from '../src/calls/calls-context.ts'
import { GrantedLegFacts } from '../src/calls/granted-leg-facts.ts'
import { CallGuards } from '../src/calls/guards/call-guards.ts'
import { EngineHeartbeats } from '../src/calls/running/engine-heartbeats.ts'
import { settleCalls } from '../src/calls/settle/settle-calls.ts'
import { openDatabase } from '../src/db/connection.ts'
import { isInfrastructureFailure } from '../src/db/failures.ts'
import { openBroker } from '../src/events/broker.ts'
import { startCallConsumer } from '../src/events/call-consumer.ts'
import { Configuration } from '../src/tariffs/configuration.ts'
import { settleBarely } from './bare-settlement.ts'
import { serveOrders } from './child.ts'
import { measureProcessorTimes, type ProcessorTimes } from './processor-time.ts'
import type { SettleOrder, SettleResult } from './settle-order.ts'

const log = { info() {}, warn: console.warn, error: console.error, debug() {} }

serveOrders<SettleOrder>(async (order): Promise<SettleResult> => {
  const db = openDatabase(order.databaseUrl, { role: 'tollgate_worker', connections: 4 })
  const measured =
    order.mode === 'product'
      ? await settleAsProduct(order, db)
      : await measure(order, () => settleBarely(order, db.$client))
  const [row] = await db.$client`select count(*) as calls from calls where status = 'priced'`
  if (Number(row?.calls) < order.events) throw new Error(`only ${row?.calls} calls were written`)
  return { perSecond: order.events / measured.result, micros: measured.micros }
})

interface Measured {
  /** Seconds. */
  result: number
  micros: ProcessorTimes<'service' | 'postgres'>
}

function measure({ postgresPid, events }: SettleOrder, work: () => Promise<number>): Promise<Measured> {
  return measureProcessorTimes({ service: process.pid, postgres: postgresPid }, events, work)
}

async function settleAsProduct(order: SettleOrder, db: ReturnType<typeof openDatabase>): Promise<Measured> {
  const configuration = await Configuration.open(db, { databaseUrl: order.databaseUrl, log })
  const broker = await openBroker({ url: order.natsUrl, log })
  const context: CallsContext = {
    db,
    authorizationSql: db.$client,
    authorizationTimeoutMs: 400,
    configuration,
    emergencyNumbers: new Set(['112']),
    isSourceAllowed: () => true,
    clock: Date.now,
    metrics: openCallMetrics(new Registry()),
    tracer: null,
    guards: new CallGuards({ configuration, clock: Date.now }),
    engineHeartbeats: new EngineHeartbeats(),
    grantedLegFacts: new GrantedLegFacts(Date.now),
    recordOfflineCall: async () => {},
    onCommitted: () => {},
    onEnded: () => {},
    log,
  }
  const measured = await measure(order, async () => {
    const startedAt = performance.now()
    const consumer = startCallConsumer({
      broker,
      settle: (batch) => settleCalls(context, batch),
      isInfrastructureFailure,
      log,
      worker: 'bench',
      batchSize: order.batchSize,
    })
    while (consumer.state().settled < order.events) await new Promise((resolve) => setTimeout(resolve, 2))
    const seconds = (performance.now() - startedAt) / 1000
    await consumer.close()
    return seconds
  })
  await broker.close()
  await configuration.close()
  return measured
}
