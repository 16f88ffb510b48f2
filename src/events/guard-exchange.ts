/**
 * Tells other replicas which legs guards count here, and hears theirs. While the broker is away each replica counts its own
 * and what it settles.
 */
import type { LegNews } from '../calls/guards/leg-news.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import { type NewsExchange, type NewsExchangeOptions, startNewsExchange } from './news-exchange.ts'

export function startGuardExchange({
  guards,
  log = silentLog,
  ...options
}: Pick<NewsExchangeOptions<LegNews>, 'broker' | 'replica'> & {
  guards: NewsExchangeOptions<LegNews>['source']
  log?: Log
}): NewsExchange {
  return startNewsExchange({
    ...options,
    subject: 'tollgate.guards',
    source: guards,
    everyMs: 100,
    refused: logOnce(log, 'guard_subscription_refused', { level: 'error' }),
    unread: logOnce(log, 'guard_news_not_read', { level: 'error' }),
  })
}
