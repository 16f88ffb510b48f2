/**
 * Where do the calls of a rollup row stand? A row of calls says so itself. One that changes calls follows them: it says
 * where they stood when they changed, and where a credit note has freed them from there, they are where their own row is.
 */
import type { Fragment } from 'postgres'
import type { Sql } from '../connection.ts'

/**
 * Of the row `r`, one row: `invoice_id` (null: on none), `late_for_id` (the invoice at whose terms calls were charged that
 * came too late for it), `freed`, and `has_moved` where a row that changes calls says something else.
 */
export const standingOf = (tx: Sql): Fragment => tx`
  select case when r.changes_invoice_id is null then r.invoice_id
              when itself.id is null then r.changes_invoice_id
              else itself.invoice_id end as invoice_id,
         case when r.changes_invoice_id is null then r.corrects_invoice_id
              when itself.id is null then nullif(r.corrects_invoice_id, r.changes_invoice_id)
              else itself.corrects_invoice_id end as late_for_id,
         case when r.changes_invoice_id is null then r.freed else true end as freed,
         itself.id is not null as has_moved
  from (values (1)) as one
  left join lateral (${itself(tx)}) itself on true`

/** The row of the calls that `r` changes, where a note has freed them: of the same day and destination, else by a call. */
const itself = (tx: Sql): Fragment => tx`
  select b.id, b.invoice_id, b.corrects_invoice_id
  from freed_rollups f
  join call_rollups b on b.id = f.rollup_id
  cross join lateral (
    select b.day = r.day
      and b.destination is not distinct from r.destination
      and b.inbound_destination is not distinct from r.inbound_destination as is_same
  ) place
  where f.invoice_id = r.changes_invoice_id
    and b.client_id = r.client_id
    and b.changes_invoice_id is null
    and (place.is_same or exists (
      select 1
      from corrected_calls was
      where was.client_id = b.client_id
        and was.rollup_id = b.id
        and was.call_id in (
          select call_id from all_calls where client_id = r.client_id and rollup_id = r.id
          union all
          select call_id from corrected_calls where client_id = r.client_id and rollup_id = r.id
        )
    ))
  order by place.is_same desc,
           (b.corrects_invoice_id is null) = (r.corrects_invoice_id = r.changes_invoice_id) desc
  limit 1`
