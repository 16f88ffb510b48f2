/**
 * Replicas over one database that grant from leases, and give back what another of them asks for. Their leases go by a clock
 * that stands still until it is moved, and do nothing by themselves.
 */
import * as assert from 'uvu/assert'
import type { AuthorizationAnswer } from '../../src/calls/authorize/authorization-answer.ts'
import { Authorizer } from '../../src/calls/authorize/authorize-calls.ts'
import type { CallsContext } from '../../src/calls/calls-context.ts'
import { Leases } from '../../src/calls/leases/leases.ts'
import { ChangedClients } from '../../src/calls/running/changed-clients.ts'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { noLegFacts, openCallDesk } from './a-call-desk.ts'

export interface Replica {
  context: CallsContext
  authorizer: Authorizer
  leases: Leases
  changed: ChangedClients
}

export type ReplicaSet = Awaited<ReturnType<typeof openReplicas>>

export async function openReplicas(count: number) {
  const desk = await openCallDesk()
  /** Those that answer nothing. */
  const silent = new Set<string>()
  let elapsedMs = 0
  const monotonic = () => elapsedMs
  const pools: ReturnType<typeof openDatabase>[] = []
  const replicas: Replica[] = Array.from({ length: count }, () => {
    const db = openDatabase(desk.databaseUrl, { role: 'tollgate_worker', connections: 4 })
    const authorizations = openDatabase(desk.databaseUrl, {
      role: 'tollgate_worker',
      connections: 3,
      lockTimeoutMs: 4000,
      synchronousCommit: 'off',
    })
    pools.push(db, authorizations)
    const context: CallsContext = { ...desk.context, db, authorizationSql: authorizations.$client }
    const leases = new Leases(context, {
      mode: 'on',
      ticks: 'when-told',
      monotonic,
      askReplica: async (replica, owners) => {
        const asked = replicas.find((one) => one.leases.replica === replica)
        if (!asked || silent.has(replica)) throw new Error('no answer')
        await asked.leases.giveBack(owners)
      },
      // On a busy machine.
      callBackMs: 20_000,
    })
    context.leases = leases
    const authorizer = new Authorizer(context)
    context.onEnded = (call) => authorizer.noteEnded(call)
    return { context, authorizer, leases, changed: new ChangedClients(desk.configuration) }
  })

  function at(number: number): Replica {
    const replica = replicas[number % replicas.length]
    if (!replica) throw new Error('no replica')
    return replica
  }

  async function authorize(
    replica: number | Pick<Replica, 'authorizer'>,
    client: string,
    callId: string,
    to = '+34600111222',
  ): Promise<AuthorizationAnswer> {
    const now = desk.now()
    const { authorizer } = typeof replica === 'number' ? at(replica) : replica
    const leg = { client, callId, direction: 'outbound' as const, from: '+34911000111', to }
    return authorizer.authorize(
      { ...leg, ...noLegFacts, sourceIp: null, toClient: null, fromClient: null, at: now },
      { brandId: null, deadlineAt: now + 60_000 },
    )
  }

  /** Nobody has called anything back lately. */
  async function passMinute(): Promise<void> {
    elapsedMs += 60_000
    for (const { leases } of replicas) await leases.tick()
  }

  return {
    desk,
    replicas,
    silent,
    monotonic,
    elapse(ms: number) {
      elapsedMs += ms
    },
    at,
    authorize,
    passMinute,
    async beginAnew() {
      silent.clear()
      await passMinute()
    },
    async writeAll() {
      for (const { leases } of replicas) await leases.flush()
    },
    /** All leases are given back, and everything adds up. */
    async checkBooks(clientId: string) {
      await at(0).leases.callBack({ clientIds: [clientId], brandIds: [] })
      const [left] = await desk.sql`
        select (select count(*)::integer from leases where client_id = ${clientId}) as leases,
               (select count(*)::integer from lease_grants where client_id = ${clientId} and epoch is not null) as grants`
      assert.equal({ ...left }, { leases: 0, grants: 0 })
      const [books] = await desk.sql`
        select a.reserved = coalesce((select sum(reserved) from calls c where c.client_id = a.client_id), 0) as reserved,
               a.reserved = coalesce((select sum(reserved) from daily_usage d where d.client_id = a.client_id), 0) as days,
               a.running_calls = (select count(*) from calls c where c.client_id = a.client_id and holds_client_slot) as slots
        from accounts a where a.client_id = ${clientId}`
      assert.equal({ ...books }, { reserved: true, days: true, slots: true })
    },
    async close() {
      for (const { authorizer, leases } of replicas) {
        await authorizer.close()
        await leases.close()
      }
      for (const pool of pools) await closeDatabase(pool)
      await desk.close()
    },
  }
}

export function countOf(answers: readonly AuthorizationAnswer[]) {
  const counts: Record<string, number> = {}
  for (const answer of answers) {
    const name = answer.allowed ? 'granted' : answer.reason
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
