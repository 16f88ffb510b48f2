/**
 * Can the caller delegate these rights to an admin? Only rights that it has itself: a restricted admin and a key with
 * scopes make restricted admins within their own rights only, and change no one who has more.
 */
import type { Identity } from './identity.ts'
import { hasRight, type Letter, type Rights, toScope } from './rights.ts'

/** `rights`: null for all of the role. */
export function canDelegate({ rights: held, scopes }: Identity, rights: Rights | null): boolean {
  if (held === null && scopes === null) return true
  if (rights === null) return false
  return Object.entries(rights).every(([resource, letters]) =>
    ([...letters] as Letter[]).every((letter) => {
      const right = { resource, letter }
      return held === null ? (scopes?.includes(toScope(right)) ?? true) : hasRight(held, right)
    }),
  )
}
