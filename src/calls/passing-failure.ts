/**
 * May the same work succeed later: did the surroundings fail, or has a replica not given back what it has leased?
 */
import { isInfrastructureFailure } from '../db/failures.ts'
import { LeasesInTheWay } from '../ledger/leases-in-the-way.ts'

export function isPassingFailure(error: unknown): boolean {
  return isInfrastructureFailure(error) || error instanceof LeasesInTheWay
}
