/**
 * Clocks of clients for answers: from configuration memory, which knows every zone that a client had.
 */
import type { Client } from '../../limits/client.ts'
import { ClientClocks, type ClientOfZones, type ClientScope } from '../../reports/client-clocks.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import type { ApiContext } from '../context.ts'

/** A client with the zones that it had; what another replica made just now has the zone of its row alone. */
export function withZones(
  { configuration }: Pick<ApiContext, 'configuration'>,
  { id, timeZone }: { id: string; timeZone: string },
): ClientOfZones {
  const terms = configuration.findClient(id, Date.now())?.terms
  return { id, terms: terms ?? [{ effectiveAt: 0, timeZone }] }
}

/**
 * Of all clients that a tenant asks for. Up to date, or a client whose zone another replica has just changed would be in no
 * report.
 */
export async function readClocks(configuration: Configuration, scope: ClientScope): Promise<ClientClocks> {
  await configuration.refresh()
  const { brandId, clientId } = scope
  if (clientId === null) return ClientClocks.of(listBrandClients(configuration, brandId))
  const client = configuration.findClient(clientId, Date.now(), brandId)
  return client ? ClientClocks.ofOne(client) : ClientClocks.of([])
}

function* listBrandClients(configuration: Configuration, brandId: string | null): Generator<Client> {
  for (const client of configuration.listClients()) {
    if (brandId === null || client.brandId === brandId) yield client
  }
}
