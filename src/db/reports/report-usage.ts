/**
 * Usage in groups: calls, seconds and amounts by client, destination, country, day, month, hour or label.
 *
 * Clients, destinations, countries, days and months are read from sums, a few rows a day; hours and labels only the calls
 * know. Calls nobody answered are in no sum: they are counted from the calls by an index of their own. Sums of
 * different currencies stand in rows of their own. Calls of one direction are asked for; inbound ones are those that were
 * charged, and have no country.
 *
 * Calls whose details were removed stay in the sums: the rollup has them, those nobody answered were counted when they
 * went. Hours and labels of theirs are not known any more, nor the countries of those nobody answered: they stand in a row
 * without.
 *
 * Calls settled before countries were kept have none; theirs is told from the first digits of their numbers
 * (`countries`), and they are read one by one where clients have any (`hasCallsWithoutCountry`).
 */
import { type ClockSpans, clockSpans, keyOfClient } from '../clients/client-clocks.ts'
import type { Sql } from '../connection.ts'
import type { ReportQuery } from './report-rows.ts'

export type UsageGroup =
  | { by: 'client' | 'destination' | 'country' | 'day' | 'month' | 'hour' }
  | { by: 'label'; name: string }

export interface UsageReportQuery {
  groups: readonly UsageGroup[]
  brandId: string | null
  clientId: string | null
  /** Local days, half open; null: no limit. */
  from: string | null
  to: string | null
  destination: string | null
  direction: 'outbound' | 'inbound'
  label: { name: string; value: string } | null
  /** Of calls without a country: the first digits of their numbers, `countryDigits` of them, and whose they are. */
  countries: { digits: string; country: string }[]
  countryDigits: number
  /** Clocks of the clients, for the hour; null: it is not asked for. */
  spans: ClockSpans | null
  /** Answered calls without a country are among them. */
  hasCallsWithoutCountry: boolean
  withAmounts: boolean
}

/**
 * Columns in order: those of the groups (two for `client`: id and name), currency, calls, answered,
 * durationSeconds, billedSeconds, amount (unless left out), asrPercent, acdSeconds.
 */
export function reportUsage(query: UsageReportQuery): ReportQuery {
  return (sql) => {
    const isRolledUp = query.label === null && query.groups.every(({ by }) => by !== 'hour' && by !== 'label')
    const parts = query.groups.flatMap((group) => groupParts(sql, group))
    const selected = parts.reduce((list, part) => sql`${list}${part}, `, sql``)
    const places = sql.unsafe(Array.from({ length: parts.length + 1 }, (_, index) => index + 1).join(', '))
    return sql`
      select ${selected} u.currency,
             sum(u.calls) as calls, sum(u.answered) as answered,
             sum(u.duration_seconds) as duration_seconds, sum(u.billed_seconds) as billed_seconds,
             ${query.withAmounts ? sql`sum(u.amount) as amount,` : sql``}
             round(100 * sum(u.answered)::numeric / sum(u.calls), 2) as asr_percent,
             round(sum(u.duration_seconds)::numeric / nullif(sum(u.answered), 0), 1) as acd_seconds
      from (${isRolledUp ? fromRollup(sql, query) : fromCalls(sql, query)}) u
      group by ${places}
      having sum(u.calls) <> 0
      order by ${places}`
  }
}

function groupParts(sql: Sql, group: UsageGroup) {
  switch (group.by) {
    case 'client':
      return [sql`u.client_id`, sql`u.client_name`]
    case 'month':
      return [sql`to_char(u.day, 'YYYY-MM')`]
    case 'label':
      return [sql`u.labels ->> ${group.name}::text`]
    default:
      return [sql`${sql.unsafe(`u.${group.by}`)}`]
  }
}

/**
 * Clients first, as a list of their own: the planner takes a brand for one client, and left alone it would read the
 * rollup of a year anew for each of them. Grouped by no more than is asked: a thousand clients share one row of a day.
 * Days become months where few rows are left, unless each client's destination has a row a day.
 */
function fromRollup(sql: Sql, query: UsageReportQuery) {
  const by = (group: UsageGroup['by']) => query.groups.some((one) => one.by === group)
  const isOutbound = query.direction === 'outbound'
  const isByCountry = by('country') && isOutbound
  const { destination } = columnsOfRollups(query)
  const isByMonthAtOnce = by('month') && !by('day') && by('client') && by('destination')
  const columns = (day: string, destination: string, country: string) => {
    const dayOrMonth = isByMonthAtOnce ? `date_trunc('month', ${day}::timestamp)::date` : day
    return sql.unsafe(
      [
        by('client') ? 'o.id' : 'null::uuid',
        'o.currency',
        by('day') || by('month') ? dayOrMonth : 'null::date',
        by('destination') ? destination : 'null::text',
        by('country') ? country : 'null::text',
      ].join(', '),
    )
  }
  return sql`
    with o as materialized (
      select id, name, currency, billing_method
      from clients
      where true
        ${query.brandId === null ? sql`` : sql`and brand_id = ${query.brandId}`}
        ${query.clientId === null ? sql`` : sql`and id = ${query.clientId}`}
    ), s (client_id, currency, day, destination, country, calls, answered, duration_seconds, billed_seconds, amount) as (
      select ${columns('r.day', destination, isByCountry ? "nullif(r.country, '')" : 'null::text')}, sum(r.calls), sum(r.calls),
             sum(r.duration_seconds), sum(r.billed_seconds), sum(r.amount)
      from o
      join ${sql.unsafe(isByCountry ? 'country_rollups' : 'call_rollups')} r on r.client_id = o.id
      where ${sql.unsafe(destination)} is not null ${filter(sql, query, columnsOfRollups(query))}
      group by 1, 2, 3, 4, 5
      ${isOutbound ? unansweredCalls(sql, query, columns) : sql``}
      ${isByCountry && query.hasCallsWithoutCountry ? callsWithoutCountry(sql, query, columns) : sql``}
    )
    select s.*, o.name as client_name
    from s
    left join o on o.id = s.client_id`
}

