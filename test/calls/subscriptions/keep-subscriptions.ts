/**
 * Keeps one random book of subscriptions twice, in the service and naively, and throws where they differ: with everything that
 * happened until then, in words.
 */
import { randomUUID } from 'node:crypto'
import type postgres from 'postgres'
import { postMovement } from '../../../src/accounts/post-movement.ts'
import { openAllowancePeriods } from '../../../src/calls/allowances/open-allowance-periods.ts'
import { rerateNextCalls } from '../../../src/calls/re-rate/rerate-calls.ts'
import { waiveCall } from '../../../src/calls/settle/waive-call.ts'
import { insertReRating, takeFilteredCalls } from '../../../src/db/calls/re-ratings.ts'
import { noTerms } from '../../../src/invoices/invoice-terms.ts'
import { issueNewInvoice } from '../../../src/invoices/issue-invoice.ts'
import type { RatingProfile } from '../../../src/rating/tariff.ts'
import { newId } from '../../../src/uuid.ts'
import type { NaiveTariffs } from '../../../src/verify/naive-price.ts'
import { type Fraction, isZero, of, over, plus, text, zero } from '../../invoices/books/fraction.ts'
import { addDays } from '../../invoices/books/months.ts'
import { anEntry, aRate, aStep } from '../../rating/tariff-builders.ts'
import { anEvent, type CallDesk } from '../a-call-desk.ts'
import { dayOf, type NaiveDrawingCall, type NaivePlan, NaiveSubscriptions } from './naive-subscriptions.ts'
import type { RandomItem, SubscriptionBook, SubscriptionStep } from './random-subscriptions.ts'

const begin = Date.parse('2026-03-20T10:00:00Z')
const numbers = ['34600111222', '44700111222']

interface Kept {
  desk: CallDesk
  /** Plans are the API's to write. */
  owner: postgres.Sql
  book: SubscriptionBook
  brandId: string
  clientId: string
  books: NaiveSubscriptions
  plans: (NaivePlan & { id: string })[]
  tariffs: NaiveTariffs
  profiles: RatingProfile[]
  story: string[]
}

export async function keepSubscriptions(
  { desk, owner }: { desk: CallDesk; owner: postgres.Sql },
  book: SubscriptionBook,
): Promise<void> {
  desk.moveClock((begin - desk.now()) / 1000)
  const { method, timeZone, creditCents } = book
  const credit = inUnits(creditCents)
  const { brandId, clientId } = await desk.aCaller({
    billingMethod: method,
    timeZone,
    ...(method === 'prepaid' && { creditLimit: text(credit) }),
  })
  await owner`update clients set features = array['billing', 'invoices'] where id = ${clientId}`
  await owner`update rating_profiles set created_at = '2020-01-01Z' where client_id = ${clientId}`
  const kept: Kept = {
    ...{ desk, owner, book, brandId, clientId, plans: [] },
    books: new NaiveSubscriptions({ method, timeZone, credit }),
    tariffs: { decks: {}, plans: {} },
    profiles: [],
    story: [`a ${method} client in ${timeZone}, credit ${text(credit)}, id ${clientId}`],
  }
  addTariff(kept, { name: 'first', seconds: 1, activatesAt: '2000-01-01T00:00:00Z' })
  try {
    for (const step of book.steps) {
      if (!(await takeStep(kept, step))) continue
      await compareAll(kept)
    }
    if (method === 'postpaid') await compareInvoice(kept)
  } catch (error) {
    const story = kept.story.map((line, n) => `${n}. ${line}`).join('\n')
    throw new Error(`${story}\n=> ${(error as Error).stack}`, { cause: error })
  }
}

