/** What a rating profile says, of a client as of a carrier, and what is checked of it. */

import type { Static } from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import type { Tx } from '../../db/connection.ts'
import { findPlanOfBrand } from '../../db/tariffs/rating-profiles.ts'
import { InvalidRequest, NotFound, Unprocessable } from '../../errors.ts'
import { closed, Instant, Uuid } from '../../shapes/fields.ts'

export const ProfileFields = closed({ ratingPlanId: Uuid, activatesAt: Instant })

/** Throws `InvalidRequest`, `NotFound` for a plan that the brand does not have, and 422 `currency_mismatch`. */
export async function checkProfile(
  tx: Tx,
  owner: { noun: 'client' | 'carrier'; brandId: string; currency: string },
  fields: Static<typeof ProfileFields>,
): Promise<{ ratingPlanId: string; activatesAt: number }> {
  const activatesAt = readInstant(fields.activatesAt)
  if (activatesAt === undefined) {
    throw new InvalidRequest('activatesAt is not a valid RFC 3339 timestamp.', [
      { pointer: '/activatesAt', detail: 'is not a valid RFC 3339 timestamp' },
    ])
  }
  const plan = await findPlanOfBrand(tx, { brandId: owner.brandId, ratingPlanId: fields.ratingPlanId })
  if (!plan) throw new NotFound('rating plan', fields.ratingPlanId)
  if (plan.currency !== owner.currency) {
    throw new Unprocessable(
      'currency_mismatch',
      `The plan is in ${plan.currency}, the ${owner.noun}'s currency is ${owner.currency}.`,
      [{ pointer: '/ratingPlanId', detail: `must be a plan in ${owner.currency}` }],
    )
  }
  return { ratingPlanId: plan.id, activatesAt }
}
