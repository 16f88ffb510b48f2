/**
 * What legs hold of an item of an allowance that were granted from leases and have not begun: their calls, which would tell
 * it, are not there yet.
 */

/** SQL, by the names that a query has for `allowance_periods` and `allowance_items`. */
export function heldByGrants({ period, item }: { period: string; item: string }): string {
  return `coalesce((
    select sum((draw ->> 'amount')::numeric)
    from lease_grants g
    cross join jsonb_array_elements(g.held_allowances) draw
    where g.client_id = ${period}.client_id
      and g.held_allowances is not null
      and draw ->> 'allowanceId' = ${item}.allowance_id::text
      and draw ->> 'from' = ${item}.from_day::text
      and draw ->> 'item' = ${item}.name
  ), 0)`
}
