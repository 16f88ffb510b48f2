/**
 * Tells other replicas which legs guards count here, and hears theirs: on a core subject, a batch each 100 ms.
 *
 * While the broker is away nobody is told: each replica counts its own and what it settles.
 */
import type { NatsConnection } from 'nats'
import type { LegNews } from '../calls/guards/leg-news.ts'
import { type Log, silentLog } from '../log.ts'
import { logOnce } from '../log-once.ts'
import type { Broker } from './broker.ts'

/** Each replica tells on one below it. */
export const guardSubjects = 'tollgate.guards'

/** Well below the longest message of nats-server. */
const maxNewsAtOnce = 1000

export interface GuardExchange {
  close(): void
}

export function startGuardExchange({
  broker,
  guards,
  replica,
  log = silentLog,
  everyMs = 100,
}: {
  broker: Pick<Broker, 'onConnect' | 'publishCore'>
  guards: { takeNews(): LegNews[]; hear(news: readonly LegNews[]): void }
  /** Another one for each process. */
  replica: string
  log?: Log
  everyMs?: number
}): GuardExchange {
  const refused = logOnce(log, 'guard_subscription_refused', { level: 'error' })
  const unread = logOnce(log, 'guard_news_not_read', { level: 'error' })
  const own = `${guardSubjects}.${replica}`
  let connected: NatsConnection | undefined

  const stopConnecting = broker.onConnect(async (connection) => {
    // nats.js subscribes again by itself after a reconnection.
    if (connected === connection) return
    connected = connection
    connection.subscribe(`${guardSubjects}.*`, {
      callback: (error, message) => {
        if (error) refused.failed(error)
        else if (message.subject !== own) hear(message.data)
      },
    })
  })

  function hear(bytes: Uint8Array): void {
    try {
      guards.hear(JSON.parse(Buffer.from(bytes).toString()) as LegNews[])
    } catch (error) {
      unread.failed(error)
    }
  }

  function tell(): void {
    const news = guards.takeNews()
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
