/**
 * Which streams and which consumer does the broker keep for us, and with which settings?
 *
 * `CALLS` takes what engines tell (`calls.>`), `BILLING` what we tell: exactly four sets of subjects, so that it
 * never captures requests on `billing.authorize`. Both refuse rather than drop (`discard: new`), and nobody
 * deletes from them. What is absent is made; what is there is compared, never changed: a setting that differs is
 * the operator's, and returned as a sentence.
 */
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamManager,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats'
import { ackWaitMs } from './ack-wait.ts'

export const callsStream = 'CALLS'
export const billingStream = 'BILLING'
export const callsConsumer = 'tollgate'
export const billingSubjects = [
  'billing.calls.>',
  'billing.usage.>',
  'billing.balance.>',
  'billing.invoices.>',
] as const

/** Two batches held by each of this many replicas may wait for their acks. */
const replicasExpected = 8
const dayMs = 24 * 60 * 60 * 1000

export interface StreamOptions {
  /** Copies of each message: 3 in production, where the cluster has three servers. */
  replicas?: number
  /** Bytes each stream may take; -1 for no bound but the server's own. */
  maxBytes?: number
  batchSize: number
}

/** Makes what is absent. Returns what differs from our settings, in sentences. */
export async function ensureStreams(manager: JetStreamManager, options: StreamOptions): Promise<string[]> {
  const faults: string[] = []
  for (const wanted of [
    streamSettings(callsStream, ['calls.>'], 64 * 1024, options),
    // An issued invoice carries its lines, so a fact may be longer than an event.
    streamSettings(billingStream, [...billingSubjects], 512 * 1024, options),
  ]) {
    const found = await findOrMake(
      async () => (await manager.streams.info(wanted.name)).config,
      async () => (await manager.streams.add(wanted)).config,
    )
    faults.push(...differences(`stream ${wanted.name}`, wanted, found))
  }
  const wanted = consumerSettings(options)
  const found = await findOrMake(
    async () => (await manager.consumers.info(callsStream, callsConsumer)).config,
    async () => (await manager.consumers.add(callsStream, wanted)).config,
  )
  faults.push(...differences(`consumer ${callsConsumer}`, wanted, found))
  return faults
}

function streamSettings(
  name: string,
  subjects: string[],
  maxMessageSize: number,
  { replicas = 1, maxBytes = -1 }: StreamOptions,
) {
  return {
    name,
    subjects,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: replicas,
    // The default drops the oldest event when full: a call lost in silence.
    discard: DiscardPolicy.New,
    max_bytes: maxBytes,
    max_age: nanos(7 * dayMs),
    max_msg_size: maxMessageSize,
    duplicate_window: nanos(30 * 60 * 1000),
    deny_delete: true,
    deny_purge: true,
  } satisfies Partial<StreamConfig>
}

function consumerSettings({ batchSize }: StreamOptions) {
  return {
    durable_name: callsConsumer,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    // An outage must not bury calls.
    max_deliver: -1,
    // The default of 1,000 would stop deliveries silently as soon as one replica held its two batches.
    max_ack_pending: 2 * batchSize * replicasExpected,
  } satisfies Partial<ConsumerConfig>
}

const notFound = new Set([10059, 10014])

async function findOrMake<Config>(find: () => Promise<Config>, make: () => Promise<Config>): Promise<Config> {
  try {
    return await find()
  } catch (error) {
    if (!(error instanceof NatsError) || !notFound.has(error.api_error?.err_code ?? 0)) throw error
  }
  try {
    return await make()
  } catch (error) {
    // Another replica was faster.
    return await find().catch(() => {
      throw error
    })
  }
}

function differences(what: string, wanted: object, found: object): string[] {
  const settings = new Map<string, unknown>(Object.entries(found))
  return Object.entries(wanted)
    .filter(([name]) => name !== 'num_replicas' && name !== 'max_bytes')
    .filter(([name, value]) => JSON.stringify(settings.get(name)) !== JSON.stringify(value))
    .map(([name, value]) => {
      const is = JSON.stringify(settings.get(name)) ?? 'absent'
      return `${what}: ${name} is ${is}, Tollgate expects ${JSON.stringify(value)}`
    })
}
