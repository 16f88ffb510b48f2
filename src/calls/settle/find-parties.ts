/**
 * Who pays for the leg of an event, and who else of the same brand takes part in it?
 *
 * Asked once, at the door: over HTTP before an event is published, over NATS when it is read. Names are looked up by
 * the event's own instant, within the brand that the event came for. A party of another brand is nobody: an id of
 * another brand is never told.
 */
import { instantText } from '../../db/columns.ts'
import type { Client } from '../../limits/client.ts'
import { resolveClient, resolveLegs } from '../authorize/resolve-client.ts'
import type { CallEvent } from '../call-messages.ts'
import type { CallsContext } from '../calls-context.ts'

export type PartiesContext = Pick<CallsContext, 'configuration' | 'db'>

export interface Parties {
  client: Client
  toClientId: string | null
  fromClientId: string | null
}

export interface UnknownClient {
  client: undefined
  /** Why, and who had the name before, in a sentence. */
  detail: string
}

/** In the order of the events. An unknown client is looked for once more in a configuration that was compared. */
export async function findParties(
  context: PartiesContext,
  events: readonly CallEvent[],
  now: number,
): Promise<(Parties | UnknownClient)[]> {
  const found = await findOnce(context, events, now)
  if (found.every(({ client }) => client !== undefined)) return found
  await context.configuration.refresh()
  return findOnce(context, events, now)
}

/** The instant by which an event's names and numbers are read. Milliseconds since 1970. */
export function findInstant(event: CallEvent, now: number): number {
  return event.startedAt ?? event.at ?? event.answeredAt ?? now
}

/** Since when the client has the name, where it did not have it at the event's instant; else nothing. */
export function ownedSince(
  { configuration }: Pick<CallsContext, 'configuration'>,
  event: CallEvent,
  client: Client,
  now: number,
): string {
  const at = findInstant(event, now)
  const spans = configuration
    .listNameSpans(event.client, client.brandId)
    .filter((span) => span.client.id === client.id)
  const [latest] = spans
  if (!latest || spans.some(({ from, until }) => (from ?? at) <= at && (until ?? at + 1) > at)) return ''
  return latest.from === null || latest.from <= at
    ? ` The client had this SIP domain until ${instantText(latest.until ?? now)}.`
    : ` The client has this SIP domain since ${instantText(latest.from)}.`
}

async function findOnce(
  context: PartiesContext,
  events: readonly CallEvent[],
  now: number,
): Promise<(Parties | UnknownClient)[]> {
  const { configuration } = context
  const clients: (Client | undefined)[] = []
  const untimed: number[] = []
  for (const { client, startedAt, delivery } of events) {
    if (startedAt === null) untimed.push(clients.length)
    const scope = { brandId: delivery.brandId, now }
    clients.push(startedAt === null ? undefined : resolveClient(configuration, client, startedAt, scope))
  }
  if (untimed.length > 0) await resolveUntimed(context, { events, clients, untimed }, now)
  return events.map((event, i) => {
    const client = clients[i]
    return client
      ? findLegParties(context, event, client, now)
      : { client, detail: describeUnknown(context, event, now) }
  })
}

interface PartlyResolved {
  events: readonly CallEvent[]
  /** In the order of the events. */
  clients: (Client | undefined)[]
  /** Places of the events that do not say when their leg began. */
  untimed: readonly number[]
}

/** Fills in the clients that are missing. */
async function resolveUntimed(
  context: PartiesContext,
  { events, clients, untimed }: PartlyResolved,
  now: number,
): Promise<void> {
  const legs = untimed.flatMap((i) => {
    const event = events[i]
    if (!event) return []
    const leg = { client: event.client, callId: event.callId, at: findInstant(event, now) }
    return [{ leg, brandId: event.delivery.brandId }]
  })
  const begun = () =>
    clients.flatMap((client, i) => (client ? [{ clientId: client.id, callId: events[i]?.callId ?? '' }] : []))
  const owners = await resolveLegs(context, legs, now, begun)
  for (const [n, i] of untimed.entries()) clients[i] = owners[n]
}

function findLegParties(
  { configuration }: PartiesContext,
  event: CallEvent,
  client: Client,
  now: number,
): Parties {
  if (event.toClient === null && event.fromClient === null) {
    return { client, toClientId: null, fromClientId: null }
  }
  const at = findInstant(event, now)
  const scope = { brandId: client.brandId, now }
  const resolveId = (reference: string | null) =>
    reference === null ? null : (resolveClient(configuration, reference, at, scope)?.id ?? null)
  return { client, toClientId: resolveId(event.toClient), fromClientId: resolveId(event.fromClient) }
}

function describeUnknown({ configuration }: PartiesContext, event: CallEvent, now: number): string {
  const { brandId } = event.delivery
  const nobody =
    brandId === null
      ? 'No client has this id or SIP domain.'
      : 'No client of this brand has this id or SIP domain.'
  const [latest] = configuration.listNameSpans(event.client, brandId)
  if (!latest) return nobody
  if (latest.until !== null && latest.until <= now) {
    return `${nobody} The SIP domain was last owned until ${instantText(latest.until)}.`
  }
  return `${nobody} The SIP domain is owned since ${instantText(latest.from ?? now)}.`
}
