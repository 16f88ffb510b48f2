/**
 * Events that could not be applied: kept with the reason and the raw body.
 */
import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { UndeliverableEvent } from '../../calls/call-messages.ts'
import { keptSince, type RecordAge } from '../clients/brand-retention.ts'
import { instantText } from '../columns.ts'
import type { Sql, Tx } from '../connection.ts'
import { deadLetters } from '../schema.ts'

export interface DeadLetter extends UndeliverableEvent {
  id: string
  /** Known where the event's client is. */
  brandId: string | null
  clientId: string | null
}

/** An event that stands there already, not yet sent again, is the same letter. */
export function appendDeadLetters(tx: Sql, given: readonly DeadLetter[]): Promise<unknown> {
  // In one order for all, so that no two batches wait for each other.
  const byDigest = new Map(given.map((letter) => [digestLetter(letter), letter]))
  const digests = [...byDigest.keys()].sort()
  const letters = digests.flatMap((digest) => byDigest.get(digest) ?? [])
  return tx`
    insert into dead_letters (id, brand_id, client_id, subject, reason, detail, body, received_at, deliveries,
                              digest)
    select id, brand_id::uuid, client_id::uuid, subject, reason, detail, body, received_at::timestamptz,
           deliveries::integer, digest
    from unnest(
      ${letters.map((letter) => letter.id)}::uuid[],
      ${letters.map((letter) => letter.brandId)}::text[],
      ${letters.map((letter) => letter.clientId)}::text[],
      ${letters.map((letter) => letter.delivery.subject)}::text[],
      ${letters.map((letter) => letter.reason)}::text[],
      ${letters.map((letter) => letter.detail)}::text[],
      ${letters.map((letter) => letter.delivery.body)}::text[],
      ${letters.map((letter) => instantText(letter.delivery.receivedAt))}::text[],
      ${letters.map((letter) => String(letter.delivery.deliveries))}::text[],
      ${digests}::text[]
    ) as given (id, brand_id, client_id, subject, reason, detail, body, received_at, deliveries, digest)
    on conflict (digest) where redriven_at is null do nothing`.execute()
}

/** Of two brands that send the same bytes each has a letter of its own. */
function digestLetter({ delivery: { brandId, subject, body } }: DeadLetter): string {
  return createHash('sha256')
    .update([brandId ?? '', subject, body].join('\u0000'))
    .digest('hex')
}

/** What a redrive needs; the row stays locked until the transaction ends. */
export async function lockDeadLetter(
  tx: Tx,
  id: string,
): Promise<{ subject: string; body: string; brandId: string | null } | undefined> {
  const [letter] = await tx
    .select({ subject: deadLetters.subject, body: deadLetters.body, brandId: deadLetters.brandId })
    .from(deadLetters)
    .where(eq(deadLetters.id, id))
    .for('update')
  return letter
}

export async function markRedriven(
  tx: Tx,
  { id, redrivenAt }: { id: string; redrivenAt: number },
): Promise<void> {
  await tx.update(deadLetters).set({ redrivenAt }).where(eq(deadLetters.id, id))
}

/** Removes those that are too old, at most so many; `open` of them were never redriven. */
export async function removeOldDeadLetters(
  sql: Sql,
  { max, ...age }: RecordAge & { max: number },
): Promise<{ count: number; open: number }> {
  const rows = await sql`
    delete from dead_letters
    where id in (
      select d.id
      from dead_letters d
      left join brands b on b.id = d.brand_id
      where d.received_at < ${keptSince(sql, age)}
      limit ${max}
    )
    returning redriven_at is null as is_open`
  return { count: rows.length, open: rows.filter((row) => row.is_open).length }
}
