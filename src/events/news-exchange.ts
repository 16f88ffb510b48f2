/**
 * What replicas tell each other without waiting for an answer: on core subjects, a batch every few milliseconds.
 *
 * While the broker is away nobody is told: what may not be lost goes through the database.
 */
import type { NatsConnection } from 'nats'
import type { RepeatedErrors } from '../logging/log-once.ts'
import type { Broker } from './broker.ts'

/** Well below the longest message of nats-server. */
const maxNewsAtOnce = 1000

export interface NewsExchange {
  close(): void
}

export interface NewsExchangeOptions<News> {
  broker: Pick<Broker, 'onConnect' | 'publishCore'>
  /** Each replica tells on one below it. */
  subject: string
  /** Of this process. */
  replica: string
  source: { takeNews(): News[]; hear(news: readonly News[]): void }
  everyMs: number
  /** NATS does not let us subscribe. */
  refused: RepeatedErrors
  /** Another replica's news could not be read. */
  unread: RepeatedErrors
}

export function startNewsExchange<News>(options: NewsExchangeOptions<News>): NewsExchange {
  const { broker, subject, replica, source, everyMs, refused, unread } = options
  const own = `${subject}.${replica}`
  let connected: NatsConnection | undefined

  const stopConnecting = broker.onConnect(async (connection) => {
    // nats.js subscribes again by itself after a reconnection.
    if (connected === connection) return
    connected = connection
    connection.subscribe(`${subject}.*`, {
      callback: (error, message) => {
        if (error) refused.failed(error)
        else if (message.subject !== own) hear(message.data)
      },
    })
  })

  function hear(bytes: Uint8Array): void {
    try {
      source.hear(JSON.parse(Buffer.from(bytes).toString()) as News[])
    } catch (error) {
      unread.failed(error)
    }
  }

  function tell(): void {
    const news = source.takeNews()
    for (let from = 0; from < news.length; from += maxNewsAtOnce) {
      broker.publishCore(own, Buffer.from(JSON.stringify(news.slice(from, from + maxNewsAtOnce))))
    }
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
