/**
 * Can this replica do its work? Asked by role, since an authorization needs no broker.
 */
import type { Db } from '../db/connection.ts'
import { errorMessage } from '../errors.ts'
import { withinTime } from '../within-time.ts'

export type HealthRole = 'all' | 'authorize' | 'events' | 'api'

export interface Health {
  ok: boolean
  /** Part → `ok`, or what is wrong with it. */
  checks: Record<string, string>
  /** What happened in the last hour and has been put right, in sentences. */
  notices: readonly string[]
  /** What is worth a look and no reason to be red. */
  details: Record<string, number>
}

export interface DatabasePools {
  worker: Db
  authorizations: Db
  api: Db
  downloads: Db
}

/** Which pools a role works with. Downloads have more connections than places, so that one is free. */
const poolsOf: Record<HealthRole, readonly (keyof DatabasePools)[]> = {
  all: ['worker', 'authorizations', 'api', 'downloads'],
  authorize: ['authorizations'],
  events: ['worker'],
  api: ['api', 'worker'],
}

const timeoutMs = 2000

export function watchHealth(parts: {
  pools: DatabasePools
  broker: {
    health(): { connected: boolean; faults: readonly string[]; notices: readonly string[] }
  }
  /** `ok`, or why events go back. */
  settling: () => string
  details: () => Record<string, number>
}): (role: HealthRole) => Promise<Health> {
  return async (role) => {
    const checks: Record<string, string> = { postgres: await askPools(parts.pools, poolsOf[role]) }
    if (role === 'all' || role === 'events') {
      const { connected, faults } = parts.broker.health()
      checks.events = parts.settling()
      const said = connected ? faults : ['not connected', ...faults]
      checks.nats = said.length > 0 ? said.join('; ') : 'ok'
    }
    const { notices } = parts.broker.health()
    const ok = Object.values(checks).every((check) => check === 'ok')
    return { ok, checks, notices, details: parts.details() }
  }
}

/** Takes a connection of each pool: a server that answers one of them is of no use to who waits for another. */
async function askPools(pools: DatabasePools, names: readonly (keyof DatabasePools)[]): Promise<string> {
  const answers = await Promise.all(names.map((name) => askPostgres(name, pools[name])))
  return answers.find((answer) => answer !== 'ok') ?? 'ok'
}

async function askPostgres(name: string, db: Db): Promise<string> {
  const asked = db.$client`select pg_is_in_recovery() as standby`.then(
    ([row]) => (row?.standby ? 'read-only: a standby' : 'ok'),
    (error) => `${name}: not reachable: ${errorMessage(error)}`,
  )
  return withinTime(asked, timeoutMs, () => `${name}: no answer within ${timeoutMs} ms`)
}
