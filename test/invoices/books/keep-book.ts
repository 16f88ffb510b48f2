/**
 * Keeps one random book twice, in the service and by the naive biller, and throws where they differ: with everything
 * that happened until then, in words.
 */
import type { Answer } from '../../api/test-api.ts'
import type { OfficeClient } from '../office.ts'
import type { Desk } from './desk.ts'
import {
  compare,
  type Fraction,
  isZero,
  max,
  min,
  negated,
  of,
  over,
  plus,
  roundTo,
  sign,
  text,
  times,
  zero,
} from './fraction.ts'
import { addDays, addMonths, type Days, daysBetween } from './months.ts'
import { NaiveBooks, type NaiveInvoice } from './naive-books.ts'
import type { Line, NaiveCall, Sums, Tax, TaxGroup, Terms } from './naive-invoice.ts'
import { leftOf, type NaiveNote } from './naive-notes.ts'
import { type Book, currencies, type Step } from './random-books.ts'

const destinations = ['Spain mobile', 'France', 'Japan']
const of2 = of(2)

interface Kept {
  desk: Desk
  book: Book
  client: OfficeClient
  taxes: readonly Tax[]
  books: NaiveBooks
  /** Ids of the service's documents, by number. */
  ids: Map<string, string>
  /** First day on no period yet. */
  next: string
  /** Everything that happened, in words. */
  story: string[]
}

