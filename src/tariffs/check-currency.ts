/**
 * Are deck, plan and client in one currency?
 *
 * Asked when one is linked to the other, so that a call never meets a price it cannot charge. Each throws
 * 422 `currency_mismatch` with a pointer to the link, or 400 where the linked thing does not exist for the
 * tenant.
 */
import { sql } from 'drizzle-orm'
import type { Tx } from '../db/connection.ts'
import { type InputFault, InvalidRequest, Unprocessable } from '../errors.ts'

/** Before a plan takes entries: all their decks exist in its brand and are in its currency. */
export async function requireDecksInCurrency(
  tx: Tx,
  plan: { brandId: string; currency: string; entries: readonly { rateDeckId: string }[] },
): Promise<void> {
  const ids = [...new Set(plan.entries.map(({ rateDeckId }) => rateDeckId))]
  const rows = await tx.execute<{ id: string; name: string; currency: string }>(sql`
    select id, name, currency
    from rate_decks
    where id = any(${sql.param(ids)}::uuid[]) and brand_id = ${plan.brandId}
    for key share`)
  const decks = new Map(rows.map((row) => [row.id, row]))
  const unknown: InputFault[] = []
  const foreign: InputFault[] = []
  for (const [place, { rateDeckId }] of plan.entries.entries()) {
    const pointer = `/entries/${place}/rateDeckId`
    const deck = decks.get(rateDeckId.toLowerCase())
    if (!deck) unknown.push({ pointer, detail: `There is no rate deck "${rateDeckId}".` })
    else if (deck.currency !== plan.currency) {
      foreign.push({
        pointer,
        detail: `The deck "${deck.name}" is in ${deck.currency}, the plan in ${plan.currency}.`,
      })
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
  const [row] = await tx.execute<{ name: string; currency: string; client_currency: string }>(sql`
    select plan.name, plan.currency, client.currency as client_currency
    from rating_plans plan
    join clients client on client.brand_id = plan.brand_id
    where plan.id = ${profile.ratingPlanId} and client.id = ${profile.clientId}`)
  const pointer = '/ratingPlanId'
  if (!row) {
    const detail = `There is no rating plan "${profile.ratingPlanId}".`
    throw new InvalidRequest(detail, [{ pointer, detail }])
  }
  if (row.currency !== row.client_currency) {
    const detail = `The plan "${row.name}" is in ${row.currency}, the client in ${row.client_currency}.`
    throw mismatch(detail, [{ pointer, detail }])
  }
}

/** Before a client's currency changes: none of its profiles leads to a plan in another. */
export async function requireProfilesInCurrency(
  tx: Tx,
  client: { clientId: string; currency: string },
): Promise<void> {
  await requireNone(
    tx,
    `The client has rating profiles of plans that are not in ${client.currency}: remove them first.`,
    sql`
      select from rating_profiles profile
      join rating_plans plan on plan.id = profile.rating_plan_id
      where profile.client_id = ${client.clientId} and plan.currency <> ${client.currency}`,
  )
}

/** Before a deck's currency changes: no version of any plan names it. */
export async function requireUnlinkedDeck(tx: Tx, rateDeckId: string): Promise<void> {
  await requireNone(
    tx,
    'The deck stands in rating plans: its currency can no longer change.',
    sql`
      select from rating_plan_versions
      where entries @> ${JSON.stringify([{ rateDeckId }])}::jsonb`,
  )
}

/** Before a plan's currency changes: no client has it. */
export async function requireUnlinkedPlan(tx: Tx, ratingPlanId: string): Promise<void> {
  await requireNone(
    tx,
    'Clients have profiles of this plan: its currency can no longer change.',
    sql`select from rating_profiles where rating_plan_id = ${ratingPlanId}`,
  )
}

async function requireNone(tx: Tx, detail: string, query: ReturnType<typeof sql>): Promise<void> {
  const [row] = await tx.execute<{ found: boolean }>(sql`select exists (${query}) as found`)
  if (row?.found) throw mismatch(detail, [{ pointer: '/currency', detail }])
}

function mismatch(detail: string, errors: InputFault[]): Unprocessable {
  return new Unprocessable('currency_mismatch', detail, errors)
}
