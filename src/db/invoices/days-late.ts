/**
 * How many days is invoice `i` late? Counted from its due day by the brand's calendar, `today.day`; 0 before the due day
 * is over for the client, too.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export function daysLate(sql: Sql, now: number) {
  return sql`case when i.due_at <= ${instantText(now)}::text::timestamptz then today.day - i.due_day else 0 end`
}
