/**
 * The connection to NATS: opened once, kept for ever.
 *
 * `openBroker` waits a little for the first connection and then returns either way: a replica that starts while
 * the broker is away still authorizes over HTTP, and everything that needs the broker begins when it comes
 * (`onConnect`, called on the first connection and on each one after a loss). While it is away publishing is
 * refused at once. A publish that times out may have been stored: repeat it with the same message id.
 * Throws `ServiceUnavailable` from `publish`, the broker's own words as its cause, and `BrokerRefused` at the
 * start, where NATS refuses the login or a server of another machine needs none.
 */
import { connect, type NatsConnection, headers as natsHeaders } from 'nats'
import { errorMessage, ServiceUnavailable } from '../errors.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce, type RepeatedErrors } from '../logging/log-once.ts'
import { withinTime } from '../within-time.ts'
import { brandHeader } from './brand-header.ts'
import { BrokerRefused, refuseOpenServers, wrongLogin } from './broker-refused.ts'
import { type NatsTrust, natsOptions } from './nats-url.ts'
import { PublishFailures } from './publish-failures.ts'
import { type Stored, StoredPublisher } from './stored-publisher.ts'
import { traceHeader } from './trace-header.ts'

export interface BrokerOptions extends NatsTrust {
  /** `nats://user:password@host:4222,host2:4222`, `tls://…`; no scheme means `nats://`. */
  url: string
  name?: string
  log?: Log
  /** May a server of another machine let clients in without a user? */
  anonymous?: 'refused' | 'allowed'
  /** How long `openBroker` waits for the first connection. */
  firstConnectMs?: number
  reconnectWaitMs?: number
}

export interface PublishOptions {
  msgId?: string
  timeoutMs?: number
  /** The brand that the message is for; see brand-header.ts. */
  brandId?: string | null
  /** Of whoever follows it. */
  traceparent?: string | undefined
}

export interface Broker {
  /** Resolves when a stream has stored it. */
  publish(subject: string, bytes: Uint8Array, options?: PublishOptions): Promise<Stored>
  /** Is the message stored there this very one? Asked when a publish was taken for a repeat. */
  isStored(at: Stored, bytes: Uint8Array): Promise<boolean>
  /** To whoever listens now; nothing is stored. */
  publishCore(subject: string, bytes: Uint8Array): void
  isConnected(): boolean
  /** Answers to us come below it; nobody else may listen there. undefined: nats.js' own. */
  readonly inboxPrefix: string | undefined
  health(): BrokerHealth
  /** What is wrong with the broker now, told by `health`; logged when it changes. */
  reportFaults(about: string, faults: readonly string[]): void
  /** What happened to the broker and has been put right: told by `health` for an hour. */
  reportNotice(sentence: string): void
  /** Runs now if connected, and after each later connection; returns how to stop that. */
  onConnect(work: (connection: NatsConnection) => Promise<void>): () => void
  close(): Promise<void>
}

export interface BrokerHealth {
  connected: boolean
  server: string | null
  faults: readonly string[]
  notices: readonly string[]
}

const noticeMs = 60 * 60 * 1000
const maxNotices = 20

/** A broker that is paused answers late or never; the same id makes the repeat harmless. */
const publishTimeoutMs = 1500

export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const broker = new NatsBroker(options)
  await broker.firstAttempt(options.firstConnectMs ?? 5000)
  return broker
}

class NatsBroker implements Broker {
  private readonly options: BrokerOptions
  private readonly log: Log
  private readonly away: RepeatedErrors
  private readonly errors: RepeatedErrors
  private readonly workFailures: RepeatedErrors
  private connection: NatsConnection | undefined
  private publisher: StoredPublisher | undefined
  private connected = false
  private closed = false
  private readonly works = new Set<(connection: NatsConnection) => Promise<void>>()
  private readonly faults = new Map<string, readonly string[]>()
  private readonly publishFailures = new PublishFailures()
  private notices: { at: number; sentence: string }[] = []
  private refusal: BrokerRefused | undefined
  private retryTimer: NodeJS.Timeout | undefined
  private readonly connecting: Promise<void>
  private reachFirst: () => void = () => {}

  constructor(options: BrokerOptions) {
    this.options = options
    this.log = options.log ?? silentLog
    this.away = logOnce(this.log, 'waiting_for_nats', { message: 'NATS is away: waiting for it' })
    this.errors = logOnce(this.log, 'broker_error')
    this.workFailures = logOnce(this.log, 'broker_work_failed')
    this.connecting = new Promise((resolve) => {
      this.reachFirst = resolve
    })
    void this.tryToConnect()
  }

  async firstAttempt(timeoutMs: number): Promise<void> {
    await withinTime(this.connecting, timeoutMs, () => {})
    if (!this.refusal) return
    await this.close()
    throw this.refusal
  }

  async publish(
    subject: string,
    bytes: Uint8Array,
    { msgId, timeoutMs = publishTimeoutMs, brandId = null, traceparent }: PublishOptions = {},
  ): Promise<Stored> {
    if (!this.publisher || !this.connected) {
      throw new ServiceUnavailable('The message broker cannot be reached: repeat later.')
    }
    try {
      const headers = makeHeaders({ msgId, brandId, traceparent })
      const stored = await this.publisher.publish(subject, bytes, { headers, timeoutMs })
      this.publishFailures.forget()
      return stored
    } catch (cause) {
      this.publishFailures.note(cause)
      throw new ServiceUnavailable(
        `The message broker did not store a message on ${subject}: repeat later.`,
        {
          cause,
        },
      )
    }
  }

