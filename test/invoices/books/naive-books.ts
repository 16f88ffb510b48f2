/**
 * One client's calls, invoices and money, kept a second time and as plainly as can be.
 *
 * Written from the contract alone ("Invoices", "Invoices and the account", "Receivables"), without a line of `src/`.
 * The money is never stored: what is due, unallocated and unbilled is summed from everything that happened.
 */
import { type Fraction, isZero, max, min, minus, negated, one, plus, sign, zero } from './fraction.ts'
import {
  byTaxSet,
  composeInvoice,
  type Line,
  type NaiveCall,
  type Part,
  type Sums,
  type Terms,
  type Ways,
} from './naive-invoice.ts'
import { type Credited, costsOf, isUsedUp, type NaiveNote, type NoteRequest, noteOf } from './naive-notes.ts'

export interface Setup extends Ways {
  billingMethod: 'postpaid' | 'prepaid' | 'pseudoprepaid'
  autoAllocate: boolean
}

export interface Payment {
  id: string
  amount: Fraction
  /** What of it settled this invoice; the rest is unallocated. */
  settles: Fraction
  isReversed: boolean
}

export interface NaiveInvoice extends Sums {
  number: string
  terms: Terms
  /** What a line cost: its amount less its share of the discounts. */
  costs: Fraction[]
  credited: Credited
  /** Sum of its notes' totals, with the sign turned. */
  creditedTotal: Fraction
  isCredited: boolean
  /** Lines whose calls went back to be invoiced anew. */
  freed: Set<number>
  payments: Payment[]
  prepaid: Fraction
}

/** A part of a call that stands on a line; `first`: the invoice that charged the call first, for a correction. */
interface Held extends Part {
  invoice: NaiveInvoice
  line: number
  first: NaiveInvoice | null
}

export class NaiveBooks {
  readonly setup: Setup
  readonly calls: NaiveCall[] = []
  readonly invoices: NaiveInvoice[] = []
  /** Where each call stands, in the order in which it came there. */
  #held: Held[] = []
  #allocations: { from: NaiveInvoice | null; to: NaiveInvoice; amount: Fraction }[] = []
  balance: Fraction = zero

  constructor(setup: Setup) {
    this.setup = setup
  }

  // Calls

  call(call: NaiveCall): void {
    this.calls.push(call)
    this.balance = minus(this.balance, call.price)
  }

  correct(call: NaiveCall, price: Fraction): void {
    this.balance = minus(this.balance, minus(price, call.price))
    call.price = price
  }

  holdersOf = (call: NaiveCall): Held[] => this.#held.filter((held) => held.call === call)

  pendingOf(call: NaiveCall): Fraction {
    return minus(call.price, plus(...this.holdersOf(call).map(({ amount }) => amount)))
  }

  get unbilled(): Fraction {
    return plus(...this.calls.map((call) => this.pendingOf(call)))
  }

  // Documents

  preview(terms: Terms): Sums {
    const before = this.calls.filter(({ day }) => day < terms.period.to)
    const fresh = before
      .filter((call) => this.holdersOf(call).length === 0)
      .map((call) => ({ call, amount: call.price }))
    const changed = before
      .filter((call) => this.holdersOf(call).length > 0 && !isZero(this.pendingOf(call)))
      .map((call) => ({ call, amount: this.pendingOf(call) }))
    return composeInvoice(this.setup, terms, fresh, { corrections: this.corrections(changed, fresh) })
  }