/** As `aPlan` of the desk writes it. */
function addTariff(
  { tariffs, profiles }: Kept,
  { name, seconds, activatesAt }: { name: string; seconds: number; activatesAt: string },
): void {
  const rates = [
    aRate({ prefix: '346', steps: [aStep({ rate: '0.06', incrementSeconds: seconds })] }),
    aRate({ prefix: '44', connectFee: '0.05', steps: [aStep({ rate: '0.12' })] }),
  ]
  tariffs.decks[name] = { rounding: { mode: 'up', decimals: 4 }, rates }
  tariffs.plans[name] = { entries: [anEntry(name)] }
  profiles.push({ ratingProfileId: name, ratingPlanId: name, activatesAt: Date.parse(activatesAt) })
}

/** Whether there was anything to do. */
async function takeStep(kept: Kept, step: SubscriptionStep): Promise<boolean> {
  const { desk, owner, books, clientId, story } = kept
  switch (step.do) {
    case 'wait':
      story.push(`${step.hours} hours later`)
      await wait(kept, step.hours * 3600)
      return true
    case 'subscribe':
      return subscribe(kept, step.subscription)
    case 'call':
      return step.hoursAgo === 0 ? runCall(kept, step) : lateCall(kept, step)
    case 'reject': {
      const callId = `rejected ${story.length}`
      story.push(`a call without a price, waived: ${callId}`)
      const at = desk.now() - 60_000
      await desk.settle(
        anEvent({
          ...{ kind: 'end', client: clientId, callId, to: '+51999111222' },
          ...{ startedAt: at, answeredAt: at, endedAt: at + 30_000 },
        }),
      )
      await waiveCall(desk.context, { clientId, callId, reason: 'test', actor: 'test' })
      return true
    }
    case 'top up': {
      story.push(`top-up of ${text(inUnits(step.cents))}`)
      await desk.context.db.transaction((tx) =>
        postMovement(tx, {
          ...{ clientId, kind: 'top-up', amount: text(inUnits(step.cents)), reference: null },
          ...{ actor: 'test', idempotencyKey: null, now: desk.now() },
        }),
      )
      books.balance = plus(books.balance, inUnits(step.cents))
      await open(kept)
      return true
    }
    case 'new version': {
      const plan = kept.plans[step.plan % kept.plans.length]
      if (!plan) return false
      const version = plan.versions.length + 1
      story.push(
        `version ${version} of plan ${kept.plans.indexOf(plan)}: fee ${step.fee}, ${inWords(step.items)}`,
      )
      await owner`
        insert into allowance_plan_versions (allowance_plan_id, version, effective_at, fee, items)
        values (${plan.id}, ${version}, ${new Date(desk.now()).toISOString()}, ${text(inUnits(step.fee))}::text::numeric,
                ${JSON.stringify(toItems(step.items))}::text::jsonb)`
      plan.versions.push({ at: desk.now(), fee: inUnits(step.fee), items: step.items })
      await desk.refresh()
      return true
    }
    case 'new increments': {
      // What was priced before was priced without it.
      await wait(kept, 1)
      const name = `increments ${kept.profiles.length}`
      story.push(`calls to 346 by ${step.seconds} s, for re-ratings too`)
      const ratingPlanId = await desk.aPlan(kept.brandId, {
        steps: [aStep({ rate: '0.06', incrementSeconds: step.seconds })],
      })
      const activatesAt = new Date(
        Date.parse('2026-01-01T00:00:00Z') + kept.profiles.length * 1000,
      ).toISOString()
      await desk.sql`
        insert into rating_profiles (id, client_id, rating_plan_id, activates_at, created_at)
        values (${randomUUID()}, ${clientId}, ${ratingPlanId}, ${activatesAt}, ${new Date(desk.now()).toISOString()})`
      addTariff(kept, { name, seconds: step.seconds, activatesAt })
      await desk.refresh()
      return true
    }
    case 'rerate':
      return rerate(kept, step)
  }
}

async function wait(kept: Kept, seconds: number): Promise<void> {
  kept.desk.moveClock(seconds)
  await open(kept)
}

/** As the clock sets it off, and each top-up. */
async function open({ desk, books, clientId }: Kept): Promise<void> {
  await openAllowancePeriods(desk.context, { clientId, at: desk.now() })
  books.open(desk.now())
}

