/**
 * Are deck, plan and client in one currency?
 *
 * Asked when one is linked to the other, so that a call never meets a price it cannot charge. Each throws
 * 422 `currency_mismatch` with a pointer to the link, or 400 where the linked thing does not exist for the
 * tenant.
 */
import type { Tx } from '../db/connection.ts'
import {
  findPlanToLink,
  hasPlanProfiles,
  isDeckInAnyPlan,
  listDecksToLink,
} from '../db/tariffs/currency-links.ts'
import { type InputFault, InvalidRequest, Unprocessable } from '../errors.ts'

/** Before a plan takes entries: all their decks exist in its brand and are in its currency. */
export async function requireDecksInCurrency(
  tx: Tx,
  plan: { brandId: string; currency: string; entries: readonly { rateDeckId: string }[] },
): Promise<void> {
  const rateDeckIds = [...new Set(plan.entries.map(({ rateDeckId }) => rateDeckId))]
  const found = await listDecksToLink(tx, { brandId: plan.brandId, rateDeckIds })
  const decks = new Map(found.map((deck) => [deck.id, deck]))
  const unknown: InputFault[] = []
  const foreign: InputFault[] = []
  for (const [place, { rateDeckId }] of plan.entries.entries()) {
    const pointer = `/entries/${place}/rateDeckId`
    const deck = decks.get(rateDeckId.toLowerCase())
    if (!deck) unknown.push({ pointer, detail: `There is no rate deck "${rateDeckId}".` })
    else if (deck.currency !== plan.currency) {
      const detail = `The deck "${deck.name}" is in ${deck.currency}, the plan in ${plan.currency}.`
      foreign.push({ pointer, detail })
    }
  }
  if (unknown.length > 0) throw new InvalidRequest('The plan names rate decks that do not exist.', unknown)
  if (foreign.length > 0) throw mismatch('A plan takes only rate decks in its own currency.', foreign)
}

/** Before a client gets a profile: the plan exists in its brand and is in its currency. */
export async function requirePlanInCurrency(
  tx: Tx,
  profile: { clientId: string; ratingPlanId: string },
): Promise<void> {
  const plan = await findPlanToLink(tx, profile)
  const pointer = '/ratingPlanId'
  if (!plan) {
    const detail = `There is no rating plan "${profile.ratingPlanId}".`
    throw new InvalidRequest(detail, [{ pointer, detail }])
  }
  if (plan.currency !== plan.clientCurrency) {
    const detail = `The plan "${plan.name}" is in ${plan.currency}, the client in ${plan.clientCurrency}.`
    throw mismatch(detail, [{ pointer, detail }])
  }
}

/** Before a deck's currency changes: no version of any plan names it. */
export async function requireUnlinkedDeck(tx: Tx, rateDeckId: string): Promise<void> {
  if (!(await isDeckInAnyPlan(tx, rateDeckId))) return
  throw cannotChange('The deck stands in rating plans: its currency can no longer change.')
}

/** Before a plan's currency changes: no client has it. */
export async function requireUnlinkedPlan(tx: Tx, ratingPlanId: string): Promise<void> {
  if (!(await hasPlanProfiles(tx, ratingPlanId))) return
  throw cannotChange('Clients or carriers have profiles of this plan: its currency can no longer change.')
}

function cannotChange(detail: string): Unprocessable {
  return mismatch(detail, [{ pointer: '/currency', detail }])
}

function mismatch(detail: string, errors: InputFault[]): Unprocessable {
  return new Unprocessable('currency_mismatch', detail, errors)
}
