/**
 * The next number of a series. Its row is the last lock of an issue and is given back at the commit, so a number
 * exists exactly when its invoice does: 1, 2, 3 … however many issue at once, and whoever dies.
 */
import { instantText, parseInstant } from '../columns.ts'
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

/** Locks the series until the commit. Numbers follow time: the instant answered is never before the last one's. */
export async function takeNumber(
  tx: Sql,
  wanted: { sequenceId: string; year: number; start: number; now: number },
): Promise<{ number: number; issuedAt: number }> {
  const [row] = await tx`
    insert into invoice_series as series (number_sequence_id, year, last_number, last_issued_at)
    values (${wanted.sequenceId}, ${wanted.year}, ${wanted.start}, ${instantText(wanted.now)})
    on conflict (number_sequence_id, year) do update
    set last_number = series.last_number + 1,
        last_issued_at = greatest(series.last_issued_at, excluded.last_issued_at)
    returning last_number, last_issued_at`
  if (!row) throw new Error('a series gave no number')
  return { number: Number(row.last_number), issuedAt: parseInstant(row.last_issued_at) }
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
