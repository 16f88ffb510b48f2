/**
 * Does each brand count as many running calls as hold one of its slots?
 */
import { type Check, maxDifferences } from './check.ts'

export const brandSlots: Check = {
  id: 'I7',
  name: 'brand-slots',
  claim: "A brand's running calls are the calls that hold a slot of it.",
  over: 'everything',
  async find(sql) {
    const rows = await sql`
      select b.brand_id, b.running_calls, coalesce(c.slots, 0) as slots
      from brand_counters b
      left join (
        select brand_id, count(*) as slots
        from calls
        where status in ('authorized', 'started')
          and holds_brand_slot
        group by brand_id
      ) c on c.brand_id = b.brand_id
      where b.running_calls <> coalesce(c.slots, 0)
      limit ${maxDifferences}`
    return rows.map((row) => ({
      where: { brandId: row.brand_id },
      detail: `brand ${row.brand_id} counts ${row.running_calls} running calls, ${row.slots} calls hold a slot of it`,
    }))
  },
}
