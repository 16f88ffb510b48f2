/**
 * How far a worker has read a stream: written last in each batch, to notice a broker that lost what it acknowledged.
 */
import type { ISql } from 'postgres'
import { instantText } from '../columns.ts'
import type { Db, Sql } from '../connection.ts'

export function writeBrokerMark(
  tx: Sql,
  mark: { stream: string; worker: string; streamCreatedAt: string; highSeq: number; highEventDigest: string },
  now: number,
): Promise<unknown> {
  return tx`
    insert into broker_marks (stream, worker, stream_created_at, high_seq, high_event_digest, updated_at)
    values (${mark.stream}, ${mark.worker}, ${mark.streamCreatedAt}, ${mark.highSeq}, ${mark.highEventDigest},
            ${instantText(now)})
    on conflict (stream, worker) do update
    set stream_created_at = excluded.stream_created_at,
        high_seq = excluded.high_seq,
        high_event_digest = excluded.high_event_digest,
        updated_at = excluded.updated_at
    where broker_marks.high_seq < excluded.high_seq
       or broker_marks.stream_created_at <> excluded.stream_created_at`.execute()
}

export interface StoredBrokerMark {
  worker: string
  streamCreatedAt: string
  highSeq: number
  highEventDigest: string
}

/** What was settled last, for who compares it with the broker. */
export function openBrokerMarks({ $client: sql }: Db, stream: string) {
  return {
    list: () => listBrokerMarks(sql, stream),
    /** One replica at a time; batches that write marks go on. `forget` holds when `work` has resolved. */
    async putRight(
      work: (marks: { list(): Promise<StoredBrokerMark[]>; forget(): Promise<void> }) => Promise<void>,
    ): Promise<void> {
      await sql.begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(hashtext('broker_marks'))`
        await work({
          list: () => listBrokerMarks(tx, stream),
          // They tell of events that are gone; the next batches write new ones.
          forget: async () => void (await tx`delete from broker_marks where stream = ${stream}`),
        })
      })
    },
  }
}

/** The highest first; more than a few are never needed. */
export async function listBrokerMarks(sql: ISql, stream: string): Promise<StoredBrokerMark[]> {
  const rows = await sql<(Omit<StoredBrokerMark, 'highSeq'> & { highSeq: string })[]>`
    select worker, stream_created_at as "streamCreatedAt", high_seq as "highSeq",
           high_event_digest as "highEventDigest"
    from broker_marks
    where stream = ${stream}
    order by high_seq desc
    limit 20`
  return rows.map((row) => ({ ...row, highSeq: Number(row.highSeq) }))
}
