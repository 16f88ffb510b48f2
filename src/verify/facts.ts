/**
 * Has each charged or rejected call, each limit reached and each issued invoice left its fact?
 *
 * Facts are kept for seven days after they were published, so only what was written within the last days can be
 * looked for: two of them, six with every day (`--all`). A call that was priced again is asked for the fact of its first
 * result; one whose details were removed cannot be asked.
 */
import { type Check, maxDifferences } from './check.ts'

/** Less than the week for which published facts are kept. */
const maxDays = 6
const usualDays = 2

export const facts: Check = {
  id: 'I10',
  name: 'facts',
  claim:
    'Each call priced or rejected, limit reached and invoice issued in the last days has its fact in the outbox.',
  over: 'everything',
  async find(sql, { before }) {
    const days = before === null ? maxDays : usualDays
    const rows = await sql`
      with told as materialized (
        select split_part(subject, '.', 2) || '.' || split_part(subject, '.', 3) as type,
               split_part(subject, '.', 4) as client_id, body::json -> 'data' as data
        from outbox
        where created_at >= now() - make_interval(days => ${days + 1})
          and subject ~ '^billing[.](calls[.](priced|rejected)|usage[.]limit-reached|invoices[.]issued)[.]'
      ), named as materialized (
        select split_part(type, '.', 1) as about, client_id,
               coalesce(data ->> 'callId', data ->> 'day', data ->> 'number') as name
        from told
      ), expected as (
        select 'calls' as about, client_id::text as client_id, call_id as name
        from all_calls
        where settled_at >= now() - make_interval(days => ${days})
          and (status in ('priced', 'rejected') or (status = 'lost-end' and price <> 0))
        union all
        select 'usage', client_id::text, day::text
        from daily_usage
        where limit_told_at >= now() - make_interval(days => ${days})
        union all
        select 'invoices', client_id::text, number
        from invoices
        where status <> 'draft'
          and issued_at >= now() - make_interval(days => ${days})
      )
      select about, client_id, name
      from expected
      where not exists (
        select from named
        where named.about = expected.about
          and named.client_id = expected.client_id
          and named.name = expected.name
      )
      limit ${maxDifferences}`
    const words: Record<string, (name: string) => string> = {
      calls: (name) => `call ${name}`,
      usage: (day) => `the limit reached on ${day}`,
      invoices: (number) => `invoice ${number}`,
    }
    return rows.map(({ about, client_id, name }) => ({
      where: {
        clientId: client_id,
        [about === 'calls' ? 'callId' : about === 'usage' ? 'day' : 'number']: name,
      },
      detail: `${words[about]?.(name)} of client ${client_id} has no fact in the outbox`,
    }))
  },
}