  async isStored(at: Stored, bytes: Uint8Array): Promise<boolean> {
    if (!this.connection) return false
    const manager = await this.connection.jetstreamManager({ checkAPI: false })
    // A message that has left the stream since cannot be told from another one.
    const found = await manager.streams.getMessage(at.stream, { seq: at.seq }).catch(() => undefined)
    return found !== undefined && Buffer.compare(found.data, bytes) === 0
  }

  publishCore(subject: string, bytes: Uint8Array): void {
    if (this.connection && this.connected) this.connection.publish(subject, bytes)
  }

  isConnected(): boolean {
    return this.connected
  }

  get inboxPrefix(): string | undefined {
    return natsOptions(this.options.url).inboxPrefix
  }

  health(): BrokerHealth {
    const since = Date.now() - noticeMs
    return {
      connected: this.connected,
      server: this.connected ? (this.connection?.info?.version ?? null) : null,
      faults: [
        ...(this.refusal ? [this.refusal.message] : []),
        ...[...this.faults.values()].flat(),
        ...this.publishFailures.faults(),
      ],
      notices: this.notices.filter(({ at }) => at > since).map(({ sentence }) => sentence),
    }
  }

  reportFaults(about: string, faults: readonly string[]): void {
    const before = this.faults.get(about) ?? []
    this.faults.set(about, faults)
    for (const fault of faults) {
      if (!before.includes(fault)) this.log.error({ event: 'broker_fault', about, fault })
    }
    if (before.length > 0 && faults.length === 0) this.log.info({ event: 'broker_fault_over', about })
  }

  reportNotice(sentence: string): void {
    this.notices = [...this.notices, { at: Date.now(), sentence }].slice(-maxNotices)
  }

  onConnect(work: (connection: NatsConnection) => Promise<void>): () => void {
    this.works.add(work)
    if (this.connection && this.connected) this.run(work, this.connection)
    return () => this.works.delete(work)
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.retryTimer)
    this.reachFirst()
    if (this.connection && !this.connection.isClosed()) {
      if (this.connected) await this.connection.flush().catch(() => {})
      await this.connection.close()
    }
    this.connected = false
  }

  private async tryToConnect(): Promise<void> {
    try {
      const connection = await connect({
        ...natsOptions(this.options.url, this.options),
        name: this.options.name ?? 'tollgate',
        timeout: 2000,
        maxReconnectAttempts: -1,
        reconnectTimeWait: this.options.reconnectWaitMs ?? 500,
        reconnectJitter: 200,
        // A broker that is silent for three of them counts as lost.
        pingInterval: 3_000,
        maxPingOut: 2,
        // A stack trace kept for each publish costs a third of the throughput.
        noAsyncTraces: true,
      })
      if (this.closed) return await connection.close()
      if (this.options.anonymous !== 'allowed') {
        await refuseOpenServers(this.options, connection).catch(async (error) => {
          await connection.close()
          throw error
        })
      }
      this.refusal = undefined
      this.connection = connection
      this.publisher = new StoredPublisher(connection, this.inboxPrefix)
      void this.watch(connection)
      this.becomeConnected(connection)
    } catch (failure) {
      if (this.closed) return
      const error = wrongLogin(failure) ?? failure
      if (error instanceof BrokerRefused) {
        this.refusal = error
        this.reachFirst()
      }
      this.away.failed(error instanceof BrokerRefused ? error.message : error)
      this.retryTimer = setTimeout(() => void this.tryToConnect(), this.options.reconnectWaitMs ?? 500)
    }
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        this.connected = false
        this.log.warn({ event: 'broker_lost' })
      } else if (status.type === 'reconnect') this.becomeConnected(connection)
      else if (status.type === 'error') this.errors.failed(status.data)
    }
    // nats.js closes for good on a few faults (authorization refused twice in a row): begin anew.
    this.connected = false
    if (!this.closed) void this.tryToConnect()
  }

  private becomeConnected(connection: NatsConnection): void {
    this.connected = true
    this.log.info({ event: 'broker_connected', version: connection.info?.version })
    this.away.over()
    this.reachFirst()
    for (const work of this.works) this.run(work, connection)
  }

  /** Repeats what failed while this connection stands: the broker may be up before its streams are. */
  private run(work: (connection: NatsConnection) => Promise<void>, connection: NatsConnection): void {
    work(connection).then(this.workFailures.over, (error: unknown) => {
      if (this.closed || !this.connected || !this.works.has(work)) return
      this.workFailures.failed(errorMessage(error))
      setTimeout(() => {
        if (this.connected && !this.closed && this.works.has(work)) this.run(work, connection)
      }, 1000).unref()
    })
  }
}

function makeHeaders({
  msgId,
  brandId,
  traceparent,
}: {
  msgId: string | undefined
  brandId: string | null
  traceparent: string | undefined
}) {
  const header = msgId === undefined ? natsHeaders() : messageIdHeader(msgId)
  if (brandId !== null) header.set(brandHeader, brandId)
  if (traceparent !== undefined) header.set(traceHeader, traceparent)
  return header
}

/** Header of the message id, for tests and for whoever publishes by hand. */
export function messageIdHeader(msgId: string) {
  const header = natsHeaders()
  header.set('Nats-Msg-Id', msgId)
  return header
}
