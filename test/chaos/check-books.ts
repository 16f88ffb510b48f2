/**
 * Did every acknowledged event come to exactly one end, and do the books add up to the last unit?
 *
 * Believes the journal of what was sent, the rows of the database and what the broker stores; no counter of the service.
 * Prices are reckoned by whole seconds and one rate, without the service's code. `verifyBooks` is asked beside it.
 */
import { connect } from 'nats'
import postgres from 'postgres'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { billingStream, callsConsumer, callsStream } from '../../src/events/streams.ts'
import { Decimal } from '../../src/money.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { until } from '../until.ts'
import type { ChaosServers } from './chaos-servers.ts'
import { checkInvoices, type WantedInvoices } from './check-invoices.ts'
import type { Journal, SentEvent } from './journal.ts'
import type { Race } from './race-for-money.ts'
import { ratePerSecond } from './shop.ts'

export interface Checked {
  id: string
  claim: string
  /** How many things were looked at. */
  looked: number
  faults: string[]
}

interface CallRow {
  client_id: string
  call_id: string
  status: string
  answered_ms: string | null
  ended_ms: string | null
  has_start: boolean
  has_end: boolean
  price: string | null
}

/** Nothing waits any more: no event, no fact, no reservation. Answers what still waits after a long time. */
export async function waitForQuiet(
  { writableUrl, natsUrl }: ChaosServers,
  timeoutMs = 180_000,
): Promise<string[]> {
  const sql = postgres(writableUrl(), { max: 1, onnotice: () => {} })
  const broker = await connect({ servers: natsUrl.split(','), timeout: 5000 })
  let waiting: string[] = []
  try {
    // What a replica had in hand that was killed is another's after five minutes, and a refused mail is tried again later.
    await sql`update mails set next_attempt_at = now() where status = 'pending'`
    await until(
      'nothing waits',
      async () => {
        waiting = await listWaiting(sql, broker).catch((error: unknown) => [String(error)])
        return waiting.length === 0
      },
      timeoutMs,
    )
    return []
  } catch {
    return waiting
  } finally {
    await broker.close()
    await sql.end()
  }
}

async function listWaiting(
  sql: postgres.Sql,
  broker: Awaited<ReturnType<typeof connect>>,
): Promise<string[]> {
  const manager = await broker.jetstreamManager()
  const consumer = await manager.consumers.info(callsStream, callsConsumer)
  const [row] = await sql`
    select (select count(*) from outbox where published_at is null) as facts,
           (select count(*) from mails where status = 'pending') as mails,
           (select count(*) from accounts where reserved <> 0 or running_calls <> 0) as holding`
  return [
    ...(consumer.num_pending + consumer.num_ack_pending > 0
      ? [`${consumer.num_pending} events wait, ${consumer.num_ack_pending} are not acknowledged`]
      : []),
    ...(Number(row?.facts) > 0 ? [`${row?.facts} facts have not left`] : []),
    ...(Number(row?.mails) > 0 ? [`${row?.mails} mails have not left`] : []),
    ...(Number(row?.holding) > 0 ? [`${row?.holding} accounts hold something`] : []),
  ]
}

