/**
 * Is each price what a second, independent reading of the rules makes of the call?
 *
 * From the call's facts and the versions in force at its answer. A profile made after the call was settled had no
 * part in its price, unless a re-rating gave it one: a price is right by either list. Calls whose profile was
 * deleted since cannot be asked again and are passed over, as are waived ones and those whose details are gone. What
 * allowances had left when a call drew from them is not told any more: that they paid the increments that its explanation
 * names is taken as it stands, and the rest is held to the rules, with the seconds that it took.
 */
import { parseInstant } from '../db/columns.ts'
import { readNumbering } from '../db/configuration/read-settings.ts'
import type { Sql } from '../db/connection.ts'
import type { RatingProfile } from '../rating/tariff.ts'
import type { Check, Difference, Scope } from './check.ts'
import { CoveredIncrements, type StoredDraw } from './covered-increments.ts'
import { naiveDigits } from './naive-digits.ts'
import { type NaiveTariffs, naivePrice } from './naive-price.ts'
import { parsed, readTariffs } from './read-tariffs.ts'

const chunk = 500

interface StoredCall {
  clientId: string
  callId: string
  to: string
  from: string | null
  answeredAt: number
  settledAt: number
  durationSeconds: number
  timeZone: string
  ratingProfileId: string
  direction: string
  price: string
  /** null: allowances pay nothing of it. */
  covered: CoveredIncrements | null
}

export const prices: Check = {
  id: 'I8',
  name: 'prices',
  claim: 'A price is what the rules make of the call with the versions in force at its answer.',
  over: 'clients',
  async find(sql, scope) {
    const profiles = await readProfiles(sql, scope.clientIds)
    const calls = await readCalls(sql, scope)
    const differences: Difference[] = []
    for (let at = 0; at < calls.length; at += chunk) {
      differences.push(...(await repriced(sql, calls.slice(at, at + chunk), profiles)))
    }
    return differences
  },
}

type DatedProfile = RatingProfile & { createdAt: number; direction: string }

async function repriced(
  sql: Sql,
  calls: readonly StoredCall[],
  profiles: ReadonlyMap<string, readonly DatedProfile[]>,
): Promise<Difference[]> {
  const listProfiles = ({ clientId, direction }: StoredCall) =>
    (profiles.get(clientId) ?? []).filter((profile) => profile.direction === direction)
  const tariffs = await readTariffs(
    sql,
    calls.map((call) => ({
      to: call.to,
      answeredAt: call.answeredAt,
      ratingPlanIds: listProfiles(call).map(({ ratingPlanId }) => ratingPlanId),
    })),
  )
  return calls.flatMap((call, i) => {
    const all = listProfiles(call)
    const then = all.filter(({ createdAt }) => createdAt <= call.settledAt)
    const inForce = tariffs[i]
    if (!inForce || !all.some(({ ratingProfileId }) => ratingProfileId === call.ratingProfileId)) return []
    const [price, laterPrice] = [then, all].map((profiles) => repriceCall(inForce, call, profiles))
    if (price === call.price || laterPrice === call.price) return []
    return {
      where: { clientId: call.clientId, callId: call.callId },
      detail: `call ${call.callId} of client ${call.clientId} was priced ${call.price}, the rules make it ${price}`,
    }
  })
}

/** Where what it took of allowances is not what they paid, that is named instead of a price. */
function repriceCall(
  tariffs: NaiveTariffs,
  { covered, ...call }: StoredCall,
  profiles: readonly RatingProfile[],
): string {
  if (!covered) return naivePrice(tariffs, { ...call, profiles })
  const paid = covered.begin()
  const price = naivePrice(tariffs, { ...call, profiles }, paid.cover)
  const isPriced = /^\d/.test(price)
  return (isPriced && paid.findFault()) || price
}

async function readCalls(sql: Sql, scope: Scope): Promise<StoredCall[]> {
  const { clientIds, from, before, pricesPerClient } = scope
  const rows = await sql`
    select c.client_id, c.call_id, c.to_normalized, c.from_number, c.direction, zone.numbering, c.answered_at, c.settled_at, c.duration_seconds,
           c.rating_profile_id, trim_scale(c.price)::text as price, c.covered_seconds, c.allowances, c.explanation,
           zone.time_zone
    from (
      select *, row_number() over (partition by client_id order by answered_at desc) as place
      from all_calls
      where client_id = any(${clientIds}::uuid[])
        and status in ('priced', 'lost-end')
        and price is not null
        and rating_profile_id is not null
        and (allowances is null or explanation is not null)
        and (${from}::date is null or usage_day >= ${from}::date)
        and (${before}::date is null or usage_day < ${before}::date)
    ) c
    cross join lateral (
      select t.time_zone, coalesce(t.numbering, (
        select b.numbering
        from brand_terms b
        where b.brand_id = c.brand_id
          and (b.version = 1 or b.effective_at <= c.answered_at)
        order by b.version desc
        limit 1
      )) as numbering
      from client_terms t
      where t.client_id = c.client_id
        and (t.version = 1 or t.effective_at <= c.answered_at)
      order by t.version desc
      limit 1
    ) zone
    where ${pricesPerClient}::integer is null or place <= ${pricesPerClient}::integer`
  return rows.map((row) => ({
    clientId: row.client_id,
    callId: row.call_id,
    to: row.to_normalized,
    from:
      row.from_number === null ? null : naiveDigits(row.from_number, readNumbering(parsed(row.numbering))),
    answeredAt: parseInstant(row.answered_at),
    settledAt: parseInstant(row.settled_at),
    durationSeconds: row.duration_seconds,
    timeZone: row.time_zone,
    ratingProfileId: row.rating_profile_id,
    direction: row.direction,
    price: row.price,
    covered:
      row.allowances === null
        ? null
        : new CoveredIncrements(row.explanation, {
            draws: parsed(row.allowances) as readonly StoredDraw[],
            coveredSeconds: row.covered_seconds,
          }),
  }))
}

async function readProfiles(sql: Sql, clientIds: readonly string[]): Promise<Map<string, DatedProfile[]>> {
  const rows = await sql`
    select id, client_id, rating_plan_id, direction, activates_at, created_at
    from rating_profiles
    where client_id = any(${clientIds}::uuid[])
    order by client_id, activates_at`
  const profiles = new Map<string, DatedProfile[]>()
  for (const row of rows) {
    const list = profiles.get(row.client_id) ?? []
    list.push({
      ratingProfileId: row.id,
      ratingPlanId: row.rating_plan_id,
      direction: row.direction,
      activatesAt: parseInstant(row.activates_at),
      createdAt: parseInstant(row.created_at),
    })
    profiles.set(row.client_id, list)
  }
  return profiles
}
