/**
 * Which client does a name mean?
 *
 * An id means its client. A SIP domain means its owner at an instant; where nobody owned it then, its owner of now,
 * so that a client that was renamed during a call loses none. With a brand given, only its clients have names.
 *
 * What says no instant of a leg's start (an answer, a heartbeat, an engine's list) means the running leg of its
 * callId among all clients that owned the name in the 31 days that a leg may last, and only without such a leg the
 * owner at the instant of saying.
 */
import { type CallKey, callKey } from '../../db/calls/calls.ts'
import { listOpenCalls } from '../../db/calls/running-calls.ts'
import type { Client } from '../../limits/client.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import type { CallsContext } from '../calls-context.ts'

const maxCallMs = 31 * 86_400_000

/** Within which brand a name is looked up (null: any), and when. Milliseconds since 1970. */
export interface NameScope {
  brandId: string | null
  now: number
}

/** A leg as it is named where the instant of its start is not said. */
export interface NamedLeg {
  /** Id or SIP domain. */
  client: string
  callId: string
  at: number
}

export function resolveClient(
  configuration: Configuration,
  reference: string,
  at: number,
  { brandId, now }: NameScope,
): Client | undefined {
  return configuration.findClient(reference, at, brandId) ?? configuration.findClient(reference, now, brandId)
}

/** Who may own a leg: `owner` where no leg says otherwise, `others` only as owners of a running one. */
export interface LegOwners {
  owner: Client | undefined
  others: readonly Client[]
}

export function findLegOwners(configuration: Configuration, leg: NamedLeg, scope: NameScope): LegOwners {
  const owner = resolveClient(configuration, leg.client, leg.at, scope)
  const spans = configuration.listNameSpans(leg.client, scope.brandId)
  if (spans.length === 0 || (spans.length === 1 && spans[0]?.client === owner)) return { owner, others: [] }
  const since = Math.min(leg.at, scope.now) - maxCallMs
  const others = new Set<Client>()
  for (const { client, from, until } of spans) {
    if (client !== owner && (from ?? since) <= scope.now && (until ?? scope.now) > since) others.add(client)
  }
  return { owner, others: [...others] }
}

export function chooseOwner(
  { owner, others }: LegOwners,
  hasLeg: (client: Client) => boolean,
): Client | undefined {
  if (others.length === 0 || (owner && hasLeg(owner))) return owner
  return others.find(hasLeg) ?? owner
}

/** The clients of legs, in their order. Asks the database, once, only where a name has changed hands. */
export async function resolveLegs(
  { configuration, db, leases }: Pick<CallsContext, 'configuration' | 'db' | 'leases'>,
  legs: readonly { leg: NamedLeg; brandId: string | null }[],
  now: number,
  /** Legs that began in the same batch and may not be in the database yet. */
  begun: () => CallKey[] = () => [],
): Promise<(Client | undefined)[]> {
  const owners = legs.map(({ leg, brandId }) => findLegOwners(configuration, leg, { brandId, now }))
  const asked = legs.flatMap(({ leg: { callId } }, i) => {
    const { owner, others = [] } = owners[i] ?? {}
    if (others.length === 0) return []
    return [...(owner ? [owner] : []), ...others].map((client) => ({ clientId: client.id, callId }))
  })
  if (asked.length === 0) return owners.map(({ owner }) => owner)
  // A grant from a lease may have been answered a moment ago, and is written behind.
  const unwritten = asked.filter((key) => leases?.findUnwritten(key))
  const open = new Set([...(await listOpenCalls(db.$client, asked)), ...unwritten, ...begun()].map(callKey))
  return legs.map(({ leg: { callId } }, i) =>
    chooseOwner(owners[i] ?? { owner: undefined, others: [] }, (client) =>
      open.has(callKey({ clientId: client.id, callId })),
    ),
  )
}