type ColumnsOf = (day: string, destination: string, country: string) => ReturnType<Sql['unsafe']>

/** Calls that nobody answered, and what is left of them. */
function unansweredCalls(sql: Sql, query: UsageReportQuery, columns: ColumnsOf) {
  const isByCountry = query.groups.some(({ by }) => by === 'country')
  return sql`
      union all
      select ${columns('k.usage_day', 'k.destination', countryOfCall)}, count(*), 0, 0, 0, 0
      from o
      join all_calls k on k.client_id = o.id
      ${isByCountry ? countriesOfDigits(sql, query) : sql``}
      where ${unanswered(sql)} and o.billing_method <> 'none' ${filter(sql, query, columnsOfCalls)}
      group by 1, 2, 3, 4, 5
      union all
      select ${columns('r.day', "nullif(r.destination, '')", 'null::text')}, sum(r.calls), 0, 0, 0, 0
      from o
      join unanswered_rollups r on r.client_id = o.id
      where o.billing_method <> 'none' ${filter(sql, query, columnsOfRollups(query))}
      group by 1, 2, 3, 4, 5`
}

/** Answered calls that are in no sum by country, and what is left of them. */
function callsWithoutCountry(sql: Sql, query: UsageReportQuery, columns: ColumnsOf) {
  return sql`
    union all
    select ${columns('k.usage_day', 'k.destination', 'n.country')}, count(*), count(*), sum(k.duration_seconds),
           sum(k.billed_seconds), sum(k.price)
    from o
    join all_calls k on k.client_id = o.id
    ${countriesOfDigits(sql, query)}
    where k.rollup_id is not null and k.direction = 'outbound' and k.country is null ${filter(sql, query, columnsOfCalls)} ${heardSince(sql, query)}
    group by 1, 2, 3, 4, 5
    union all
    select ${columns('k.usage_day', 'r.destination', 'null::text')}, count(*), count(*), sum(k.duration_seconds),
           sum(k.billed_seconds), sum(k.price)
    from o
    join calls_without_details k on k.client_id = o.id
    join call_rollups r on r.id = k.rollup_id
    where r.destination is not null and k.country is null
      ${filter(sql, query, { ...columnsOfRemoved(query), brandId: null })}
    group by 1, 2, 3, 4, 5`
}

/** Clients are joined from the left for the planner's sake, as in report-calls.ts. */
function fromCalls(sql: Sql, query: UsageReportQuery) {
  const isByCountry = query.groups.some(({ by }) => by === 'country')
  const { spans } = query
  return sql`
    select o.id as client_id, o.name as client_name, o.currency, k.usage_day as day, k.destination, k.labels,
           ${spans === null ? sql`null` : sql`extract(hour from coalesce(k.answered_at, k.started_at) + z.ahead)::integer`} as hour,
           ${sql.unsafe(isByCountry ? countryOfCall : 'null')} as country,
           1 as calls, (k.rollup_id is not null)::integer as answered, k.duration_seconds, k.billed_seconds,
           coalesce(k.price, 0) as amount
    from all_calls k
    left join clients o on o.id = k.client_id
    ${
      spans === null
        ? sql``
        : sql`left join ${clockSpans(sql, spans)} z
                on z.key = ${keyOfClient(sql, spans, 'o')}
                and coalesce(k.answered_at, k.started_at) >= z.begins and coalesce(k.answered_at, k.started_at) < z.ends`
    }
    ${isByCountry ? countriesOfDigits(sql, query) : sql``}
    where k.direction = ${query.direction}
      and (k.rollup_id is not null or ${unanswered(sql)} and o.billing_method <> 'none')
      ${filter(sql, query, columnsOfCalls)} ${heardSince(sql, query)}
      ${
        query.label === null
          ? fromRemoved(sql, query)
          : sql`and k.labels ->> ${query.label.name}::text = ${query.label.value}`
      }`
}

