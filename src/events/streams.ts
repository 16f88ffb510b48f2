/**
 * Which streams and which consumer does the broker keep for us, and with which settings?
 *
 * `CALLS` takes what engines tell (`calls.>`), `BILLING` what we tell: six sets of subjects, so that it never
 * captures requests on `billing.authorize`. Both refuse rather than drop (`discard: new`), and nobody deletes
 * from them. What is absent is made; a subject that a stream of an earlier release lacks is added. Any other
 * setting of a stream that differs is the operator's: it is returned as a sentence. The consumer is ours alone:
 * it is put right, and where the broker refuses that it is made anew from the first message, which is harmless
 * since repeats are.
 */
import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamManager,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from 'nats'
import { ackWaitMs } from './ack-wait.ts'

export const callsStream = 'CALLS'
export const billingStream = 'BILLING'
export const callsConsumer = 'tollgate'
const billingSubjects = [
  'billing.calls.>',
  'billing.usage.>',
  'billing.balance.>',
  'billing.invoices.>',
  'billing.allowances.>',
  'billing.guards.>',
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

export interface PreparedStreams {
  /** What differs from our settings, in sentences. */
  faults: string[]
  /** What was made or put right now, in sentences; `made` where it had been absent. */
  changes: { sentence: string; made: boolean }[]
  consumer: ConsumerInfo
}

/** Makes what is absent. Returns what differs from our settings, in sentences. */
export async function ensureStreams(manager: JetStreamManager, options: StreamOptions): Promise<string[]> {
  return (await prepareStreams(manager, options)).faults
}

/** `tried`: what was once tried to put right and is still not is only named, not tried for ever. */
export async function prepareStreams(
  manager: JetStreamManager,
  options: StreamOptions,
  tried: Set<string> = new Set(),
): Promise<PreparedStreams> {
  const changes: PreparedStreams['changes'] = []
  const faults: string[] = []
  for (const wanted of [
    streamSettings(callsStream, ['calls.>'], 64 * 1024, options),
    // An issued invoice carries its lines, so a fact may be longer than an event.
    streamSettings(billingStream, [...billingSubjects], 512 * 1024, options),
  ]) {
    const { found, made } = await findOrMake<StreamInfo>(
      () => manager.streams.info(wanted.name),
      () => manager.streams.add(wanted),
    )
    if (made) changes.push({ sentence: `stream ${wanted.name} was absent and has been made`, made })
    const { config, change } = await addSubjects(manager, wanted, found.config, tried)
    if (change) changes.push({ sentence: change, made: false })
    faults.push(...differences(`stream ${wanted.name}`, wanted, config))
  }
  const { found, made } = await findOrMake<ConsumerInfo>(
    () => manager.consumers.info(callsStream, callsConsumer),
    () => manager.consumers.add(callsStream, consumerSettings(options)),
  )
  if (made) changes.push({ sentence: `consumer ${callsConsumer} was absent and has been made`, made })
  const consumer = await putConsumerRight(manager, options, found, tried)
  if (consumer.change) changes.push({ sentence: consumer.change, made: false })
  return { faults: [...faults, ...consumer.faults], changes, consumer: consumer.info }
}

/** Deletes the consumer and makes it again: it delivers the whole stream once more, from the first message. */
export async function renewConsumer(
  manager: JetStreamManager,
  options: StreamOptions,
): Promise<ConsumerInfo> {
  await manager.consumers.delete(callsStream, callsConsumer).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
  })
  const { found } = await findOrMake<ConsumerInfo>(
    () => manager.consumers.info(callsStream, callsConsumer),
    () => manager.consumers.add(callsStream, consumerSettings(options)),
  )
  return found
}

/** Subjects that an earlier release did not know. One that others have added stays. */
async function addSubjects(
  manager: JetStreamManager,
  wanted: ReturnType<typeof streamSettings>,
  config: StreamConfig,
  tried: Set<string>,
): Promise<{ config: StreamConfig; change?: string }> {
  const missing = wanted.subjects.filter((subject) => !config.subjects.includes(subject))
  const fault = `stream ${wanted.name}: without ${missing.join(' ')}`
  if (missing.length === 0 || tried.has(fault)) return { config }
  // Refused where another stream has them: then the difference is named.
  const subjects = [...config.subjects, ...missing]
  const updated = await manager.streams.update(wanted.name, { subjects }).catch(refusedByBroker)
  if (!updated) {
    tried.add(fault)
    return { config }
  }
  return {
    config: updated.config,
    change: `stream ${wanted.name} did not take ${missing.join(', ')} and now does`,
  }
}

async function putConsumerRight(
  manager: JetStreamManager,
  options: StreamOptions,
  found: ConsumerInfo,
  tried: Set<string>,
): Promise<{ info: ConsumerInfo; faults: string[]; change?: string }> {
  const what = `consumer ${callsConsumer}`
  const findFaults = ({ config, ...info }: ConsumerInfo) => [
    ...differences(what, { ...consumerSettings(options), ...withoutFilter }, { ...withoutFilter, ...config }),
    ...('paused' in info && info.paused === true ? [`${what}: it is paused and delivers nothing`] : []),
  ]
  const faults = findFaults(found)
  const key = faults.join('; ')
  if (faults.length === 0 || tried.has(key)) return { info: found, faults }
  const { durable_name: _, ack_policy: __, deliver_policy: ___, ...changeable } = consumerSettings(options)
  const updated = await manager.consumers
    .update(callsStream, callsConsumer, changeable)
    .catch(refusedByBroker)
  const info = updated && findFaults(updated).length === 0 ? updated : await renewConsumer(manager, options)
  const left = findFaults(info)
  if (left.length > 0) {
    tried.add(key).add(left.join('; '))
    return { info, faults: left }
  }
  return { info, faults: [], change: `${key}; it has been put right` }
}

/** What would make the consumer see only a part of the events, or nobody who pulls see any. */
const withoutFilter = { filter_subject: '', deliver_subject: '', headers_only: false }

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

function isNotFound(error: unknown): boolean {
  return error instanceof NatsError && notFound.has(error.api_error?.err_code ?? 0)
}

/** The broker answered and will not; that it does not answer is another matter. */
function refusedByBroker(error: unknown): undefined {
  if (error instanceof NatsError && error.api_error) return undefined
  throw error
}

async function findOrMake<Info>(
  find: () => Promise<Info>,
  make: () => Promise<Info>,
): Promise<{ found: Info; made: boolean }> {
  try {
    return { found: await find(), made: false }
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  try {
    return { found: await make(), made: true }
  } catch (error) {
    // Another replica was faster.
    const found = await find().catch(() => {
      throw error
    })
    return { found, made: false }
  }
}

function differences(what: string, wanted: object, found: object): string[] {
  const settings = new Map<string, unknown>(Object.entries(found))
  return Object.entries(wanted)
    .filter(([name]) => name !== 'num_replicas' && name !== 'max_bytes')
    .filter(([name, value]) => !isAsWanted(name, value, settings.get(name)))
    .map(([name, value]) => {
      const is = JSON.stringify(settings.get(name)) ?? 'absent'
      return `${what}: ${name} is ${is}, Tollgate expects ${JSON.stringify(value)}`
    })
}

/** Subjects in any order: an added one stands last. */
function isAsWanted(name: string, wanted: unknown, found: unknown): boolean {
  const comparable = (value: unknown) =>
    JSON.stringify(name === 'subjects' && Array.isArray(value) ? value.toSorted() : value)
  return comparable(found) === comparable(wanted)
}
