/**
 * What may a key or an admin do with a resource? A right is a letter of "crud" for a resource; an API key's scopes are
 * `<resource>:read` and `<resource>:write`. What is not given is refused.
 *
 * Which resources there are stands in `api/access.ts`. A stored right to one that is not there gives nothing.
 */

/** Create, read, update, delete. */
export type Letter = 'c' | 'r' | 'u' | 'd'
/** Resource → letters in the order "crud". */
export type Rights = Readonly<Record<string, string>>

export interface Right {
  resource: string
  letter: Letter
}

export function toScope({ resource, letter }: Right): string {
  return `${resource}:${letter === 'r' ? 'read' : 'write'}`
}

export function hasRight(rights: Rights, { resource, letter }: Right): boolean {
  return Object.hasOwn(rights, resource) && (rights[resource] ?? '').includes(letter)
}