async function subscribe(
  kept: Kept,
  {
    plan: wanted,
    begins,
    days,
    quantity,
    prorate,
  }: Extract<SubscriptionStep, { do: 'subscribe' }>['subscription'],
): Promise<boolean> {
  const { desk, owner, book, books, brandId, clientId } = kept
  const plan = {
    id: randomUUID(),
    period: wanted.period,
    versions: [{ at: Date.parse('2020-01-01T00:00:00Z'), fee: inUnits(wanted.fee), items: wanted.items }],
  }
  const [first] = plan.versions
  const items = JSON.stringify(toItems(wanted.items))
  const fee = text(first?.fee ?? zero)
  await owner`
    insert into allowance_plans (id, brand_id, name, currency, period, fee, items)
    values (${plan.id}, ${brandId}, ${plan.id}, 'EUR', ${plan.period}, ${fee}::text::numeric, ${items}::text::jsonb)`
  await owner`
    insert into allowance_plan_versions (allowance_plan_id, version, effective_at, fee, items)
    values (${plan.id}, 1, '2020-01-01T00:00:00Z', ${fee}::text::numeric, ${items}::text::jsonb)`
  const today = dayOf(desk.now(), book.timeZone)
  const from = addDays(today, book.method === 'prepaid' ? begins : -begins)
  const subscription = {
    id: randomUUID(),
    ...{ plan, from, to: days === 0 ? null : addDays(from, days), quantity, prorate },
  }
  await owner`
    insert into client_allowances (id, client_id, allowance_plan_id, from_day, to_day, quantity, prorate, created_at, next_period_at)
    values (${subscription.id}, ${clientId}, ${plan.id}, ${from}, ${subscription.to}, ${quantity}, ${prorate},
            ${new Date(begin + books.subscriptions.length * 1000).toISOString()}, now())`
  kept.story.push(
    `subscription ${books.subscriptions.length} ${from} to ${subscription.to}, ${quantity} × a ${plan.period} at ${fee}${prorate ? ', prorated' : ''}: ${inWords(wanted.items)}`,
  )
  kept.plans.push(plan)
  books.subscriptions.push(subscription)
  await desk.refresh()
  await open(kept)
  return true
}

type CallStep = Extract<SubscriptionStep, { do: 'call' }>

/** Granted, and over when the clock has moved on, whatever began meanwhile. */
async function runCall(kept: Kept, { destination, seconds }: CallStep): Promise<boolean> {
  const { desk, book, clientId } = kept
  // Where a fee falls due while money is held it may have to wait: books of running calls are those of who pays later.
  if (book.method === 'prepaid') return false
  const callId = `call ${kept.books.calls.length}`
  const to = `+${numbers[destination]}`
  const { allowed } = await desk.authorize({ client: clientId, callId, to })
  if (!allowed) throw new Error(`${callId} was denied`)
  const at = desk.now()
  const leg = { client: clientId, callId, to, startedAt: at, answeredAt: at }
  await desk.settle(anEvent({ kind: 'start', ...leg }))
  await wait(kept, seconds)
  await desk.settle(anEvent({ kind: 'end', ...leg, endedAt: desk.now() }))
  rate(kept, { callId, destination, answeredAt: at, seconds })
  return true
}

/** Its end comes late. */
async function lateCall(kept: Kept, { destination, seconds, hoursAgo }: CallStep): Promise<boolean> {
  const { desk, clientId } = kept
  const callId = `call ${kept.books.calls.length}`
  const at = desk.now() - hoursAgo * 3_600_000 - seconds * 1000
  await desk.settle(
    anEvent({
      ...{ kind: 'end', client: clientId, callId, to: `+${numbers[destination]}` },
      ...{ startedAt: at, answeredAt: at, endedAt: at + seconds * 1000 },
    }),
  )
  rate(kept, { callId, destination, answeredAt: at, seconds })
  return true
}

