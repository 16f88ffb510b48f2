/**
 * What replicas have leased of an account is called back before something is refused that it may pay for, and before
 * something takes from the account what they may have granted.
 */
import { ServiceUnavailable } from '../errors.ts'

/** Of these accounts, and of all of these brands. */
export interface LeaseOwners {
  clientIds: readonly string[]
  brandIds: readonly string[]
}

/** Thrown by a transaction: all is called back first, and decided anew. */
export class LeasesInTheWay extends ServiceUnavailable {
  readonly owners: LeaseOwners

  constructor(owners: LeaseOwners) {
    super('Money or slots of this account are set aside by a replica that does not answer: try again.')
    this.owners = owners
  }
}

/** Resolves when all is back that could be had in time. */
export type CallBack = (owners: LeaseOwners) => Promise<unknown>

/** A lease that does not come back is void by then. */
const timeoutMs = 13_000

/** Repeats a transaction until no lease is in its way. Without `callBack` nobody is asked, and it throws. */
export async function whenLeasesAreBack<Result>(
  callBack: CallBack | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const until = performance.now() + timeoutMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof LeasesInTheWay) || !callBack || performance.now() > until) throw error
      await callBack(error.owners)
    }
  }
}
