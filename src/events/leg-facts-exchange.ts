/**
 * Tells other replicas what was said of legs whose grants hold nothing, and hears theirs. While the broker is away it is
 * known where the leg was granted alone.
 */
import type { LegFactsNews } from '../calls/granted-leg-facts.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import { type NewsExchange, type NewsExchangeOptions, startNewsExchange } from './news-exchange.ts'

export function startLegFactsExchange({
  grantedLegFacts,
  log = silentLog,
  ...options
}: Pick<NewsExchangeOptions<LegFactsNews>, 'broker' | 'replica'> & {
  grantedLegFacts: NewsExchangeOptions<LegFactsNews>['source']
  log?: Log
}): NewsExchange {
  return startNewsExchange({
    ...options,
    subject: 'tollgate.leg-facts',
    source: grantedLegFacts,
    // A leg may begin elsewhere a moment after its grant.
    everyMs: 50,
    refused: logOnce(log, 'leg_facts_subscription_refused', { level: 'error' }),
    unread: logOnce(log, 'leg_facts_not_read', { level: 'error' }),
  })
}