  /** `arrange` puts the lines into the order in which the document shows them. */
  issue(number: string, terms: Terms, arrange = (lines: Line[]): Line[] => lines): NaiveInvoice {
    const previewed = this.preview(terms)
    const sums = { ...previewed, lines: arrange(previewed.lines) }
    const invoice: NaiveInvoice = {
      ...sums,
      number,
      terms,
      costs: costsOf(sums.lines, this.setup),
      credited: { quantities: [], costs: [], bases: new Map(), taxes: new Map() },
      creditedTotal: zero,
      isCredited: false,
      freed: new Set(),
      payments: [],
      prepaid: zero,
    }
    const { unallocated } = this
    let taken = zero
    for (const [line, { parts }] of sums.lines.entries()) {
      for (const part of parts) {
        const first = this.holdersOf(part.call)[0]?.invoice ?? null
        this.#held.push({ ...part, invoice, line, first })
        taken = plus(taken, part.amount)
      }
    }
    this.invoices.push(invoice)
    this.balance = minus(this.balance, minus(sums.total, taken))
    if (this.setup.billingMethod !== 'postpaid') {
      // What the balance does not cover beyond what older invoices still owe is due.
      invoice.prepaid = sign(sums.total) < 0 ? sums.total : min(sums.total, max(zero, unallocated))
    }
    this.allocate()
    return invoice
  }

