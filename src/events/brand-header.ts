/**
 * Which brand is a message of the stream `CALLS` for? Its header says so where it came by a key over HTTP, or is a
 * dead letter sent again: the names in it mean clients of that brand alone. Without it they mean clients of any.
 */
import type { MsgHdrs } from 'nats'

export const brandHeader = 'Tollgate-Brand'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** null: of any brand. `invalid`: what stands there is no brand's id. */
export function readBrand(headers: MsgHdrs | undefined): string | null | 'invalid' {
  if (!headers?.has(brandHeader)) return null
  const brandId = headers.get(brandHeader).toLowerCase()
  return uuid.test(brandId) ? brandId : 'invalid'
}
