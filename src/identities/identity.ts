/**
 * Who is asking, and what may they see?
 *
 * - `platform`: all brands. `brand`: one brand. `client`: one client of a brand.
 * - `engine`: authorizes calls and publishes events, for one brand or for all.
 * - `finance`: reads and exports one brand.
 */
import { platformTenant, type Tenant } from '../db/tenant.ts'
import type { Rights } from './rights.ts'

export const roles = ['platform', 'brand', 'client', 'engine', 'finance'] as const
export type Role = (typeof roles)[number]

export interface Identity {
  role: Role
  /** null: the platform, or an engine of all brands. */
  brandId: string | null
  /** Set for the role `client` alone. */
  clientId: string | null
  /** null: the key of the environment, an admin or a token of another issuer. */
  keyId: string | null
  /** When the key ends, in epoch milliseconds; null: never, or no key of ours. */
  expiresAt: number | null
  /** What requests are counted by: of the key, the admin or the token's subject. */
  countedAs: string
  /** As movements and the log name who did it. */
  actor: string
  /** null: every right of the role. */
  scopes: readonly string[] | null
  /** Of a restricted admin; null: not restricted. */
  rights: Rights | null
  /** Of an admin who has logged in; null: no login. */
  session: { id: string; adminId: string } | null
}

/** Whose rows this identity sees, and who the log says it was. */
export function toTenant(identity: Identity): Tenant {
  const { brandId, clientId, actor } = identity
  if (brandId === null) return { ...platformTenant, actor }
  return { role: clientId === null ? 'brand' : 'client', brandId, clientId, actor }
}
