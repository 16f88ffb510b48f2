/**
 * The floor under a settlement: fetches the stream, writes for each event the rows that a priced call leaves (call
 * with explanation, movement, rollup, daily usage, fact, account) with `unnest()`, commits, acks. No rules, no
 * clients looked up, no price: all of it is the same made-up call.
 */
import { connect, type JsMsg } from 'nats'
import type { Sql } from '../src/db/connection.ts'
import { natsOptions } from '../src/events/nats-url.ts'
import { newId } from '../src/uuid.ts'
import type { SettleOrder } from './settle-order.ts'

interface EndEvent {
  callId: string
  client: string
  from: string
  to: string
  startedAt: string
  answeredAt: string
  endedAt: string
}

const price = 0.05
const day = new Date().toISOString().slice(0, 10)
const explanation = JSON.stringify([1, 'x'.repeat(240)])
const digest = '0'.repeat(32)
const workers = 2

/** Seconds from the first fetch to the last ack. */
export async function settleBarely(order: SettleOrder, sql: Sql): Promise<number> {
  const broker = await connect(natsOptions(order.natsUrl))
  const consumer = await broker.jetstream().consumers.get('CALLS', 'tollgate')
  let left = order.events
  const startedAt = performance.now()
  const work = async () => {
    while (left > 0) {
      const messages: JsMsg[] = []
      const fetched = await consumer.fetch({ max_messages: order.batchSize, expires: 1000 })
      for await (const message of fetched) messages.push(message)
      if (messages.length === 0) continue
      await write(sql, order, messages)
      for (const message of messages) message.ack()
      left -= messages.length
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  await broker.flush()
  const seconds = (performance.now() - startedAt) / 1000
  await broker.close()
  return seconds
}

async function write(sql: Sql, order: SettleOrder, messages: readonly JsMsg[]): Promise<void> {
  const events = messages.map((message): EndEvent => JSON.parse(message.string()))
  const clientIds = events.map(({ client }) => client)
  const payers = [...new Set(clientIds)].sort()
  const now = new Date().toISOString()
  const tx = await sql.reserve()
  try {
    const begun = tx`begin`.execute()
    const accounts = await tx`
      select client_id, balance, seq from accounts where client_id = any(${payers}::uuid[]) order by client_id for update`
    await begun
    const balances = new Map(
      accounts.map((row) => [row.client_id, { balance: Number(row.balance), seq: Number(row.seq) }]),
    )
    const usage = new Map<string, number>()
    const rollups = new Map<string, { clientId: string; destination: string; calls: number }>()
    const movements = events.map((event) => {
      const account = balances.get(event.client)
      if (!account) throw new Error('an event of nobody')
      account.balance -= price
      account.seq += 1
      usage.set(event.client, (usage.get(event.client) ?? 0) + price)
      const destination = order.destinations[event.to] ?? ''
      const key = `${event.client} ${destination}`
      const rollup = rollups.get(key)
      if (rollup) rollup.calls += 1
      else rollups.set(key, { clientId: event.client, destination, calls: 1 })
      return { seq: account.seq, balance: account.balance.toFixed(4), key, destination }
    })
    const keys = [...rollups.keys()].sort()
    const sums = keys.map((key) => rollups.get(key)).filter((sum) => sum !== undefined)
    const rollupRows = await tx`
      insert into call_rollups (id, client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds,
                                amount)
      select id, client_id, ${order.ratingPlanId}::uuid, ${day}::date, destination, calls::integer, calls::integer * 60, calls::integer * 60,
             calls::integer * ${String(price)}::numeric
      from unnest(${sums.map(() => newId())}::uuid[], ${sums.map(({ clientId }) => clientId)}::uuid[],
                  ${sums.map(({ destination }) => destination)}::text[], ${sums.map(({ calls }) => String(calls))}::text[])
        as given (id, client_id, destination, calls)
      on conflict (client_id, day, destination) where invoice_id is null and not freed do update
      set calls = call_rollups.calls + excluded.calls,
          duration_seconds = call_rollups.duration_seconds + excluded.duration_seconds,
          billed_seconds = call_rollups.billed_seconds + excluded.billed_seconds,
          amount = call_rollups.amount + excluded.amount
      returning id`
    const rollupIds = new Map(keys.map((key, i) => [key, rollupRows[i]?.id as string]))
    const text = (values: readonly (string | number)[]) => values.map(String)
    await Promise.all([
      tx`
        insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized,
                           started_at, answered_at, ended_at, end_digest, cause, flags, duration_seconds,
                           billed_seconds, price, currency, destination, prefix, rating_plan_id, rating_profile_id,
                           rate_deck_id, usage_day, rollup_id, explanation, created_at, settled_at)
        select client_id, call_id, ${order.ratingPlanId}::uuid, 'priced', 'outbound', from_number, to_number,
               substr(to_number, 2), started_at::timestamptz, answered_at::timestamptz, ended_at::timestamptz,
               ${digest}, 16, '{no_start}', 60, 60, ${String(price)}::numeric, 'EUR', destination, '346',
               ${order.ratingPlanId}::uuid, ${order.ratingPlanId}::uuid, ${order.rateDeckId}::uuid, ${day}::date,
               rollup_id, ${explanation}, ${now}::timestamptz, ${now}::timestamptz
        from unnest(${clientIds}::uuid[], ${events.map(({ callId }) => callId)}::text[],
                    ${events.map(({ from }) => from)}::text[], ${events.map(({ to }) => to)}::text[],
                    ${events.map(({ startedAt }) => startedAt)}::text[],
                    ${events.map(({ answeredAt }) => answeredAt)}::text[],
                    ${events.map(({ endedAt }) => endedAt)}::text[],
                    ${movements.map(({ destination }) => destination)}::text[],
                    ${movements.map(({ key }) => rollupIds.get(key) ?? '')}::uuid[])
          as given (client_id, call_id, from_number, to_number, started_at, answered_at, ended_at, destination,
                    rollup_id)`,
      tx`
        insert into movements (client_id, seq, id, kind, source, amount, balance_after, currency, call_id, actor,
                               created_at)
        select client_id, seq::bigint, id, 'charge', 'call:' || call_id, ${String(-price)}::numeric,
               balance_after::numeric, 'EUR', call_id, 'system', ${now}::timestamptz
        from unnest(${clientIds}::uuid[], ${text(movements.map(({ seq }) => seq))}::text[],
                    ${events.map(() => newId())}::uuid[], ${movements.map(({ balance }) => balance)}::text[],
                    ${events.map(({ callId }) => callId)}::text[])
          as given (client_id, seq, id, balance_after, call_id)`,
      tx`
        insert into daily_usage (client_id, brand_id, day, amount, reserved, warned_percent)
        select client_id, ${order.ratingPlanId}::uuid, ${day}::date, amount::numeric, 0, 0
        from unnest(${payers}::uuid[], ${payers.map((id) => (usage.get(id) ?? 0).toFixed(4))}::text[])
          as given (client_id, amount)
        on conflict (client_id, day) do update set amount = daily_usage.amount + excluded.amount`,
      tx`
        insert into outbox (id, subject, body, created_at)
        select id, 'billing.calls.priced.' || client_id, body, ${now}::timestamptz
        from unnest(${events.map(() => newId())}::uuid[], ${clientIds}::text[],
                    ${events.map((event, i) => factOf(event, order, movements[i]?.destination ?? '', now))}::text[])
          as given (id, client_id, body)`,
      tx`
        update accounts set balance = given.balance::numeric, seq = given.seq::bigint
        from unnest(${payers}::uuid[], ${payers.map((id) => (balances.get(id)?.balance ?? 0).toFixed(4))}::text[],
                    ${payers.map((id) => String(balances.get(id)?.seq))}::text[]) as given (client_id, balance, seq)
        where accounts.client_id = given.client_id`,
      tx`commit`,
    ])
  } finally {
    tx.release()
  }
}

/** As long as the fact of a real call. */
function factOf(event: EndEvent, order: SettleOrder, destination: string, now: string): string {
  const id = newId()
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: '/tollgate',
    type: 'billing.calls.priced',
    subject: event.client,
    time: now,
    datacontenttype: 'application/json',
    data: {
      ...event,
      clientId: event.client,
      toNormalized: event.to.slice(1),
      durationSeconds: 60,
      billedSeconds: 60,
      status: 'priced',
      reason: null,
      price: String(price),
      currency: 'EUR',
      destination,
      prefix: '346',
      ratingPlanId: order.ratingPlanId,
      ratingProfileId: order.ratingPlanId,
      rateDeckId: order.rateDeckId,
      usageDay: day,
      invoiceId: null,
      labels: {},
      engine: null,
      engineRef: null,
      sipCallId: null,
      forwardedFrom: null,
      toClientId: null,
      fromClientId: null,
      special: false,
      internal: false,
      cause: 16,
      sipCode: null,
      endedBy: null,
      flags: ['no_start'],
      destinationChanged: false,
      authorizedAt: null,
      expiresAt: null,
      maxDurationSeconds: null,
      createdAt: now,
      settledAt: now,
    },
  })
}
