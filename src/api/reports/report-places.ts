/**
 * How many reports are read at once, and how many of one tenant?
 *
 * Each running report holds a connection of the API's pool as long as its reader takes, so a burst of them waits
 * instead of taking what short requests need.
 */
import { Gauge, type Registry } from 'prom-client'
import { type FairLimits, FairPlaces } from '../../fair-places.ts'

/**
 * Four of the API's ten connections, three of them for one tenant at most. Whoever asked has not left a minute later,
 * as most proxies have.
 */
export const reportLimits: FairLimits = {
  running: 4,
  runningPerTenant: 3,
  waiting: 100,
  waitingPerTenant: 20,
  timeoutMs: 45_000,
}

export function openReportPlaces(metrics: Registry): FairPlaces {
  const names = { code: 'too_many_reports', what: 'reports', retryAfterSeconds: 10 }
  const places = new FairPlaces(reportLimits, names)
  new Gauge({
    name: 'tollgate_reports',
    help: 'Reports being read, and waiting for their turn.',
    labelNames: ['state'] as const,
    registers: [metrics],
    collect() {
      this.set({ state: 'running' }, places.running)
      this.set({ state: 'waiting' }, places.waiting)
    },
  })
  return places
}