function rate(
  { books, tariffs, profiles, story }: Kept,
  { destination, ...of }: { callId: string; destination: number; answeredAt: number; seconds: number },
): void {
  const to = numbers[destination] ?? ''
  story.push(`${of.callId} to ${to} of ${of.seconds} s at ${new Date(of.answeredAt).toISOString()}`)
  const call: NaiveDrawingCall = { ...of, to, price: zero, coveredSeconds: 0, draws: [] }
  books.calls.push(call)
  books.rate(call, tariffs, profiles)
}

async function rerate(
  kept: Kept,
  { hoursBack, isDryRun }: Extract<SubscriptionStep, { do: 'rerate' }>,
): Promise<boolean> {
  const { desk, books, clientId, story } = kept
  const from = desk.now() - hoursBack * 3_600_000
  const id = newId()
  const filter = { clientId, from }
  story.push(`calls since ${new Date(from).toISOString()} ${isDryRun ? 'as if rated' : 'rated'} anew`)
  await desk.context.db.transaction(async (tx) => {
    const order = { id, brandId: null, request: { filter }, actor: 'a clerk', createdAt: desk.now() }
    await insertReRating(tx, { ...order, dryRun: isDryRun })
    await takeFilteredCalls(tx, { id, filter })
  })
  while ((await rerateNextCalls(desk.context, id)) > 0);
  const meant = books.calls
    .filter(({ answeredAt }) => answeredAt >= from)
    .sort((one, other) => one.answeredAt - other.answeredAt || (one.callId < other.callId ? -1 : 1))
  const before = meant.map((call) => ({ call, ...call }))
  const { balance } = books
  for (const call of meant) books.rate(call, kept.tariffs, kept.profiles)
  const rows = await desk.sql`
    select call_id, trim_scale(price_after)::text as price
    from re_rating_calls where re_rating_id = ${id} and call_id not like 'rejected%' order by number`
  equal(
    'prices of the re-rating',
    meant.map(({ callId, price }) => `${callId} ${text(price)}`),
    rows.map((row) => `${row.call_id} ${row.price}`),
  )
  if (!isDryRun) return true
  for (const { call, price, coveredSeconds, draws } of before)
    Object.assign(call, { price, coveredSeconds, draws })
  books.balance = balance
  return true
}

async function compareAll({ desk, books, clientId }: Kept): Promise<void> {
  const index = (id: string) => books.subscriptions.findIndex((one) => one.id === id)
  const periods = await desk.sql`
    select allowance_id, from_day, to_day, trim_scale(fee)::text as fee, fee_by, status, active_from
    from allowance_periods where client_id = ${clientId}`
  equal(
    'periods',
    books.periods
      .map(({ subscription, from, to, fee, by, status, activeFrom }) =>
        [index(subscription.id), from, to, text(fee), by, status, activeFrom].join(' '),
      )
      .sort(),
    periods
      .map(({ allowance_id, from_day, to_day, fee, fee_by, status, active_from }) =>
        [
          ...[index(allowance_id), from_day, to_day, fee, fee_by, status],
          active_from === null ? null : Date.parse(active_from),
        ].join(' '),
      )
      .sort(),
  )
  const items = await desk.sql`
    select i.allowance_id, i.from_day, i.name, trim_scale(i.amount)::text as amount,
           trim_scale(i.rolled_over)::text as rolled_over, trim_scale(i.used)::text as used,
           trim_scale(i.reserved)::text as reserved
    from allowance_items i join client_allowances a on a.id = i.allowance_id where a.client_id = ${clientId}`
  equal(
    'items: amount, rolled over, used, reserved',
    books.periods
      .flatMap((period) =>
        period.items.map((item) => {
          const sums = [item.given, books.handedTo(period, item), books.usedOf(period, item), zero].map(text)
          return [index(period.subscription.id), period.from, item.name, ...sums].join(' ')
        }),
      )
      .sort(),
    items
      .map((row) =>
        [
          index(row.allowance_id),
          row.from_day,
          row.name,
          row.amount,
          row.rolled_over,
          row.used,
          row.reserved,
        ].join(' '),
      )
      .sort(),
  )
  const calls = await desk.sql`
    select call_id, trim_scale(price)::text as price, coalesce(covered_seconds, 0) as covered, allowances
    from calls where client_id = ${clientId} and call_id not like 'rejected%'`
  equal(
    'calls: price, covered, drawn',
    books.calls
      .map(({ callId, price, coveredSeconds, draws }) => {
        const drawn = draws.filter(({ amount }) => !isZero(amount))
        return [
          ...[callId, text(price), coveredSeconds],
          ...drawn
            .map(({ period, item, amount }) =>
              drawText(index(period.subscription.id), period.from, item.name, amount),
            )
            .sort(),
        ].join(' ')
      })
      .sort(),
    calls
      .map((row) =>
        [
          ...[row.call_id, row.price, row.covered],
          ...readDraws(row.allowances)
            .filter(({ amount }) => Number(amount) !== 0)
            .map((draw) => drawText(index(draw.allowanceId), draw.from, draw.item, of(draw.amount)))
            .sort(),
        ].join(' '),
      )
      .sort(),
  )
  const { balance, reserved } = await desk.account(clientId)
  equal('balance, reserved', [text(books.balance), '0'], [balance, reserved])
}