/** Answers the ids of the documents that were issued. */
export async function keepBook(desk: Desk, book: Book): Promise<string[]> {
  const { taxes: set, start, ...settings } = book.client
  const taxes = desk.taxSets[set % desk.taxSets.length] ?? []
  const { currency, billingMethod, pricesIncludeTax, autoAllocate } = settings
  const client = await desk.addClient({
    currency,
    billingMethod,
    taxIds: taxes.map(({ id }) => id),
    ...(pricesIncludeTax && { pricesIncludeTax }),
    ...(!autoAllocate && { autoAllocate }),
  })
  const next = addDays('2019-12-31', start)
  const kept: Kept = {
    desk,
    book,
    client,
    taxes,
    books: new NaiveBooks({ digits: currencies[currency], billingMethod, pricesIncludeTax, autoAllocate }),
    ids: new Map(),
    next,
    story: [
      `a ${billingMethod} client in ${currency}, taxes [${namesOf(taxes)}]${pricesIncludeTax ? ' in its prices' : ''}, autoAllocate ${autoAllocate}, id ${client.id}`,
    ],
  }
  try {
    for (const step of book.steps) {
      if (!(await takeStep(kept, step))) continue
      await compareMoney(kept)
    }
  } catch (error) {
    throw new Error(
      `${kept.story.map((line, n) => `${n}. ${line}`).join('\n')}\n=> ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
  return [...kept.ids.values()]
}

/** Whether there was anything to do. */
async function takeStep(kept: Kept, step: Step): Promise<boolean> {
  const { books } = kept
  const { digits } = books.setup
  const unit = of(digits === 0 ? '100' : '1')
  switch (step.do) {
    case 'call':
      return addCall(kept, step)
    case 'correct':
      return correctCall(kept, step)
    case 'invoice':
      return issue(kept, step)
    case 'credit':
      return credit(kept, step)
    case 'pay': {
      const invoice = pick(
        books.invoices.filter((one) => sign(books.dueOf(one)) > 0),
        step.invoice,
      )
      if (!invoice) return false
      const due = books.dueOf(invoice)
      const part = roundTo(over(due, of2), digits)
      if (step.fromBalance) {
        const amount = min(books.unallocated, step.share === 'part' ? part : due)
        if (sign(amount) <= 0) return false
        kept.story.push(`${text(amount)} of the balance for ${invoice.number}`)
        await pay(kept, invoice, { amount: text(amount), fromBalance: true })
        books.allocateTo(invoice, amount)
        return true
      }
      const amount = step.share === 'part' ? part : step.share === 'all' ? due : plus(due, times(unit, of(5)))
      if (sign(amount) <= 0) return false
      kept.story.push(`paid ${text(amount)} for ${invoice.number}, of which ${text(due)} is due`)
      books.pay(invoice, await pay(kept, invoice, { amount: text(amount), method: 'transfer' }), amount)
      return true
    }
    case 'reverse': {
      const made = books.invoices.flatMap((invoice) =>
        invoice.payments.map((payment) => ({ invoice, payment })),
      )
      const found = pick(
        made.filter(({ payment }) => !payment.isReversed && sign(payment.amount) > 0),
        step.payment,
      )
      if (!found) return false
      const { invoice, payment } = found
      kept.story.push(`payment of ${text(payment.amount)} for ${invoice.number} reversed`)
      await pay(kept, invoice, { amount: text(negated(payment.amount)), reversesPaymentId: payment.id })
      books.reverse(invoice, payment)
      return true
    }
    case 'pay out': {
      const invoice = pick(
        books.invoices.filter((one) => sign(books.dueOf(one)) < 0),
        step.invoice,
      )
      if (!invoice) return false
      const amount = step.isAll ? books.dueOf(invoice) : roundTo(over(books.dueOf(invoice), of2), digits)
      if (isZero(amount)) return false
      kept.story.push(`paid out ${text(amount)} of ${invoice.number}`)
      books.pay(invoice, await pay(kept, invoice, { amount: text(amount), method: 'transfer' }), amount)
      return true
    }
    case 'top up':
    case 'adjust': {
      const amount = over(of(step.amount), of(digits === 0 ? '1' : '100'))
      if (isZero(amount)) return false
      const kind = step.do === 'adjust' ? 'adjustment' : 'top-up'
      kept.story.push(`${kind} of ${text(amount)}`)
      await mustAnswer(kept, 'POST', `/v1/clients/${kept.client.id}/balance-movements`, {
        amount: text(amount),
        kind,
        reference: 'book',
      })
      books.move(amount)
      return true
    }
    case 'allocate':
      if (books.setup.autoAllocate === step.isOn) return false
      kept.story.push(`autoAllocate: ${step.isOn}`)
      await mustAnswer(kept, 'PATCH', `/v1/clients/${kept.client.id}`, { autoAllocate: step.isOn })
      books.setup.autoAllocate = step.isOn
      books.allocate()
      return true
  }
}

// Calls

async function addCall(kept: Kept, step: Extract<Step, { do: 'call' }>): Promise<boolean> {
  const { books, desk, client } = kept
  const call: NaiveCall = {
    callId: `c${books.calls.length}`,
    day: addDays(kept.next, step.day),
    destination: destinations[step.destination] ?? '',
    isInbound: step.isInbound,
    // EUR 0.001 to 99.999; JPY 0.1 to 9,999.9.
    price: over(of(step.price), of(books.setup.digits === 0 ? '10' : '1000')),
  }
  const way = call.isInbound ? 'received on' : 'to'
  kept.story.push(`call ${call.callId} of ${call.day} ${way} ${call.destination}: ${text(call.price)}`)
  await desk.office.call(client, {
    callId: call.callId,
    day: call.day,
    destination: call.destination,
    direction: call.isInbound ? 'inbound' : 'outbound',
    price: text(call.price),
  })
  books.call(call)
  return true
}

/** Late ends and re-ratings alike. */
async function correctCall(kept: Kept, step: Extract<Step, { do: 'correct' }>): Promise<boolean> {
  const { books, desk, client } = kept
  const call = pick(books.calls, step.call)
  if (!call) return false
  const price = over(of(step.price), of(books.setup.digits === 0 ? '10' : '1000'))
  if (compare(price, call.price) === 0) return false
  kept.story.push(`call ${call.callId} corrected from ${text(call.price)} to ${text(price)}`)
  await desk.office.correct(client, call.callId, { price: text(price), seconds: 30 })
  books.correct(call, price)
  return true
}

// Documents

async function issue(kept: Kept, step: Extract<Step, { do: 'invoice' }>): Promise<boolean> {
  const { books, desk, client } = kept
  const period = periodOf(kept, step.length)
  const terms = termsOf(kept, step, period)
  kept.story.push(`invoice of ${period.from} to ${period.to}${inWords(kept, terms)}`)
  const sent = {
    clientId: client.id,
    numberSequenceId: desk.sequenceId,
    ...period,
    ...(terms.taxes === kept.taxes ? {} : { taxIds: terms.taxes.map(({ id }) => id) }),
    fixedCosts: terms.fixedCosts.map(({ cost, quantity, span }) => ({
      fixedCostId: cost.id,
      quantity,
      ...span,
    })),
    discounts: terms.discounts.map((discount, index) => ({ description: `Discount ${index}`, ...discount })),
    minimumMonthlyAmount: terms.minimum,
  }
  const draft = await mustAnswer(kept, 'POST', '/v1/invoices', sent)
  compareSums(books.preview(terms), draft, 'draft')
  const issued = await mustAnswer(kept, 'POST', `/v1/invoices/${draft.id}/issue`)
  kept.story[kept.story.length - 1] += `: ${issued.number}`
  const invoice = books.issue(issued.number, terms, (lines) => arranged(lines, issued.lines))
  compareSums(invoice, issued, 'invoice')
  kept.ids.set(issued.number, issued.id)
  if (period.to > kept.next) kept.next = period.to
  return true
}

function periodOf(kept: Kept, length: number): Days {
  const credited = kept.books.invoices.filter(({ isCredited }) => isCredited)
  const again = pick(credited, length)?.terms.period
  const isFree =
    again &&
    kept.books.invoices.every(
      ({ isCredited, terms: { period } }) => isCredited || period.to <= again.from || again.to <= period.from,
    )
  const from = kept.next
  switch (length % 10) {
    case 4:
      return { from, to: addMonths(from, 2) }
    case 5:
    case 6:
      return { from, to: addDays(from, (length % 37) + 1) }
    case 7:
      return { from, to: addDays(addMonths(from, 1), (length % 11) + 1) }
    case 8:
    case 9:
      if (isFree) return again
  }
  return { from, to: addMonths(from, 1) }
}

function termsOf(kept: Kept, step: Extract<Step, { do: 'invoice' }>, period: Days): Terms {
  const { desk, book } = kept
  const costs = desk.fixedCosts[book.client.currency]
  const days = daysBetween(period)
  return {
    period,
    taxes: step.taxes % 4 === 0 ? (desk.taxSets[step.taxes % desk.taxSets.length] ?? []) : kept.taxes,
    fixedCosts: step.fixedCosts.flatMap(({ cost: place, quantity, span }) => {
      const cost = pick(costs, place)
      if (!cost) return []
      const from = addDays(period.from, span % days)
      const own =
        cost.prorate && span % 3 === 0
          ? { from, to: addDays(from, 1 + (span % daysBetween({ from, to: period.to }))) }
          : null
      return [{ cost, quantity: String(quantity), span: own }]
    }),
    discounts: step.discounts.map(({ kind, size }) =>
      kind === 'amount' ? { amount: String(size) } : { percent: String(size) },
    ),
    minimum: step.minimum % 4 === 0 ? String(1 + (step.minimum % 120)) : null,
  }
}

async function credit(kept: Kept, step: Extract<Step, { do: 'credit' }>): Promise<boolean> {
  const { books } = kept
  const invoice = pick(
    books.invoices.filter(({ isCredited, lines }) => !isCredited && lines.length > 0),
    step.invoice,
  )
  if (!invoice) return false
  // Some lines may not give back more than is left of the whole.
  if (step.how === 'some lines' && invoice.costs.some((cost) => sign(cost) < 0)) return false
  const lines =
    step.how === 'all' || sign(invoice.total) <= 0
      ? null
      : invoice.lines.flatMap(({ kind }, index) => {
          const left = leftOf(invoice, index)
          if (kind === 'discount' || isZero(left)) return []
          if (step.how === 'every line') return [{ index, quantity: null }]
          const choice = step.lines[index % step.lines.length] ?? 0
          if (
            choice === 0 ||
            kind === 'correction' ||
            kind === 'late-calls' ||
            sign(invoice.costs[index] ?? zero) <= 0
          )
            return []
          const part = over(left, of2)
          return [{ index, quantity: choice === 2 || text(part).length > 8 ? null : part }]
        })
  if (lines?.length === 0) return false
  const inStory = lines?.map(({ index, quantity }) => (quantity ? `${index} × ${text(quantity)}` : index))
  kept.story.push(
    `credit ${invoice.number}, ${inStory ? `lines ${inStory.join(', ')}` : 'all'}, rebill ${step.rebill}`,
  )
  const note = await mustAnswer(kept, 'POST', `/v1/invoices/${kept.ids.get(invoice.number)}/credit-notes`, {
    ...(lines && {
      lines: lines.map(({ index, quantity }) => ({ index, ...(quantity && { quantity: text(quantity) }) })),
    }),
    ...(step.rebill === null ? {} : { rebill: step.rebill }),
  })
  // To name all that is left is to credit it all; it is the whole invoice where no note did before.
  const isAll = step.how === 'every line'
  const isFirst = invoice.credited.quantities.length === 0
  const rebill = step.rebill ?? (isAll && lines ? isFirst : null)
  compareNote(books.credit(invoice, { lines: isAll ? null : lines, rebill }), note)
  kept.ids.set(note.number, note.id)
  return true
}

/** Answers the payment's id. */
async function pay(kept: Kept, invoice: NaiveInvoice, body: object): Promise<string> {
  const path = `/v1/invoices/${kept.ids.get(invoice.number)}/payments`
  const answer = await mustAnswer(kept, 'POST', path, body)
  return answer.payments.at(-1)?.id ?? ''
}

// Comparing

function compareSums(naive: Sums, shown: ShownInvoice, what: string): void {
  equal(`${what}'s lines`, naiveLines(naive.lines), shownLines(shown.lines))
  equal(`${what}'s taxes`, naiveTaxes(naive.taxes), shownTaxes(shown.taxes))
  equal(`${what}'s net, tax, total`, [naive.net, naive.tax, naive.total].map(text), [
    shown.net,
    shown.tax,
    shown.total,
  ])
}

function compareNote(naive: NaiveNote, shown: ShownInvoice): void {
  equal("note's taxes", naiveTaxes(naive.taxes), shownTaxes(shown.taxes))
  equal("note's net, tax, total", [naive.net, naive.tax, naive.total].map(text), [
    shown.net,
    shown.tax,
    shown.total,
  ])
}

async function compareMoney(kept: Kept): Promise<void> {
  const { books, client } = kept
  const shown = await mustAnswer(kept, 'GET', `/v1/clients/${client.id}/balance`)
  equal('balance, unbilled', [books.balance, books.unbilled].map(text), [shown.balance, shown.unbilled])
  const { data } = await mustAnswer(kept, 'GET', `/v1/clients/${client.id}/invoices?limit=500`)
  const issued = (data as ShownInvoice[]).filter(
    ({ kind, status }) => kind === 'invoice' && status !== 'draft',
  )
  equal(
    "invoices' status, due",
    books.invoices
      .map((invoice) => `${invoice.number} ${books.statusOf(invoice)} ${text(books.dueOf(invoice))}`)
      .sort(),
    issued
      .map(
        ({ number, status, amountDue }) =>
          `${number} ${status === 'overdue' ? 'issued' : status} ${amountDue}`,
      )
      .sort(),
  )
  equal('invoicedUnpaid', text(books.invoicedUnpaid), shown.invoicedUnpaid)
  const open = issued.map(({ amountDue }) => max(zero, of(amountDue)))
  const unallocated = plus(of(shown.balance), of(shown.unbilled), ...open)
  if (sign(unallocated) > 0 && books.setup.autoAllocate && open.some((due) => sign(due) > 0))
    throw new Error(`${text(unallocated)} is unallocated beside open invoices`)
}

interface ShownLine {
  kind: string
  description: string
  quantity: string
  net: string
}
interface ShownInvoice {
  kind: string
  status: string
  number: string
  lines: ShownLine[]
  taxes: {
    category: string
    rate: string
    reason: string | null
    base: string
    amount: string
    name: string
  }[]
  net: string
  tax: string
  total: string
  amountDue: string
}

const nameOf = ({ kind, subject }: Pick<Line, 'kind' | 'subject'>) =>
  kind === 'late-calls' || kind === 'correction' ? `at the terms of ${subject}` : `${kind} ${subject}`

function shownNameOf({ kind, description }: ShownLine): string {
  const destination = destinations.find((name) => description.includes(name))
  if ((kind === 'calls' || kind === 'earlier-calls') && destination)
    return `${kind} ${description.includes('received') ? 'received ' : ''}${destination}`
  if (kind === 'discount') return `${kind} ${description.replace('Discount ', '')}`
  if (kind === 'fixed-cost') return `${kind} ${description}`
  if (kind === 'minimum') return `${kind} `
  return `at the terms of ${/B-\d{6}/.exec(description)?.[0]}`
}

const naiveLines = (lines: readonly Line[]) =>
  joined(lines.map((line) => ({ name: nameOf(line), net: line.net })))
const shownLines = (lines: readonly ShownLine[]) =>
  joined(lines.map((line) => ({ name: shownNameOf(line), net: of(line.net) })))

/** The naive lines in the order of the document, so that a note may name them. */
function arranged(lines: readonly Line[], shown: readonly ShownLine[]): Line[] {
  const left = new Set(lines)
  const take = (name: string, isMeant: (line: Line) => boolean) => {
    const found = [...left].find((line) => nameOf(line) === name && isMeant(line))
    if (found) left.delete(found)
    return found
  }
  const placed = shown.map((one): Line => {
    const name = shownNameOf(one)
    const quantity = of(one.quantity)
    const line = take(name, ({ net }) => compare(net, of(one.net)) === 0) ?? take(name, () => true)
    if (line) return { ...line, quantity }
    return { kind: 'correction', subject: '', quantity, taxes: [], amount: zero, net: zero, parts: [] }
  })
  return [...placed, ...left]
}

/** Discounts and corrections stand once for each set of taxes: compared by their sum. */
function joined(lines: readonly { name: string; net: Fraction }[]): string[] {
  const sums = new Map<string, Fraction>()
  for (const { name, net } of lines) sums.set(name, plus(sums.get(name) ?? zero, net))
  return [...sums]
    .filter(([, net]) => !isZero(net))
    .map(([name, net]) => `${name}: ${text(net)}`)
    .sort()
}

/** A group of lines that come to nothing may be shown or not. */
const naiveTaxes = (taxes: readonly TaxGroup[]) =>
  taxes
    .filter(({ base, amount }) => !isZero(base) || !isZero(amount))
    .map(
      ({ category, rate, reason, base, amount }) =>
        `${category} ${rate} ${reason}: ${text(base)} ${text(amount)}`,
    )
    .sort()
const shownTaxes = (taxes: ShownInvoice['taxes']) =>
  naiveTaxes(taxes.map((tax) => ({ ...tax, base: of(tax.base), amount: of(tax.amount), names: [] })))

function equal(what: string, naive: string | string[], shown: string | string[]): void {
  const [ours, theirs] = [naive, shown].map((value) => JSON.stringify(value))
  if (ours !== theirs) throw new Error(`${what}\n   naive   ${ours}\n   service ${theirs}`)
}

function inWords({ taxes }: Kept, terms: Terms): string {
  return [
    terms.taxes === taxes ? '' : `, taxes [${namesOf(terms.taxes)}]`,
    ...terms.fixedCosts.map(
      ({ cost, quantity, span }) =>
        `, ${quantity} × ${cost.name} ${cost.price}${span ? ` ${span.from} to ${span.to}` : ''}`,
    ),
    ...terms.discounts.map((discount) =>
      'percent' in discount ? `, ${discount.percent} % off` : `, ${discount.amount} off`,
    ),
    terms.minimum === null ? '' : `, minimum ${terms.minimum} a month`,
  ].join('')
}

const namesOf = (taxes: readonly Tax[]) => taxes.map(({ name, rate }) => `${name} ${rate} %`).join(', ')

function pick<Item>(items: readonly Item[], place: number): Item | undefined {
  return items[place % items.length]
}

async function mustAnswer(kept: Kept, method: string, path: string, body?: unknown): Promise<Answer['body']> {
  const answer = await kept.desk.send(method, path, body)
  if (answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}