export async function checkBooks({
  sql,
  databaseUrl,
  natsUrl,
  journal,
  waiting,
  complaints,
  race,
  invoices,
}: {
  sql: postgres.Sql
  databaseUrl: string
  natsUrl: string
  journal: Journal
  /** What `waitForQuiet` has found. */
  waiting: readonly string[]
  complaints: readonly string[]
  race: Race
  invoices: WantedInvoices
}): Promise<Checked[]> {
  const rows = await sql<CallRow[]>`
    select client_id, call_id, status, start_digest is not null as has_start, end_digest is not null as has_end,
           price::text as price, floor(extract(epoch from answered_at) * 1000)::text as answered_ms,
           floor(extract(epoch from ended_at) * 1000)::text as ended_ms
    from calls`
  const calls = new Map<string, CallRow[]>()
  for (const row of rows) {
    const key = `${row.client_id} ${row.call_id}`
    calls.set(key, [...(calls.get(key) ?? []), row])
  }
  const found = [
    await checkEvents(sql, journal, calls),
    checkKeys(journal, calls),
    await compare(sql, 'I3', 'a balance is the sum of its movements', sums.balances),
    await compare(
      sql,
      'I4',
      'movements are numbered without a gap and show the balance behind them',
      sums.chains,
    ),
    await compare(sql, 'I5', 'a call moves minus its price, each cause once', sums.callMovements),
    await compare(sql, 'I6', 'the usage of a day is the sum of its calls', sums.days),
    await compare(sql, 'I7', 'nothing is held when no call runs', sums.holdings),
    checkPrices(rows),
    ...(await checkInvoices(sql, invoices)),
    await checkFacts(natsUrl, rows),
    await compare(sql, 'I11', 'no balance is below zero but by a call that is marked', sums.overdrawn),
    checkRace(race),
    { id: 'I12', claim: 'nothing waits', looked: 1, faults: [...waiting] },
    { id: 'I13', claim: 'no replica crashed or ended by itself', looked: 1, faults: [...complaints] },
  ]
  const verified = await verify(databaseUrl)
  return [...found, verified]
}

/** Of each event: half of its call, a conflict, or a dead letter; one of them, once. */
async function checkEvents(
  sql: postgres.Sql,
  journal: Journal,
  calls: ReadonlyMap<string, CallRow[]>,
): Promise<Checked> {
  const count = (kept: readonly { body: string }[]) => {
    const byBody = new Map<string, number>()
    for (const { body } of kept) byBody.set(body, (byBody.get(body) ?? 0) + 1)
    return byBody
  }
  const conflicts = count(await sql<{ body: string }[]>`select body from call_conflicts`)
  const dead = count(await sql<{ body: string }[]>`select body from dead_letters where redriven_at is null`)
  const faults: string[] = []
  for (const event of journal.events.values()) {
    const halves = (calls.get(`${event.clientId} ${event.callId}`) ?? []).filter((row) => isHalf(row, event))
    const times = halves.length + (conflicts.get(event.body) ?? 0) + (dead.get(event.body) ?? 0)
    if (event.isAcked && times === 0) faults.push(`LOST ${event.body}`)
    if (times > 1) faults.push(`DOUBLED (${times}) ${event.body}`)
  }
  return { id: 'I1', claim: 'every event came to one end', looked: journal.events.size, faults }
}

function isHalf(row: CallRow, { kind, body, isPoison }: SentEvent): boolean {
  if (isPoison) return false
  if (kind === 'start') return row.has_start
  const { endedAt } = JSON.parse(body) as { endedAt: string }
  return row.has_end && Number(row.ended_ms) === Date.parse(endedAt)
}

function checkKeys(journal: Journal, calls: ReadonlyMap<string, CallRow[]>): Checked {
  const faults = [...calls].filter(([, rows]) => rows.length > 1).map(([key]) => `two rows of ${key}`)
  const ended = new Set<string>()
  for (const { clientId, callId, kind, isPoison, isAcked } of journal.events.values())
    if (kind === 'end' && !isPoison && isAcked) ended.add(`${clientId} ${callId}`)
  for (const key of ended) {
    const row = calls.get(key)?.[0]
    if (row?.status !== 'priced') faults.push(`${key} has ended and is ${row?.status ?? 'not there'}`)
  }
  return { id: 'I2', claim: 'a call has one row, and a price once it has ended', looked: calls.size, faults }
}

function checkPrices(rows: readonly CallRow[]): Checked {
  const faults: string[] = []
  for (const { call_id, price, answered_ms, ended_ms, status } of rows) {
    if (status !== 'priced') continue
    const seconds = (Number(ended_ms) - Number(answered_ms)) / 1000
    const wanted = new Decimal(ratePerSecond).times(seconds)
    if (price === null || !wanted.equals(price)) faults.push(`${call_id}: ${seconds} s cost ${price}`)
  }
  return { id: 'I8', claim: 'a price is the seconds times the rate', looked: rows.length, faults }
}

