/**
 * What is linked to a deck, a plan or a client, and in which currency? Each sees what its tenant may see.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'

export interface NamedCurrency {
  id: string
  name: string
  currency: string
}

/** The decks of a brand among these; they stay until the transaction ends. */
export async function listDecksToLink(
  tx: Tx,
  of: { brandId: string; rateDeckIds: readonly string[] },
): Promise<NamedCurrency[]> {
  const rows = await tx.execute<Record<string, unknown> & NamedCurrency>(sql`
    select id, name, currency
    from rate_decks
    where id = any(${sql.param(of.rateDeckIds)}::uuid[]) and brand_id = ${of.brandId}
    for key share`)
  return [...rows]
}

/** Undefined: the client's brand has no such plan. */
export async function findPlanToLink(
  tx: Tx,
  of: { clientId: string; ratingPlanId: string },
): Promise<{ name: string; currency: string; clientCurrency: string } | undefined> {
  const [row] = await tx.execute<{ name: string; currency: string; clientCurrency: string }>(sql`
    select plan.name, plan.currency, client.currency as "clientCurrency"
    from rating_plans plan
    join clients client on client.brand_id = plan.brand_id
    where plan.id = ${of.ratingPlanId} and client.id = ${of.clientId}`)
  return row
}

export function isDeckInAnyPlan(tx: Tx, rateDeckId: string): Promise<boolean> {
  return exists(
    tx,
    sql`
      select from rating_plan_versions
      where entries @> ${JSON.stringify([{ rateDeckId }])}::jsonb`,
  )
}

export function hasPlanProfiles(tx: Tx, ratingPlanId: string): Promise<boolean> {
  return exists(
    tx,
    sql`
      select from rating_profiles where rating_plan_id = ${ratingPlanId}
      union all
      select from carrier_rating_profiles where rating_plan_id = ${ratingPlanId}`,
  )
}

async function exists(tx: Tx, query: SQL): Promise<boolean> {
  const [row] = await tx.execute<{ found: boolean }>(sql`select exists (${query}) as found`)
  return row?.found ?? false
}
