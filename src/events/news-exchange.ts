/**
 * What replicas tell each other without waiting for an answer: on core subjects, a batch every few milliseconds.
 *
 * Nothing is told while nobody listens. A replica announces itself as soon as it listens, and says each second that it is there;
 * whoever hears it for the first time, or again, tells it what it knows. While the broker is away nobody is told: what may not be
 * lost goes through the database.
 */
import type { NatsConnection } from 'nats'
import type { RepeatedErrors } from '../logging/log-once.ts'
import type { Broker } from './broker.ts'
import { OtherReplicas } from './other-replicas.ts'

/** Well below the longest message of nats-server. */
const maxNewsInMessage = 1000
/** What a replica that has appeared is told holds nothing up for long. */
const maxMessagesAtOnce = 5
const presenceMs = 1000

export interface NewsExchange {
  close(): void
}

export interface NewsSource<News> {
  /** Another replica has appeared: it is told what is known, and what comes. */
  startTelling(): void
  /** No other replica is there. */
  stopTelling(): void
  /** The oldest that were not told, `most` at most. */
  takeNews(most: number): News[]
  hear(news: readonly News[]): void
}

export interface NewsExchangeOptions<News> {
  broker: Pick<Broker, 'onConnect' | 'publishCore'>
  /** Each replica tells on one below it. */
  subject: string
  /** Of this process. */
  replica: string
  source: NewsSource<News>
  everyMs: number
  /** NATS does not let us subscribe. */
  refused: RepeatedErrors
  /** Another replica's news could not be read. */
  unread: RepeatedErrors
}

export function startNewsExchange<News>(options: NewsExchangeOptions<News>): NewsExchange {
  const { broker, subject, replica, source, everyMs, refused, unread } = options
  const own = `${subject}.${replica}`
  const others = new OtherReplicas()
  let connected: NatsConnection | undefined
  let toldAt = 0

  const stopConnecting = broker.onConnect(async (connection) => {
    // nats.js subscribes again by itself after a reconnection.
    if (connected !== connection) {
      connected = connection
      connection.subscribe(`${subject}.*`, {
        callback: (error, message) => {
          if (error) refused.failed(error)
          else if (message.subject !== own) hear(message.subject, message.data)
        },
      })
    }
    publish([])
  })

  function hear(from: string, bytes: Uint8Array): void {
    if (others.hear(from, performance.now())) source.startTelling()
    try {
      const news = JSON.parse(Buffer.from(bytes).toString()) as News[]
      if (news.length > 0) source.hear(news)
    } catch (error) {
      unread.failed(error)
    }
  }

  function tell(): void {
    const now = performance.now()
    if (others.forgetSilent(now)) source.stopTelling()
    const news = source.takeNews(maxNewsInMessage * maxMessagesAtOnce)
    for (let from = 0; from < news.length; from += maxNewsInMessage) {
      publish(news.slice(from, from + maxNewsInMessage))
    }
    if (toldAt + presenceMs <= now) publish([])
  }

  /** No news says that the replica is there. */
  function publish(news: readonly News[]): void {
    toldAt = performance.now()
    broker.publishCore(own, Buffer.from(JSON.stringify(news)))
  }

  const timer = setInterval(tell, everyMs)
  timer.unref()
  return {
    close() {
      clearInterval(timer)
      tell()
      stopConnecting()
    },
  }
}
