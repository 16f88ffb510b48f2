/**
 * Media relay sets and application servers: where legs may be sent. Facts of the platform.
 */
import { eq } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { applicationServers, mediaRelaySets } from '../schema.ts'

export async function hasMediaRelaySet(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx
    .select({ id: mediaRelaySets.id })
    .from(mediaRelaySets)
    .where(eq(mediaRelaySets.id, id))
  return rows.length > 0
}

export async function hasApplicationServer(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx
    .select({ id: applicationServers.id })
    .from(applicationServers)
    .where(eq(applicationServers.id, id))
  return rows.length > 0
}