async function checkFacts(natsUrl: string, rows: readonly CallRow[]): Promise<Checked> {
  const broker = await connect({ servers: natsUrl.split(','), timeout: 5000 })
  const consumer = await broker
    .jetstream()
    .consumers.get(billingStream, { filterSubjects: 'billing.calls.priced.>' })
  const facts = new Map<string, Set<string>>()
  for (;;) {
    let fetched = 0
    for await (const message of await consumer.fetch({ max_messages: 500, expires: 2000 })) {
      fetched++
      const { id, subject, data } = message.json<{ id: string; subject: string; data: { callId: string } }>()
      const key = `${subject} ${data.callId}`
      facts.set(key, (facts.get(key) ?? new Set()).add(id))
    }
    if (fetched === 0) break
  }
  await broker.close()
  const faults: string[] = []
  for (const { client_id, call_id, status } of rows) {
    const ids = facts.get(`${client_id} ${call_id}`)?.size ?? 0
    if (ids !== (status === 'priced' ? 1 : 0)) faults.push(`${call_id} is ${status} and has ${ids} facts`)
  }
  return { id: 'I10', claim: 'each priced call was told once', looked: facts.size, faults }
}

function checkRace({ granted, payable }: Race): Checked {
  const faults = granted > payable ? [`${granted} legs were granted, ${payable} can be paid`] : []
  return { id: 'I11', claim: 'no more legs are granted than there is money for', looked: granted, faults }
}

/** Each finds what is wrong, one row for each, and says in `looked` how many there are. */
const sums = {
  balances: `
    select a.client_id || ': ' || a.balance || ', movements ' || coalesce(m.sum, 0) as fault
    from accounts a left join (select client_id, sum(amount) as sum from movements group by client_id) m using (client_id)
    where a.balance <> coalesce(m.sum, 0)`,
  chains: `
    select client_id || ' ' || seq as fault from (
      select client_id, seq, balance_after, row_number() over w as place, sum(amount) over w as sum
      from movements window w as (partition by client_id order by seq)) m
    where seq <> place or balance_after <> sum`,
  callMovements: `
    select c.client_id || ' ' || c.call_id || ': ' || coalesce(c.price, 0) || ', moved ' || coalesce(m.sum, 0) as fault
    from calls c left join (select client_id, call_id, sum(amount) as sum from movements
                            where call_id is not null group by client_id, call_id) m using (client_id, call_id)
    where coalesce(c.price, 0) <> -coalesce(m.sum, 0)
    union all
    select client_id || ' ' || kind || ' ' || source from movements group by client_id, kind, source having count(*) > 1`,
  days: `
    select client_id || ' ' || day || ': ' || amount || ', calls ' || coalesce(sum, 0) as fault
    from daily_usage u full join (
      select client_id, usage_day as day, sum(price) as sum from calls where price <> 0 group by client_id, usage_day) c
      using (client_id, day)
    where coalesce(amount, 0) <> coalesce(sum, 0)`,
  holdings: `
    select client_id || ' holds ' || reserved || ' and ' || running_calls || ' slots' as fault
    from accounts where reserved <> 0 or running_calls <> 0`,
  overdrawn: `
    select a.client_id || ': ' || a.balance as fault from accounts a join clients c on c.id = a.client_id
    where c.billing_method = 'prepaid' and a.balance < 0
      and not exists (select 1 from movements m where m.client_id = a.client_id and m.kind = 'overrun')`,
}

async function compare(sql: postgres.Sql, id: string, claim: string, text: string): Promise<Checked> {
  const rows = await sql.unsafe<{ fault: string }[]>(text)
  const [row] = await sql`select (select count(*) from movements) + (select count(*) from accounts) as count`
  return { id, claim, looked: Number(row?.count), faults: rows.map(({ fault }) => fault) }
}

async function verify(databaseUrl: string): Promise<Checked> {
  const db = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    connections: 2,
    statementTimeoutMs: 60_000,
  })
  const faults: string[] = []
  let looked = 0
  for await (const { check, differences } of verifyBooks(db, {
    from: null,
    before: null,
    pricesPerClient: null,
  })) {
    looked++
    faults.push(...differences.map(({ detail }) => `${check.id} ${detail}`))
  }
  await closeDatabase(db)
  return { id: 'verify', claim: '`tollgate verify --all` finds nothing', looked, faults }
}
