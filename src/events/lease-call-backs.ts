/**
 * One replica asks another to give back what it has leased of some accounts: a core NATS request on
 * `tollgate.leases.<replica>`, answered when it is back. Without NATS nobody is asked: the holder sees the mark on its lease
 * at its next renewal.
 */
import type { NatsConnection, Subscription } from 'nats'
import type { LeaseOwners } from '../ledger/leases-in-the-way.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import type { Broker } from './broker.ts'

export interface LeaseHolder {
  readonly replica: string
  giveBack(owners: LeaseOwners): Promise<void>
}

export interface LeaseCallBacks {
  /** Rejects where the replica does not answer. */
  ask(replica: string, owners: LeaseOwners): Promise<void>
  /** Whom others ask here. */
  answer(holder: LeaseHolder): void
  close(): void
}

/** Longer than whoever asks waits. */
const timeoutMs = 1000

export function openLeaseCallBacks({
  broker,
  log = silentLog,
}: {
  broker: Broker
  log?: Log
}): LeaseCallBacks {
  const refused = logOnce(log, 'lease_subscription_refused', { level: 'error' })
  const failures = logOnce(log, 'lease_call_back_failed')
  let holder: LeaseHolder | undefined
  let connection: NatsConnection | undefined
  let subscription: Subscription | undefined

  function subscribe(): void {
    if (!connection || !holder || subscription) return
    const { replica } = holder
    subscription = connection.subscribe(callBackSubject(replica), {
      callback: (error, msg) => {
        if (error) return refused.failed(error)
        const owners = readOwners(msg.data)
        if (!owners || !holder) return
        holder.giveBack(owners).then(
          () => msg.respond(),
          (error) => failures.failed(error),
        )
      },
    })
  }

  const stopConnecting = broker.onConnect(async (connected) => {
    if (connection === connected) return
    connection = connected
    subscription = undefined
    subscribe()
  })
  return {
    async ask(replica, owners) {
      if (!connection) throw new Error('NATS is not connected')
      await connection.request(callBackSubject(replica), Buffer.from(JSON.stringify(owners)), {
        timeout: timeoutMs,
      })
    },
    answer(asked) {
      holder = asked
      subscribe()
    },
    close() {
      stopConnecting()
      subscription?.unsubscribe()
    },
  }
}

function callBackSubject(replica: string): string {
  return `tollgate.leases.${replica}`
}

/** From another replica: whoever may publish here is one. */
function readOwners(data: Uint8Array): LeaseOwners | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(data).toString())
    if (typeof read !== 'object' || read === null) return undefined
    const { clientIds, brandIds } = read as Record<string, unknown>
    return { clientIds: readIds(clientIds), brandIds: readIds(brandIds) }
  } catch {
    return undefined
  }
}

function readIds(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : []
}
