/**
 * May a standby be read from, and how far is it behind?
 *
 * Each second the primary is asked how far it has written, and the place is kept with its instant. What a standby has
 * replayed is then as old as the newest place that it has reached: no clock of another machine is asked, and a standby
 * that gets nothing any more ages. One that is behind by more than allowed, away, or promoted is not read from.
 */
import { Gauge, type Registry } from 'prom-client'
import type { Db } from '../db/connection.ts'
import { reserve } from '../db/pool/pooled-sql.ts'
import type { Log } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import { repeat } from '../repeat.ts'
import { withinTime } from '../within-time.ts'

export interface Standby {
  /** null: read from the primary. The lag is at most that. */
  find(): Promise<{ db: Db; lagSeconds: number } | null>
  close(): Promise<void>
}

export interface StandbyContext {
  primary: Db
  /** Pool of the API's role. */
  standby: Db
  maxLagSeconds: number
  metrics: Registry
  log: Log
  everyMs?: number
}

interface WrittenPlace {
  at: number
  place: bigint
}

/** Whoever wants a report waits no longer for a standby before the primary is read. */
const answerTimeoutMs = 1000

export function openStandby(context: StandbyContext): Standby {
  const { primary, standby, maxLagSeconds, metrics, log, everyMs = 1000 } = context
  const maxLagMs = maxLagSeconds * 1000
  const written: WrittenPlace[] = []
  const unused = logOnce(log, 'standby_not_read', {
    message: 'reports are read from the primary: the standby is away or behind',
  })
  const watchedSince = performance.now()
  let lagMs: number | null = null

  /** null: not known yet. Throws where the standby is not to be read from. */
  async function measureLag(): Promise<number | null> {
    const replayed = await withinTime(readReplayedPlace(standby), answerTimeoutMs, () => {
      throw new Error(`the standby did not answer within ${answerTimeoutMs} ms`)
    })
    const now = performance.now()
    const reached = written.findLast(({ place }) => place <= replayed)
    const lag = now - (reached?.at ?? watchedSince)
    if (lag > maxLagMs) throw new Error(`the standby is behind by more than ${maxLagSeconds} s`)
    return reached === undefined ? null : lag
  }

  async function look(): Promise<number | null> {
    try {
      lagMs = await measureLag()
      unused.over()
    } catch (error) {
      lagMs = null
      unused.failed(error)
    }
    return lagMs
  }

  const looks = repeat('watch_standby', { log, everyMs }, async () => {
    const at = performance.now()
    const [row] = await primary.$client`select pg_current_wal_lsn()::text as place`
    written.push({ at, place: readPlace(String(row?.place)) })
    while (written[0] && at - written[0].at > maxLagMs + 2 * everyMs) written.shift()
    await look()
    return 0
  })
  new Gauge({
    name: 'tollgate_standby_lag_seconds',
    help: 'How far the standby of reports is behind, at most; NaN: it is not read from.',
    registers: [metrics],
    collect() {
      this.set(lagMs === null ? Number.NaN : lagMs / 1000)
    },
  })
  return {
    async find() {
      // Known to be away or behind: nobody waits to find that out again.
      const lag = lagMs === null ? null : await look()
      return lag === null ? null : { db: standby, lagSeconds: lag / 1000 }
    },
    close: () => looks.close(),
  }
}

async function readReplayedPlace(standby: Db): Promise<bigint> {
  const connection = await reserve(standby.$client)
  try {
    const [row] = await connection`
      select pg_is_in_recovery() as standby, pg_last_wal_replay_lsn()::text as replayed`
    if (row?.standby !== true) throw new Error('the standby is no standby any more')
    const place = readPlace(String(row.replayed))
    connection.release()
    return place
  } catch (error) {
    // After a promotion the next connection may find another standby among the hosts.
    connection.destroy('the standby cannot be used')
    throw error
  }
}

/** Two halves in hexadecimal, as in `16/B374D848`. */
function readPlace(text: string): bigint {
  const [high = '', low = ''] = text.split('/')
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)
}
