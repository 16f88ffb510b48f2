/**
 * One client's calls, invoices and money, kept a second time and as plainly as can be.
 *
 * Written from the contract alone ("Invoices", "Invoices and the account", "Receivables"), without a line of `src/`.
 * The money is never stored: what is due, unallocated and unbilled is summed from everything that happened.
 */
import {
  compare,
  type Fraction,
  isZero,
  max,
  min,
  minus,
  negated,
  one,
  plus,
  sign,
  zero,
} from './fraction.ts'
import {
  byTaxSet,
  chooseRounding,
  composeInvoice,
  costsOf,
  type Draft,
  type Line,
  type NaiveCall,
  type Part,
  type Sums,
  type Terms,
  taxSetOf,
  type Ways,
} from './naive-invoice.ts'
import { type Credited, isUsedUp, type NaiveNote, type NoteRequest, noteOf } from './naive-notes.ts'

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

/** A part of a call that stands on a line. */
interface Held extends Part {
  invoice: NaiveInvoice
  line: number
  /** At whose terms: the one that charged the call first, or the one of its period. */
  terms: NaiveInvoice
}

export class NaiveBooks {
  readonly setup: Setup
  readonly calls: NaiveCall[] = []
  readonly invoices: NaiveInvoice[] = []
  /** Calls that notes gave back to be charged anew. */
  readonly #freed = new Set<NaiveCall>()
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
    const pending = before
      .map((call) => ({ call, amount: this.pendingOf(call) }))
      .filter(({ call, amount }) => this.holdersOf(call).length === 0 || !isZero(amount))
    // Where an invoice was credited to be charged anew, nothing is reckoned at its terms any more.
    const isFresh = ({ call }: Part) => {
      const terms = this.holdersOf(call)[0]?.terms
      return !terms || (terms.isCredited && terms.freed.size > 0)
    }
    const fresh = pending.filter(isFresh)
    const changed = pending.filter((part) => !isFresh(part))
    const late = new Map(fresh.map((part) => [part, this.invoiceWithMinimum(part, terms)]))
    return composeInvoice(
      this.setup,
      terms,
      fresh.filter((part) => !late.get(part)),
      this.invoices.flatMap((invoice) =>
        this.changes(invoice, {
          corrected: changed.filter(({ call }) => this.holdersOf(call)[0]?.terms === invoice),
          late: fresh.filter((part) => late.get(part) === invoice),
        }),
      ),
    )
  }

  /** `arrange` puts the lines into the order in which the document shows them. */
  issue(number: string, terms: Terms, arrange = (lines: Line[]): Line[] => lines): NaiveInvoice {
    const previewed = this.preview(terms)
    const sums = { ...previewed, lines: arrange(previewed.lines) }
    const invoice: NaiveInvoice = {
      ...sums,
      number,
      terms,
      costs: costsOf(sums.lines, chooseRounding(this.setup)),
      credited: { quantities: [], costs: [], bases: new Map(), taxes: new Map() },
      creditedTotal: zero,
      isCredited: false,
      freed: new Set(),
      payments: [],
      prepaid: zero,
    }
    const { unallocated } = this
    let taken = zero
    for (const [line, { kind, subject, parts }] of sums.lines.entries()) {
      const isOwn = kind !== 'late-calls' && kind !== 'correction'
      const at = isOwn ? invoice : this.invoices.find((other) => other.number === subject)
      for (const part of parts) {
        this.#held.push({ ...part, invoice, line, terms: at ?? invoice })
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

  /** The invoice of the period that a call came too late for, where it has a minimum that may cover the call. */
  private invoiceWithMinimum({ call }: Part, { period }: Terms): NaiveInvoice | undefined {
    if (call.day >= period.from || this.#freed.has(call)) return undefined
    return this.invoices.find(
      ({ isCredited, terms: { minimum, period: own } }) =>
        !isCredited && minimum !== null && own.from <= call.day && call.day < own.to,
    )
  }

  /** What an invoice's period costs with what changed, and then with what came too late, less what was charged for it. */
  private changes(
    invoice: NaiveInvoice,
    { corrected, late }: { corrected: readonly Part[]; late: readonly Part[] },
  ): Draft[] {
    const before = this.#held.filter(({ terms }) => terms === invoice)
    const charged = this.invoices.flatMap((other) =>
      chargedLines(other).filter(({ kind, subject }) =>
        kind === 'late-calls' || kind === 'correction' ? subject === invoice.number : other === invoice,
      ),
    )
    const withCorrected = composeInvoice(this.setup, invoice.terms, byCall([...before, ...corrected])).lines
    const withAll = composeInvoice(
      this.setup,
      invoice.terms,
      byCall([...before, ...corrected, ...late]),
    ).lines
    const subject = invoice.number
    return [
      ...this.difference({ kind: 'correction', subject, parts: corrected }, invoice, charged, withCorrected),
      ...this.difference({ kind: 'late-calls', subject, parts: late }, invoice, withCorrected, withAll),
    ]
  }

  /** One line for each set of taxes; the calls stand on the one with the taxes of the invoice's calls. */
  private difference(
    { parts, ...line }: Pick<Draft, 'kind' | 'subject' | 'parts'>,
    { terms }: NaiveInvoice,
    was: readonly Line[],
    is: readonly Line[],
  ): Draft[] {
    if (parts.length === 0) return []
    const sets = byTaxSet([{ taxes: terms.taxes }, ...is, ...was])
    return sets
      .map((set, index): Draft => {
        const taxes = set[0]?.taxes ?? []
        const sum = (lines: readonly Line[]) =>
          plus(...lines.filter((one) => taxSetOf(one.taxes) === taxSetOf(taxes)).map(({ amount }) => amount))
        return {
          ...line,
          quantity: one,
          taxes,
          amount: minus(sum(is), sum(was)),
          parts: index === 0 ? parts : [],
        }
      })
      .filter((draft) => draft.parts.length > 0 || !isZero(draft.amount))
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
    for (const { amount, call, terms } of this.#held.filter(isFreed)) {
      this.balance = minus(this.balance, amount)
      if (terms === invoice) this.#freed.add(call)
    }
    this.#held = this.#held.filter((held) => !isFreed(held))
    // Of other lines nothing is charged anew.
    for (const line of lines) if (invoice.lines[line]?.parts.length) invoice.freed.add(line)
  }

  // Money

  /** What an invoice still asks for; below zero: what it still gives. */
  dueOf(invoice: NaiveInvoice): Fraction {
    const rest = this.restOf(invoice)
    return sign(invoice.total) < 0 ? min(zero, rest) : max(zero, rest)
  }

  private restOf(invoice: NaiveInvoice): Fraction {
    const settled = plus(
      invoice.creditedTotal,
      invoice.prepaid,
      ...this.allocationsOf(invoice),
      ...invoice.payments.filter(({ isReversed }) => !isReversed).map(({ settles }) => settles),
    )
    return minus(invoice.total, settled)
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
      if (allocation.from !== source || allocation.to.isCredited || sign(left) <= 0) continue
      // What a note has covered since opens nothing.
      const covered = max(zero, negated(this.restOf(allocation.to)))
      const back = min(plus(left, covered), allocation.amount)
      if (compare(back, covered) <= 0) continue
      allocation.amount = minus(allocation.amount, back)
      left = minus(left, minus(back, covered))
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

/** What stands of a call in several parts, as one. */
function byCall(parts: readonly Part[]): Part[] {
  const calls = new Map<NaiveCall, Fraction>()
  for (const { call, amount } of parts) calls.set(call, plus(calls.get(call) ?? zero, amount))
  return [...calls].map(([call, amount]) => ({ call, amount }))
}
