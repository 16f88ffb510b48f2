/**
 * Has the resource changed since the caller read it? Its ETag is its revision in quotes; `If-Match` with another
 * one is refused with 412.
 */
import { PreconditionFailed } from '../../errors.ts'

export function entityTag(revision: number): string {
  return `"${revision}"`
}

export function checkIfMatch(header: string | undefined, revision: number): void {
  if (header === undefined || header.trim() === '*') return
  const tags = header.split(',').map((tag) => tag.trim())
  if (!tags.includes(entityTag(revision))) throw new PreconditionFailed()
}
