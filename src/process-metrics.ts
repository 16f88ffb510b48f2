/**
 * Which release is this, and does anybody wait for a connection to PostgreSQL? For `/metrics`.
 */
import { Gauge, type Registry } from 'prom-client'
import type { Db } from './db/connection.ts'
import { countWaiting } from './db/pool/pooled-sql.ts'
import { version } from './version.ts'

export function openProcessMetrics(
  metrics: Registry,
  { pools }: { pools: Readonly<Record<string, Db>> },
): void {
  const build = new Gauge({
    name: 'tollgate_build_info',
    help: 'Always 1; the release and its Node as labels.',
    labelNames: ['version', 'node'],
    registers: [metrics],
  })
  build.set({ version, node: process.versions.node }, 1)
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
