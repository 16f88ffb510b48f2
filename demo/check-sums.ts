/**
 * Does everything add up? Reads what the service shows of each client, over HTTP, and holds it against itself and
 * against the switch's own book.
 */
import { Decimal, formatAmount, zero } from '../src/money.ts'
import type { BookedCall, SwitchBook } from './play-calls.ts'
import type { ServiceApi } from './service-api.ts'
import type { DemoClient } from './set-up-brand.ts'
import type { SipEngine } from './sip-engine.ts'

export interface Check {
  claim: string
  holds: boolean
  /** What was compared, or the first thing that differs. */
  detail: string
}

export interface ClientSums {
  client: DemoClient
  asked: number
  denied: number
  priced: number
  rejected: number
  spent: Decimal
  balance: Decimal
  limitReachedAt: string | null
}

export interface Reckoning {
  clients: ClientSums[]
  checks: Check[]
}

interface ShownCall {
  callId: string
  status: string
  price: string | null
  usageDay: string | null
  currency: string | null
}

interface Movement {
  kind: string
  amount: string
  seq: number
  balanceAfter: string
}

const factsDeadlineMs = 10_000

export async function checkSums(
  api: ServiceApi,
  engine: SipEngine,
  clients: readonly DemoClient[],
  book: SwitchBook,
): Promise<Reckoning> {
  const sums: ClientSums[] = []
  const faults = { balances: [], charges: [], usage: [], books: [] } as Record<string, string[]>
  const compared = { movements: 0, days: 0, booked: 0 }
  const fault = (what: string, sentence: string) => faults[what]?.push(sentence)

  for (const client of clients) {
    const path = `/v1/clients/${client.id}`
    const [calls, movements, account] = await Promise.all([
      api.list<ShownCall>(`${path}/calls`),
      api.list<Movement>(`${path}/balance-movements`),
      api.get<{ balance: string }>(`${path}/balance`),
    ])
    const priced = calls.filter(({ status }) => status === 'priced')
    const spent = sum(priced.map(({ price }) => price))
    const balance = new Decimal(account.balance)

    compared.movements += movements.length
    const moved = sum(movements.map(({ amount }) => amount))
    if (!moved.eq(balance)) fault('balances', `${client.name}: balance ${balance}, movements ${moved}`)
    const charged = sum(movements.filter(({ kind }) => ofCalls.has(kind)).map(({ amount }) => amount))
    if (!charged.negated().eq(spent)) fault('charges', `${client.name}: charged ${charged}, priced ${spent}`)

    let limitReachedAt: string | null = null
    for (const [day, amount] of sumByDay(priced)) {
      compared.days += 1
      const usage = await api.get<{ amount: string; limitReachedAt: string | null }>(
        `${path}/daily-usage?day=${day}`,
      )
      limitReachedAt ??= usage.limitReachedAt
      if (!amount.eq(usage.amount))
        fault('usage', `${client.name}, ${day}: ${usage.amount}, priced ${amount}`)
    }

    const booked = book.calls.filter(({ planned }) => planned.client === client)
    const shown = new Map(calls.map((call) => [call.callId, call]))
    for (const call of booked) {
      if (call.expected === null) continue
      compared.booked += 1
      const difference = compare(call.expected, shown.get(call.planned.callId))
      if (difference) fault('books', `${call.planned.callId}: ${difference}`)
    }
    sums.push({
      client,
      asked: booked.length,
      denied: booked.filter(({ denial }) => denial !== null).length,
      priced: priced.length,
      rejected: calls.filter(({ status }) => status === 'rejected').length,
      spent,
      balance,
      limitReachedAt,
    })
  }
  const facts = await compareFacts(engine, sums)
  const check = (claim: string, what: string, good: string): Check => {
    const [first, ...others] = faults[what] ?? []
    if (first === undefined) return { claim, holds: true, detail: good }
    return { claim, holds: false, detail: others.length > 0 ? `${first} (and ${others.length} more)` : first }
  }
  return {
    clients: sums,
    checks: [
      check('Balances are their movements', 'balances', `${compared.movements} movements`),
      check('Charges are the prices of calls', 'charges', `${count(sums, 'priced')} priced calls`),
      check('Usage is the prices by local day', 'usage', `${compared.days} days`),
      check("The switch's own book agrees", 'books', `${compared.booked} calls, each status and price`),
      facts,
      {
        claim: 'Repeated questions, one answer',
        holds: book.otherwiseAnswered === 0,
        detail: `${book.otherwiseAnswered} answered otherwise`,
      },
    ],
  }
}

const ofCalls = new Set(['charge', 'overrun', 'correction'])

function sum(amounts: readonly (string | null)[]): Decimal {
  return amounts.reduce((total: Decimal, amount) => total.plus(amount ?? '0'), zero)
}

function sumByDay(calls: readonly ShownCall[]): Map<string, Decimal> {
  const days = new Map<string, Decimal>()
  for (const { usageDay, price } of calls) {
    if (usageDay !== null) days.set(usageDay, (days.get(usageDay) ?? zero).plus(price ?? '0'))
  }
  return days
}

function compare(
  expected: NonNullable<BookedCall['expected']>,
  shown: ShownCall | undefined,
): string | undefined {
  if (!shown) return 'is not shown'
  if (shown.status !== expected.status) return `is ${shown.status}, expected ${expected.status}`
  const price = expected.price && formatAmount(expected.price)
  return shown.price === price ? undefined : `costs ${shown.price}, expected ${price}`
}

function count(sums: readonly ClientSums[], what: 'priced' | 'rejected'): number {
  return sums.reduce((total, one) => total + one[what], 0)
}

/** Facts follow the money by a moment. */
async function compareFacts(engine: SipEngine, sums: readonly ClientSums[]): Promise<Check> {
  const clientIds = new Set(sums.map(({ client }) => client.id))
  const expected = count(sums, 'priced') + count(sums, 'rejected')
  const heard = () =>
    engine.countFacts('billing.calls.priced', clientIds) +
    engine.countFacts('billing.calls.rejected', clientIds)
  const deadline = performance.now() + factsDeadlineMs
  while (heard() < expected && performance.now() < deadline) await new Promise((wait) => setTimeout(wait, 50))
  return {
    claim: 'Each priced or rejected call was told',
    holds: heard() === expected,
    detail: `${heard()} of ${expected} facts heard`,
  }
}
