/**
 * The client that a path such as `/v1/clients/{clientId}/…` goes through. Another tenant's does not exist.
 */
import { type ClientRow, findClient } from '../../db/clients/clients.ts'
import type { Tx } from '../../db/connection.ts'
import { NotFound } from '../../errors.ts'
import type { Scope } from './request-scope.ts'

export async function parentClient(tx: Tx, { parents }: Pick<Scope, 'parents'>): Promise<ClientRow> {
  const clientId = parents.clientId ?? ''
  const row = await findClient(tx, clientId, 'none')
  if (!row) throw new NotFound('client', clientId)
  return row
}