interface WrittenDraw {
  allowanceId: string
  from: string
  item: string
  amount: string
}

const readDraws = (draws: unknown): WrittenDraw[] =>
  (typeof draws === 'string' ? JSON.parse(draws) : draws) ?? []
const drawText = (place: number, from: string, item: string, amount: Fraction) =>
  `[${place} ${from} ${item} ${text(amount)}]`

/** Who pays later finds the fees of all periods that have begun on one invoice: days of a plan on one line. */
async function compareInvoice({ desk, books, book, brandId, clientId }: Kept): Promise<void> {
  const numberSequenceId = randomUUID()
  await desk.sql`
    insert into invoice_number_sequences (id, brand_id, name, prefix, width)
    values (${numberSequenceId}, ${brandId}, 'main', '', 4)`
  const to = dayOf(desk.now(), book.timeZone)
  const issued = await issueNewInvoice(
    { sql: desk.sql, clock: desk.now, onCommitted: () => {} },
    {
      ...{
        clientId,
        numberSequenceId,
        terms: noTerms,
        actor: 'test',
        scope: { brandId: null, clientId: null },
      },
      period: { from: '2026-01-01', to },
    },
  )
  const lines = new Map<string, Fraction>()
  for (const { subscription, from, fee } of books.periods) {
    if (from >= to || isZero(fee)) continue
    const place = books.subscriptions.indexOf(subscription)
    const line = subscription.plan.period === 'day' ? `${place}` : `${place} ${from}`
    lines.set(line, plus(lines.get(line) ?? zero, fee))
  }
  equal(
    'fees on the invoice',
    [...lines.values()].map(text).sort(),
    issued.lines
      .filter(({ kind, net }) => kind === 'fixed-cost' && !net.isZero())
      .map(({ net }) => net.toFixed())
      .sort(),
  )
}

const inUnits = (cents: number): Fraction => over(of(cents), of(100))

const toItems = (items: readonly RandomItem[]) =>
  items.map((item, place) => ({
    ...item,
    name: `item ${place}`,
    amount: item.unit === 'money' ? String(item.amount) : item.amount,
  }))

const inWords = (items: readonly RandomItem[]): string =>
  items
    .map(
      ({ unit, amount, prefixes, coversConnectFee, rollover, weight }) =>
        `${amount} ${unit} for ${prefixes.join(' ')}${coversConnectFee ? '' : ' without fee'}${rollover ? ', rolled over' : ''}, weight ${weight}`,
    )
    .join('; ') || 'no items'

function equal(what: string, naive: readonly string[], shown: readonly string[]): void {
  const [ours, theirs] = [naive, shown].map((value) => JSON.stringify(value))
  if (ours !== theirs) throw new Error(`${what}\n   naive   ${ours}\n   service ${theirs}`)
}
