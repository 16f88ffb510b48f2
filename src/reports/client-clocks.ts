/**
 * What do the clocks on the walls of clients show? For reports and lists, which show every instant and day in the zone that it
 * was counted in, whatever zone the client has now.
 */
import {
  type ClockSpans,
  type DayBounds,
  readZonesOfClients,
  type ZonesOfClients,
} from '../db/clients/client-clocks.ts'
import { instantText } from '../db/columns.ts'
import type { Sql } from '../db/connection.ts'
import { termsAt } from '../limits/client.ts'
import { clockSpans, startOfClientDay, type ZoneTerms, zoneOfClientDay } from '../limits/client-days.ts'
import { addDays } from '../rating/local-day.ts'
import { readInstantText } from './local-time.ts'
import type { Batches, Column, Row } from './report.ts'
import type { ReportRequest } from './report-request.ts'

export interface ClientScope {
  brandId: string | null
  clientId: string | null
}

/** What there is to know of a client for its clock. */
export interface ClientOfZones {
  id: string
  terms: readonly ZoneTerms[]
}

/** No movement was posted before: a clock is read day by day, and a longer range holds up others. */
export const firstMovement = Date.parse('2025-01-01T00:00:00Z')

export class ClientClocks {
  readonly #moved: ZonesOfClients['moved']
  /** By key: the name of a zone, or the id of a client. */
  readonly #terms = new Map<string, readonly ZoneTerms[]>()

  static async read(sql: Sql, scope: ClientScope): Promise<ClientClocks> {
    return new ClientClocks(await readZonesOfClients(sql, scope))
  }

  /** Of clients as configuration memory has them. */
  static of(clients: Iterable<ClientOfZones>): ClientClocks {
    const timeZones = new Set<string>()
    const moved: ZonesOfClients['moved'] = new Map()
    for (const { id, terms } of clients) {
      const [first, ...others] = changesOfZone(terms)
      if (first === undefined) continue
      if (others.length === 0) timeZones.add(first.timeZone)
      else moved.set(id, [first, ...others])
    }
    return new ClientClocks({ timeZones: [...timeZones], moved })
  }

  /** Of one client: by its id, whichever zone its row has by now. */
  static ofOne({ id, terms }: ClientOfZones): ClientClocks {
    return new ClientClocks({ timeZones: [], moved: new Map([[id, changesOfZone(terms)]]) })
  }

  constructor({ timeZones, moved }: ZonesOfClients) {
    this.#moved = moved
    for (const timeZone of timeZones) this.#terms.set(timeZone, [{ effectiveAt: 0, timeZone }])
    for (const [id, terms] of moved) this.#terms.set(id, terms)
  }

