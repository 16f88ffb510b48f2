/** What this replica has set aside of accounts, for `/metrics`. */
import { Gauge, type Registry } from 'prom-client'
import type { Leases } from './leases.ts'

export function openLeaseMetrics(
  registry: Registry,
  leases: Pick<Leases, 'heldCount' | 'unwrittenCount'>,
): void {
  const gauge = (name: string, help: string, count: () => number) =>
    new Gauge({
      ...{ name, help, registers: [registry] },
      collect() {
        this.set(count())
      },
    })
  gauge('tollgate_leases_held', 'Leases of accounts that this replica grants from.', () => leases.heldCount)
  gauge(
    'tollgate_lease_grants_unwritten',
    'Legs that were granted from leases and are not written to PostgreSQL yet.',
    () => leases.unwrittenCount,
  )
}
