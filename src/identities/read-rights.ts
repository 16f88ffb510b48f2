/**
 * Are the rights that stand in PostgreSQL as JSON what the domain says? Our own door wrote them; what is no letter of
 * "crud" gives nothing.
 */
import type { Rights } from './rights.ts'

export function readRights(value: unknown): Rights {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([resource, letters]) =>
      typeof letters === 'string'
        ? [[resource, [...'crud'].filter((letter) => letters.includes(letter)).join('')]]
        : [],
    ),
  )
}