  get isEveryZoneStill(): boolean {
    return [...this.#moved.values()].every((terms) => terms.length === 1)
  }

  /** The zone in force for a client at an instant; undefined: the one it has now, which it always had. */
  zoneAt(clientId: string, at: number): string | undefined {
    const terms = this.#moved.get(clientId)
    return terms && termsAt(terms, at).timeZone
  }

  /** The days from `from` to the day before `to`; null: no limit. `timeZone` instead of each client's own. */
  bounds({
    from,
    to,
    timeZone,
  }: {
    from: string | null
    to: string | null
    timeZone: string | null
  }): DayBounds {
    const bounds: DayBounds = {
      keys: [],
      begins: [],
      ends: [],
      timeZones: [],
      moved: [...this.#moved.keys()],
    }
    for (const [key, own] of this.#terms) {
      const terms = timeZone === null ? own : [{ effectiveAt: 0, timeZone }]
      bounds.keys.push(key)
      bounds.begins.push(from === null ? '-infinity' : boundText(startOfClientDay(terms, from)))
      bounds.ends.push(to === null ? 'infinity' : boundText(startOfClientDay(terms, to)))
      bounds.timeZones.push(to === null ? latestZone(terms) : zoneOfClientDay(terms, addDays(to, -1)))
    }
    return bounds
  }

  /** Of all clients. Beyond the range the clocks go on as at its ends. */
  spans(range: { from: number; until: number }): ClockSpans {
    const spans: ClockSpans = {
      keys: [],
      begins: [],
      ends: [],
      offsetsMs: [],
      moved: [...this.#moved.keys()],
    }
    for (const [key, terms] of this.#terms) {
      for (const { from, until, offsetMs } of clockSpans(terms, range)) {
        spans.keys.push(key)
        spans.begins.push(from === range.from ? '-infinity' : instantText(from))
        spans.ends.push(until === range.until ? 'infinity' : instantText(until))
        spans.offsetsMs.push(offsetMs)
      }
    }
    return spans
  }

  /** The last millisecond of a day of a client that has this zone now. */
  endOfDay(client: { id: string; timeZone: string }, day: string): number {
    return startOfClientDay(this.termsOf(client), addDays(day, 1)) - 1
  }

  termsOf({ id, timeZone }: { id: string; timeZone: string }): readonly ZoneTerms[] {
    return this.#moved.get(id) ?? [{ effectiveAt: 0, timeZone }]
  }
}

/** As PostgreSQL takes it: it has no year 0, and RFC 3339 none of five digits. */
function boundText(at: number): string {
  if (at < firstInstant) return '-infinity'
  return at > lastInstant ? 'infinity' : instantText(at)
}

const firstInstant = Date.parse('0001-01-01T00:00:00Z')
const lastInstant = Date.parse('9999-12-31T23:59:59Z')

/** What movements by day need of a client's clock. */
export function daysOfClient(client: ClientOfZones, now: number) {
  const clocks = ClientClocks.ofOne(client)
  return {
    spans: clocks.spans({ from: firstMovement, until: now }),
    endOfDay: (day: string) => startOfClientDay(client.terms, addDays(day, 1)) - 1,
  }
}

/**
 * Rows of clients, each in the zone in force at the first of its instants in `instants` that it has, unless all are shown in one
 * zone. A row without `createdAt` sums a day up: it stands at the day's end, or now.
 */
export async function* inZoneThen(
  clocks: ClientClocks,
  { timeZone, now }: Pick<ReportRequest, 'timeZone' | 'now'>,
  columns: readonly Column[],
  batches: Batches,
): AsyncGenerator<readonly Row[], void, undefined> {
  const findColumn = (name: string) => columns.findIndex((column) => column.name === name)
  const [client, zone, day, created] = ['clientId', 'timeZone', 'day', 'createdAt'].map(findColumn) as [
    number,
    number,
    number,
    number,
  ]
  const instants = ['answeredAt', 'startedAt', 'createdAt'].map(findColumn).filter((place) => place >= 0)
  if (day < 0 && (clocks.isEveryZoneStill || timeZone !== null))
    return yield* batches as AsyncGenerator<readonly Row[], void>
  for await (const rows of batches) yield rows.map(shown)

  function shown(row: Row): Row {
    const id = String(row[client])
    const changed = [...row]
    if (day >= 0 && row[created] === null) {
      const end = clocks.endOfDay({ id, timeZone: String(row[zone]) }, String(row[day]))
      changed[created] = storedText(Math.min(now, end))
    }
    const place = instants.find((one) => changed[one] !== null)
    const then = place === undefined ? undefined : clocks.zoneAt(id, readInstantText(String(changed[place])))
    if (then !== undefined && timeZone === null) changed[zone] = then
    return changed
  }
}

/** As PostgreSQL writes an instant on a connection in UTC. */
function storedText(at: number): string {
  return instantText(at).replace('T', ' ').replace('Z', '+00')
}

/** Terms have versions for other things, too. */
function changesOfZone(terms: readonly ZoneTerms[]): ZoneTerms[] {
  return terms.filter(({ timeZone }, i) => timeZone !== terms[i - 1]?.timeZone)
}

function latestZone(terms: readonly ZoneTerms[]): string {
  return termsAt(terms, Number.POSITIVE_INFINITY).timeZone
}
