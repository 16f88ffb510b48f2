/**
 * Does anybody wait for a connection to PostgreSQL? For `/metrics`.
 */
import { Gauge, type Registry } from 'prom-client'
import type { Db } from '../db/connection.ts'
import { countWaiting } from '../db/pool/pooled-sql.ts'

export function openProcessMetrics(
  metrics: Registry,
  { pools }: { pools: Readonly<Record<string, Db>> },
): void {
  new Gauge({
    name: 'tollgate_pool_waiting',
    help: 'Queries and transactions that wait for a connection to PostgreSQL, by pool.',
    labelNames: ['pool'],
    registers: [metrics],
    collect() {
      for (const [pool, { $client }] of Object.entries(pools)) this.set({ pool }, countWaiting($client))
    },
  })
}
