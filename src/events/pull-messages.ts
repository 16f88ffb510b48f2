/**
 * Takes messages from a durable pull consumer, never more than `capacity` at once.
 *
 * nats.js' own `consume()` asks for more as soon as messages arrive, however many still wait for their ack, so a
 * slow database would fill memory and hold messages that other replicas could work on. Here what is asked for and
 * what is held together stay below `capacity`; `release` tells that messages were answered.
 *
 * A request lives 20 s with a heartbeat every 2 s. When the broker has been silent for three of them, after a
 * reconnection (`restart`) or a refusal, everything asked for is forgotten and asked again: a message that was on
 * its way comes again after `ack_wait`.
 */
import { createInbox, type Msg, type NatsConnection, nanos, type Subscription } from 'nats'
import { withinTime } from '../within-time.ts'
import { readBrand } from './brand-header.ts'
import { readTraceparent } from './trace-header.ts'

export interface PulledMessage {
  subject: string
  data: Uint8Array
  /** As its header names it; null: none. */
  brandId: string | null | 'invalid'
  /** Position in the stream: for marks and for counting tries, never a key of a call. */
  seq: number
  /** 1 for the first. */
  deliveries: number
  receivedAt: number
  ack(): void
  /** Comes again after the delay. Without one it would be back within a millisecond. */
  nak(delayMs: number): void
  /** Starts the broker's clock for this message anew. */
  working(): void
}

export interface PullOptions {
  connection: NatsConnection
  stream: string
  consumer: string
  capacity: number
  /** Messages come to a subject below it; absent: nats.js' own. */
  inboxPrefix?: string | undefined
  isConnected(): boolean
  onMessage(message: PulledMessage): void
}

const requestMs = 20_000
const heartbeatMs = 2_000
const backOffMs = 1_000
const drainMs = 1_000

export class MessagePuller {
  private readonly options: PullOptions
  private connection: NatsConnection
  private readonly requestSubject: string
  private subscription: Subscription | undefined
  private inbox = ''
  private requests = 0
  private asked = 0
  private held = 0
  private stopped = false
  private silence: NodeJS.Timeout | undefined
  private backOff: NodeJS.Timeout | undefined

  constructor(options: PullOptions) {
    this.options = options
    this.connection = options.connection
    this.requestSubject = `$JS.API.CONSUMER.MSG.NEXT.${options.stream}.${options.consumer}`
    this.restart()
  }

  restart(connection: NatsConnection = this.connection): void {
    if (this.stopped) return
    this.connection = connection
    void this.forgetRequests()
    // Closed for good: the broker makes another one and restarts us with it.
    if (connection.isClosed()) return
    this.inbox = createInbox(this.options.inboxPrefix)
    this.subscription = this.connection.subscribe(`${this.inbox}.*`, {
      callback: (error, msg) => {
        if (error) this.restartLater()
        else this.take(msg)
      },
    })
    this.ask()
  }

  /** So many held messages were acked or given back. */
  release(messages: number): void {
    this.held -= messages
    this.ask()
  }

  /** Asks for nothing more. Resolves when the messages that were on their way have been given to `onMessage`. */
  async stop(): Promise<void> {
    this.stopped = true
    await this.forgetRequests()
  }

  private async forgetRequests(): Promise<void> {
    clearTimeout(this.silence)
    clearTimeout(this.backOff)
    this.silence = undefined
    this.backOff = undefined
    this.asked = 0
    const subscription = this.subscription
    this.subscription = undefined
    // What the server sent before it heard of the end still arrives: dropped, it would wait for its ack_wait. A broker
    // that is silent answers no drain: nobody waits for it longer than a live one takes.
    if (subscription) await withinTime(subscription.drain(), drainMs, () => {}).catch(() => {})
  }

  private ask(): void {
    if (this.stopped || this.backOff || !this.options.isConnected() || this.connection.isClosed()) return
    const room = this.options.capacity - this.held - this.asked
    // Many small requests would cost the broker more than they bring.
    if (room <= 0 || (this.asked > 0 && room < this.options.capacity / 4)) return
    this.asked += room
    this.requests += 1
    this.connection.publish(
      this.requestSubject,
      JSON.stringify({ batch: room, expires: nanos(requestMs), idle_heartbeat: nanos(heartbeatMs) }),
      { reply: `${this.inbox}.${this.requests}` },
    )
    this.hear()
  }

  private take(msg: Msg): void {
    if (!msg.reply?.startsWith('$JS.ACK.')) {
      if (msg.subject.startsWith(this.inbox)) this.takeStatus(msg)
      return
    }
    this.hear()
    if (this.asked > 0) this.asked -= 1
    this.held += 1
    this.options.onMessage(pulledMessage(msg))
    if (this.asked === 0) this.ask()
  }

  private takeStatus(msg: Msg): void {
    this.hear()
    const code = msg.headers?.code ?? 0
    if (code === 100) return
    // Expired, or closed by the server: so much of it was never delivered.
    const undelivered = Number(msg.headers?.get('Nats-Pending-Messages') || 0)
    this.asked = Math.max(0, this.asked - undelivered)
    if (code === 408 && undelivered > 0) this.ask()
    else this.restartLater()
  }

  /** The consumer is gone, its leader changed, or JetStream is not up yet. */
  private restartLater(): void {
    if (this.stopped || this.backOff) return
    this.backOff = setTimeout(() => {
      this.backOff = undefined
      this.restart()
    }, backOffMs)
  }

  private hear(): void {
    if (this.stopped) return
    if (this.silence) this.silence.refresh()
    else this.silence = setTimeout(() => this.restart(), 3 * heartbeatMs)
  }
}

const acknowledged = Buffer.from('+ACK')
const inProgress = Buffer.from('+WPI')

function pulledMessage(msg: Msg): PulledMessage {
  // nats.js 2.29.3 does not export its toJsMsg, which reads the same:
  // $JS.ACK.<stream>.<consumer>.<deliveries>.<seq>.<consumer seq>.<time>.<pending>, newer servers with a domain
  // and an account's hash before the stream and a random token at the end.
  const tokens = (msg.reply ?? '').split('.')
  const first = tokens.length > 9 ? 6 : 4
  return {
    subject: msg.subject,
    data: msg.data,
    brandId: readBrand(msg.headers),
    ...readTraceparent(msg.headers),
    deliveries: Number(tokens[first] ?? 1),
    seq: Number(tokens[first + 1] ?? 0),
    receivedAt: Date.now(),
    ack: () => void msg.respond(acknowledged),
    nak: (delayMs) => void msg.respond(`-NAK {"delay":${nanos(delayMs)}}`),
    working: () => void msg.respond(inProgress),
  }
}
