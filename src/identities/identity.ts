/**
 * Who is asking, and what may they see?
 *
 * - `platform`: all brands. `brand`: one brand. `client`: one client of a brand.
 * - `engine`: authorizes calls and publishes events, for one brand or for all.
 * - `finance`: reads and exports one brand.
 */
import { platformTenant, type Tenant } from '../db/connection.ts'

export const roles = ['platform', 'brand', 'client', 'engine', 'finance'] as const
export type Role = (typeof roles)[number]

export interface Identity {
  role: Role
  /** null: the platform, or an engine of all brands. */
  brandId: string | null
  /** Set for the role `client` alone. */
  clientId: string | null
  /** null: the key of the environment. */
  keyId: string | null
  /** As movements and the log name who did it. */
  actor: string
  /** null: every right of the role. */
  scopes: readonly string[] | null
}

/** Whose rows this identity sees. */
export function tenantOf(identity: Identity): Tenant {
  if (identity.brandId === null) return platformTenant
  return {
    role: identity.clientId === null ? 'brand' : 'client',
    brandId: identity.brandId,
    clientId: identity.clientId,
  }
}
