/**
 * Whose is the thing about to be made? A platform key says so in `brandId`; any other key has one brand, and may
 * name no other: another tenant's id does not exist for it.
 */
import { InvalidRequest, NotFound } from '../../errors.ts'
import type { Identity } from '../../identities/identity.ts'

export function owningBrand(identity: Identity, brandId: string | undefined): string {
  if (identity.brandId !== null) {
    if (brandId !== undefined && brandId.toLowerCase() !== identity.brandId) {
      throw new NotFound('brand', brandId)
    }
    return identity.brandId
  }
  if (brandId === undefined) {
    throw new InvalidRequest('A platform key must name the brand.', [
      { pointer: '/brandId', detail: 'is required' },
    ])
  }
  return brandId.toLowerCase()
}

/** A thing stays with the brand it was made for. */
export function keepBrand(row: { brandId: string }, brandId: string | undefined): void {
  if (brandId === undefined || brandId.toLowerCase() === row.brandId) return
  throw new InvalidRequest('The brand cannot be changed.', [{ pointer: '/brandId', detail: 'cannot change' }])
}