/** What is left of calls whose details are gone. */
function fromRemoved(sql: Sql, query: UsageReportQuery) {
  const names = columnsOfRemoved(query)
  const unansweredNames = { ...names, day: 'k.day', destination: 'k.destination' }
  return sql`
    union all
    select o.id, o.name, o.currency, k.usage_day, ${sql.unsafe(names.destination)}, null, null, nullif(k.country, ''),
           1, 1, k.duration_seconds, k.billed_seconds, k.price
    from calls_without_details k
    join call_rollups r on r.id = k.rollup_id
    left join clients o on o.id = k.client_id
    where ${sql.unsafe(names.destination)} is not null ${filter(sql, query, names)}
    ${
      query.direction === 'inbound'
        ? sql``
        : sql`
    union all
    select o.id, o.name, o.currency, k.day, nullif(k.destination, ''), null, null, null, k.calls, 0, 0, 0, 0
    from unanswered_rollups k
    left join clients o on o.id = k.client_id
    where o.billing_method <> 'none' ${filter(sql, query, unansweredNames)}`
    }`
}

/** k: the call, n: `countriesOfDigits`. */
const countryOfCall = "nullif(coalesce(k.country, n.country), '')"

function countriesOfDigits(sql: Sql, { countries, countryDigits }: UsageReportQuery) {
  return sql`
    left join unnest(
      ${countries.map(({ digits }) => digits)}::text[],
      ${countries.map(({ country }) => country)}::text[]
    ) n (digits, country) on k.country is null and n.digits = left(k.to_normalized, ${countryDigits})`
}

/** The first digits of calls without a country. `of`: which of them the report reads one by one. */
export function listCalledDigits(query: UsageReportQuery, of: 'all' | 'unanswered'): ReportQuery {
  return (sql) => sql`
    select distinct left(k.to_normalized, ${query.countryDigits})
    from all_calls k
    where (${of === 'all' ? sql`k.rollup_id is not null or` : sql``} ${unanswered(sql)})
      and k.country is null and k.to_normalized is not null
      ${filter(sql, query, columnsOfCalls)} ${of === 'all' ? heardSince(sql, query) : sql``}`
}

/** One row where clients have answered calls that no sum by country has. */
export function findCallsWithoutCountry(query: UsageReportQuery): ReportQuery {
  const sums = (sql: Sql, table: string, sign: string) => sql`
    select r.client_id, ${sql.unsafe(sign)} sum(r.calls) as calls
    from o
    join ${sql.unsafe(table)} r on r.client_id = o.id
    where r.destination is not null ${filter(sql, query, columnsOfRollups(query))}
    group by 1`
  return (sql) => sql`
    with o as materialized (
      select id
      from clients
      where true
        ${query.brandId === null ? sql`` : sql`and brand_id = ${query.brandId}`}
        ${query.clientId === null ? sql`` : sql`and id = ${query.clientId}`}
    )
    select client_id
    from (
      ${sums(sql, 'call_rollups', '+')}
      union all
      ${sums(sql, 'country_rollups', '-')}
    ) both_sums
    group by 1
    having sum(calls) <> 0
    limit 1`
}

/** For the index alone: nothing is heard of a call that is to be answered more than a month later. */
function heardSince(sql: Sql, { from }: UsageReportQuery) {
  return from === null ? sql`` : sql`and k.created_at >= ${from}::text::date - interval '33 days'`
}

/** Calls that would have been charged, had somebody answered and if their client is charged at all. */
function unanswered(sql: Sql) {
  return sql`(k.status = 'unanswered' and k.direction = 'outbound' and not k.special and not k.internal)`
}

const columnsOfCalls = {
  brandId: 'k.brand_id',
  clientId: 'k.client_id',
  day: 'k.usage_day',
  destination: 'k.destination',
}

/** r: the sum by destination; it has none in the other direction. */
const destinationOfRollup = ({ direction }: UsageReportQuery) =>
  direction === 'outbound' ? 'r.destination' : 'r.inbound_destination'

const columnsOfRemoved = (query: UsageReportQuery) => ({
  brandId: 'o.brand_id',
  clientId: 'k.client_id',
  day: 'k.usage_day',
  destination: destinationOfRollup(query),
})

const columnsOfRollups = (query: UsageReportQuery) => ({
  brandId: null,
  clientId: 'r.client_id',
  day: 'r.day',
  destination: destinationOfRollup(query),
})

function filter(
  sql: Sql,
  query: UsageReportQuery,
  names: Record<'clientId' | 'day' | 'destination', string> & { brandId: string | null },
) {
  const { brandId, clientId, from, to, destination } = query
  return sql`
    ${brandId === null || names.brandId === null ? sql`` : sql`and ${sql.unsafe(names.brandId)} = ${brandId}`}
    ${clientId === null ? sql`` : sql`and ${sql.unsafe(names.clientId)} = ${clientId}`}
    ${from === null ? sql`` : sql`and ${sql.unsafe(names.day)} >= ${from}::text::date`}
    ${to === null ? sql`` : sql`and ${sql.unsafe(names.day)} < ${to}::text::date`}
    ${destination === null ? sql`` : sql`and ${sql.unsafe(names.destination)} = ${destination}`}`
}
