/**
 * How many streamed answers are made at once, and how many for one tenant?
 *
 * Each may hold a connection of the `downloads` pool until its reader has had everything, so a burst of them waits
 * instead of taking what short requests need.
 */
import { Gauge, type Registry } from 'prom-client'
import { type FairLimits, FairPlaces } from '../../quotas/fair-places.ts'

/**
 * Four of the pool's eight connections, three of them for one tenant at most. The others are for a scheduled report that is
 * written to a file, one that a mail carries, readiness, and one to spare. Whoever asked has not left a minute later, as most
 * proxies have.
 */
export const downloadLimits: FairLimits = {
  running: 4,
  runningPerTenant: 3,
  waiting: 100,
  waitingPerTenant: 20,
  timeoutMs: 45_000,
}

export function openDownloadPlaces(metrics: Registry): FairPlaces {
  const names = { code: 'too_many_reports', what: 'reports and other downloads', retryAfterSeconds: 10 }
  const places = new FairPlaces(downloadLimits, names)
  new Gauge({
    name: 'tollgate_reports',
    help: 'Reports and other streamed answers being read, and waiting for their turn.',
    labelNames: ['state'] as const,
    registers: [metrics],
    collect() {
      this.set({ state: 'running' }, places.running)
      this.set({ state: 'waiting' }, places.waiting)
    },
  })
  return places
}
