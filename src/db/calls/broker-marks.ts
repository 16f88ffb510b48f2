/**
 * How far a worker has read a stream: written last in each batch, to notice a broker that lost what it acknowledged.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

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
