/**
 * Can this replica do its work? Asked by role, since an authorization needs no broker.
 */
import type { Db } from './db/connection.ts'

export type HealthRole = 'all' | 'authorize' | 'events' | 'api'

export interface Health {
  ok: boolean
  /** Part → `ok`, or what is wrong with it. */
  checks: Record<string, string>
  /** What is worth a look and no reason to be red. */
  details: Record<string, number>
}

const patienceMs = 2000

export function watchHealth(parts: {
  db: Db
  broker: { health(): { connected: boolean; server: string | null; faults: readonly string[] } }
  /** `ok`, or why events go back. */
  settling: () => string
  details: () => Record<string, number>
}): (role: HealthRole) => Promise<Health> {
  return async (role) => {
    const checks: Record<string, string> = { postgres: await askPostgres(parts.db) }
    if (role === 'all' || role === 'events') {
      const { connected, faults } = parts.broker.health()
      checks.events = parts.settling()
      checks.nats = !connected ? 'not connected' : faults.length > 0 ? faults.join('; ') : 'ok'
    }
    return { ok: Object.values(checks).every((check) => check === 'ok'), checks, details: parts.details() }
  }
}

async function askPostgres(db: Db): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${patienceMs} ms`), patienceMs)
  })
  const asked = db.$client`select pg_is_in_recovery() as standby`.then(
    ([row]) => (row?.standby ? 'read-only: a standby' : 'ok'),
    (error) => `not reachable: ${error instanceof Error ? error.message : error}`,
  )
  const answer = await Promise.race([asked, late])
  clearTimeout(timer)
  return answer
}
