/**
 * Where and how the engine shall send a granted leg: facts of the client's settings.
 */
import { createHash } from 'node:crypto'
import type { ApplicationServer, Client } from '../../limits/client.ts'
import type { Configuration } from '../../tariffs/configuration.ts'

export interface RoutingFacts {
  outgoingDdi: string | null
  mediaRelaySet: { id: string; name: string; relays: readonly { name: string; address: string }[] } | null
  applicationServer: { id: string; name: string; address: string } | null
  recording: Client['recording']
}

/** Next turn of each client that is distributed by turns; a start in the middle does no harm. */
const turns = new Map<string, number>()

export function routingFacts(
  client: Client,
  configuration: Pick<Configuration, 'findMediaRelaySet' | 'applicationServers'>,
): RoutingFacts {
  const relays =
    client.mediaRelaySetId === null ? undefined : configuration.findMediaRelaySet(client.mediaRelaySetId)
  const server = chooseServer(client, configuration.applicationServers)
  return {
    outgoingDdi: client.outgoingDdi === null ? null : `+${client.outgoingDdi.replace(/^\+/, '')}`,
    mediaRelaySet: relays ? { id: relays.id, name: relays.name, relays: relays.relays } : null,
    applicationServer: server ? { id: server.id, name: server.name, address: server.address } : null,
    recording: client.features.has('recordings')
      ? client.recording
      : { onDemand: 'off', serviceCode: null, clientMayRemove: true },
  }
}

function chooseServer(client: Client, servers: readonly ApplicationServer[]): ApplicationServer | undefined {
  switch (client.distributeMethod) {
    case 'static':
      return servers.find((server) => server.id === client.applicationServerId)
    case 'roundRobin': {
      const turn = turns.get(client.id) ?? 0
      turns.set(client.id, turn + 1)
      return servers[turn % servers.length]
    }
    case 'hash':
      return hashedServer(client.id, servers)
  }
}

const hashed = new WeakMap<readonly ApplicationServer[], Map<string, ApplicationServer>>()

/** Rendezvous hashing: a server that is added or removed moves only the clients it wins or had. */
function hashedServer(
  clientId: string,
  servers: readonly ApplicationServer[],
): ApplicationServer | undefined {
  let chosen = hashed.get(servers)
  if (!chosen) {
    chosen = new Map()
    hashed.set(servers, chosen)
  }
  let best = chosen.get(clientId)
  if (best) return best
  let bestScore = ''
  for (const server of servers) {
    const score = createHash('sha256').update(`${clientId} ${server.id}`).digest('hex')
    if (score > bestScore) {
      best = server
      bestScore = score
    }
  }
  if (best) chosen.set(clientId, best)
  return best
}