  /**
   * What an invoice's calls and its period's minimum cost now, less what was charged for them, as a line that names it.
   * Late calls of the period, which bear the terms of the invoice they stand on, count towards its minimum.
   */
  private corrections(changed: readonly Part[], fresh: readonly Part[]) {
    return this.invoices.flatMap((invoice) => {
      const parts = changed.filter(({ call }) => this.holdersOf(call)[0]?.invoice === invoice)
      if (invoice.isCredited || (parts.length === 0 && invoice.terms.minimum === null)) return []
      const { from, to } = invoice.terms.period
      const isLate = ({ call }: Part) => from <= call.day && call.day < to
      const own = this.#held.filter((held) => held.invoice === invoice && held.first === null)
      const elsewhere = this.#held.filter(
        (held) => held.invoice !== invoice && held.first === null && isLate(held),
      )
      const now = composeInvoice(this.setup, invoice.terms, atPresent(own), {
        late: [...atPresent(elsewhere), ...fresh.filter(isLate)],
      })
      const charged = [
        ...chargedLines(invoice).filter(({ kind }) => kind !== 'correction'),
        ...this.invoices
          .flatMap(chargedLines)
          .filter(({ kind, subject }) => kind === 'correction' && subject === invoice.number),
      ]
      const sets = byTaxSet([...now.lines, ...charged]).map((set, index) => {
        const sum = (lines: readonly Line[]) =>
          plus(...lines.filter((line) => set.includes(line)).map(({ amount }) => amount))
        return {
          kind: 'correction' as const,
          subject: invoice.number,
          quantity: one,
          taxes: set[0]?.taxes ?? [],
          amount: minus(sum(now.lines), sum(charged)),
          parts: index === 0 ? parts : [],
        }
      })
      return sets.filter((line) => line.parts.length > 0 || !isZero(line.amount))
    })
  }

  credit(invoice: NaiveInvoice, request: NoteRequest): NaiveNote {
    const note = noteOf(this.setup, invoice, request)
    invoice.creditedTotal = minus(invoice.creditedTotal, note.total)
    invoice.isCredited = isUsedUp(invoice)
    this.balance = minus(this.balance, note.total)
    const isWhole = invoice.lines.every(({ kind }, index) => kind === 'discount' || note.whole.has(index))
    if (request.rebill ?? (isWhole || request.lines === null)) this.free(invoice, note.whole)
    if (sign(invoice.total) < 0) {
      const given = plus(
        ...this.#allocations.filter(({ from }) => from === invoice).map(({ amount }) => amount),
      )
      this.takeBack(invoice, minus(given, max(zero, this.leftToGive(invoice))))
    }
    this.allocate()
    return note
  }

  private free(invoice: NaiveInvoice, lines: ReadonlySet<number>): void {
    const isFreed = (held: Held) => held.invoice === invoice && lines.has(held.line)
    for (const { amount } of this.#held.filter(isFreed)) this.balance = minus(this.balance, amount)
    this.#held = this.#held.filter((held) => !isFreed(held))
    // Of other lines nothing is charged anew.
    for (const line of lines) if (invoice.lines[line]?.parts.length) invoice.freed.add(line)
  }

  // Money

  /** What an invoice still asks for; below zero: what it still gives. */
  dueOf(invoice: NaiveInvoice): Fraction {
    const settled = plus(
      invoice.creditedTotal,
      invoice.prepaid,
      ...this.allocationsOf(invoice),
      ...invoice.payments.filter(({ isReversed }) => !isReversed).map(({ settles }) => settles),
    )
    const rest = minus(invoice.total, settled)
    return sign(invoice.total) < 0 ? min(zero, rest) : max(zero, rest)
  }

  get invoicedUnpaid(): Fraction {
    return plus(...this.invoices.map((invoice) => max(zero, this.dueOf(invoice))))
  }

  /** With what negative invoices still give. */
  get unallocated(): Fraction {
    return plus(this.balance, this.invoicedUnpaid, this.unbilled)
  }

  allocate(): void {
    if (!this.setup.autoAllocate) return
    for (const invoice of this.invoices) this.allocateTo(invoice, this.unallocated)
  }

  /** Negative invoices give first, the oldest first; then the balance. */
  allocateTo(to: NaiveInvoice, amount: Fraction): void {
    let left = min(amount, this.dueOf(to))
    for (const from of [...this.invoices, null]) {
      const given = from ? min(left, negated(this.dueOf(from))) : left
      if (sign(given) <= 0) continue
      this.#allocations.push({ from, to, amount: given })
      left = minus(left, given)
    }
  }

  /** Received, or with the sign turned given. */
  private allocationsOf(invoice: NaiveInvoice): Fraction[] {
    return this.#allocations.flatMap(({ from, to, amount }) =>
      to === invoice ? [amount] : from === invoice ? [negated(amount)] : [],
    )
  }

  /** Opens anew what money of `source` settled last: of a negative invoice, or of the balance. */
  private takeBack(source: NaiveInvoice | null, amount: Fraction): void {
    let left = amount
    for (const allocation of [...this.#allocations].reverse()) {
      if (allocation.from !== source || sign(left) <= 0) continue
      const back = min(left, allocation.amount)
      allocation.amount = minus(allocation.amount, back)
      left = minus(left, back)
    }
  }

  /** Of a negative invoice, before it is set off against others. */
  private leftToGive(invoice: NaiveInvoice): Fraction {
    const paidOut = invoice.payments.filter(({ isReversed }) => !isReversed).map(({ settles }) => settles)
    return minus(plus(invoice.creditedTotal, invoice.prepaid, ...paidOut), invoice.total)
  }

  move(amount: Fraction): void {
    this.balance = plus(this.balance, amount)
    this.allocate()
  }

  pay(invoice: NaiveInvoice, id: string, amount: Fraction): void {
    const due = this.dueOf(invoice)
    const settles = sign(amount) < 0 ? max(amount, due) : min(amount, max(zero, due))
    invoice.payments.push({ id, amount, settles, isReversed: false })
    this.move(amount)
  }

  /** Opens anew what it paid: its invoice first, then the newest that money of the balance settled. */
  reverse(invoice: NaiveInvoice, payment: Payment): void {
    const free = max(zero, this.unallocated)
    const due = this.dueOf(invoice)
    payment.isReversed = true
    this.balance = minus(this.balance, payment.amount)
    const reopened = minus(this.dueOf(invoice), due)
    this.takeBack(null, minus(payment.amount, plus(reopened, free)))
    this.allocate()
  }

  statusOf(invoice: NaiveInvoice): 'issued' | 'paid' | 'credited' {
    if (invoice.isCredited) return 'credited'
    return isZero(this.dueOf(invoice)) ? 'paid' : 'issued'
  }
}

/** Goodwill changes nothing of what was charged; lines that were freed are charged anew elsewhere. */
const chargedLines = ({ lines, freed }: NaiveInvoice) => lines.filter((_, index) => !freed.has(index))

const atPresent = (parts: readonly Part[]): Part[] => parts.map(({ call }) => ({ call, amount: call.price }))
