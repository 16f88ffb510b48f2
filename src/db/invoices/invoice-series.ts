/**
 * The next number of a series. Its row is the last lock of an issue and is given back at the commit, so a number
 * exists exactly when its invoice does: 1, 2, 3 … however many issue at once, and whoever dies.
 */
import { findInstant, instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface SequenceRow {
  id: string
  brandId: string
  prefix: string
  width: number
  start: number
  resetYearly: boolean
}

export async function findSequence(tx: Sql, id: string): Promise<SequenceRow | undefined> {
  const [row] = await tx`
    select id, brand_id, prefix, width, start, reset_yearly
    from invoice_number_sequences
    where id = ${id}`
  return (
    row && {
      id: row.id,
      brandId: row.brand_id,
      prefix: row.prefix,
      width: row.width,
      start: Number(row.start),
      resetYearly: row.reset_yearly,
    }
  )
}

/**
 * Locks the sequence until the commit and answers what it gave last, in any year. The statements behind the lock see
 * what its holder before us wrote.
 */
export async function lockSequence(
  tx: Sql,
  id: string,
): Promise<{ sequence: SequenceRow | undefined; last: LastIssue }> {
  const [, sequence, last] = await Promise.all([
    tx`select 1 from invoice_number_sequences where id = ${id} for no key update`,
    findSequence(tx, id),
    findLastIssue(tx, id),
  ])
  return { sequence, last }
}

/** When the sequence gave its last number, in whatever year; nulls: it has given none. */
export interface LastIssue {
  at: number | null
  day: string | null
}

export async function findLastIssue(tx: Sql, sequenceId: string): Promise<LastIssue> {
  const [row] = await tx`
    select max(last_issued_at) as at, max(last_issue_day) as day
    from invoice_series
    where number_sequence_id = ${sequenceId}`
  return { at: findInstant(row?.at ?? null), day: row?.day ?? null }
}

/** The series stays locked until the commit. */
export async function takeNumber(
  tx: Sql,
  wanted: { sequenceId: string; year: number; start: number; issuedAt: number; issueDay: string },
): Promise<number> {
  const [row] = await tx`
    insert into invoice_series as series (number_sequence_id, year, last_number, last_issued_at, last_issue_day)
    values (${wanted.sequenceId}, ${wanted.year}, ${wanted.start}, ${instantText(wanted.issuedAt)},
            ${wanted.issueDay}::text::date)
    on conflict (number_sequence_id, year) do update
    set last_number = series.last_number + 1,
        last_issued_at = excluded.last_issued_at,
        last_issue_day = excluded.last_issue_day
    returning last_number`
  if (!row) throw new Error('a series gave no number')
  return Number(row.last_number)
}

/** The number before the next; null: none was given yet. */
export async function findLastNumber(
  tx: Sql,
  wanted: { sequenceId: string; year: number },
): Promise<number | null> {
  const [row] = await tx`
    select last_number
    from invoice_series
    where number_sequence_id = ${wanted.sequenceId}
      and year = ${wanted.year}`
  return row ? Number(row.last_number) : null
}
