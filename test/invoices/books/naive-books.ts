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
  over,
  plus,
  sign,
  times,
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
import { type Credited, isUsedUp, leftOf, type NaiveNote, type NoteRequest, noteOf } from './naive-notes.ts'

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

/** A line of an invoice. */
interface Place {
  invoice: NaiveInvoice
  line: number
}

/** What a call cost when it ended, or what changed of that after an invoice had charged it. */
export interface Piece extends Part {
  /** The line that had charged the call when it changed; null: the call itself. */
  changes: Place | null
  /** At whose terms: the invoice that charged the call first, or that of its period; null: its next invoice's. */
  terms: NaiveInvoice | null
  /** null: on no invoice yet. */
  on: Place | null
  /** What of it counted at its terms when an invoice took it: nothing of what a note had given back. */
  counted?: Fraction
}

export class NaiveBooks {
  readonly setup: Setup
  readonly calls: NaiveCall[] = []
  readonly invoices: NaiveInvoice[] = []
  /** Calls that notes gave back to be charged anew. */
  readonly #freed = new Set<NaiveCall>()
  #pieces: Piece[] = []
  #allocations: { from: NaiveInvoice | null; to: NaiveInvoice; amount: Fraction }[] = []
  balance: Fraction = zero

  constructor(setup: Setup) {
    this.setup = setup
  }

  // Calls

  call(call: NaiveCall): void {
    this.calls.push(call)
    this.#pieces.push({ call, amount: call.price, changes: null, terms: null, on: null })
    this.balance = minus(this.balance, call.price)
  }

  correct(call: NaiveCall, price: Fraction): void {
    const change = minus(price, call.price)
    const itself = this.itself(call)
    if (itself.on)
      this.#pieces.push({ call, amount: change, changes: itself.on, terms: itself.terms, on: null })
    else itself.amount = plus(itself.amount, change)
    this.balance = minus(this.balance, change)
    call.price = price
  }

  private itself(call: NaiveCall): Piece {
    const found = this.#pieces.find((piece) => piece.call === call && piece.changes === null)
    if (!found) throw new Error(`${call.callId} is not in the books`)
    return found
  }

  private get pending(): Piece[] {
    return this.#pieces.filter(({ on }) => on === null)
  }

  get unbilled(): Fraction {
    return plus(...this.pending.map(({ amount }) => amount))
  }

  // Documents

  preview(terms: Terms): Sums {
    const pending = this.pending.filter(({ call }) => call.day < terms.period.to)
    const changed = pending.filter((piece) => this.isAtTerms(piece))
    const calls = pending.filter((piece) => !changed.includes(piece))
    const late = new Map(calls.map((piece) => [piece, this.invoiceWithMinimum(piece, terms)]))
    return composeInvoice(
      this.setup,
      terms,
      calls.filter((piece) => !late.get(piece)),
      this.invoices.flatMap((invoice) =>
        this.changes(invoice, {
          corrected: changed.filter((piece) => piece.terms === invoice),
          late: calls.filter((piece) => late.get(piece) === invoice),
        }),
      ),
    )
  }

  /** Where an invoice was credited to be charged anew, what came late for its period is not reckoned at its terms any more. */
  private isAtTerms({ changes, terms }: Piece): boolean {
    if (!changes || !terms) return false
    return changes.invoice === terms || !(terms.isCredited && terms.freed.size > 0)
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
        const piece = this.#pieces.find((one) => one === part)
        if (!piece) throw new Error(`a part of ${part.call.callId} is of no piece`)
        piece.counted = kind === 'correction' ? this.standing(piece) : piece.amount
        piece.on = { invoice, line }
        piece.terms = at ?? invoice
        taken = plus(taken, piece.amount)
      }
    }
    // What becomes of the calls changes nothing of the document.
    invoice.lines = sums.lines.map((line) => ({
      ...line,
      parts: line.parts.map(({ call, amount }) => ({ call, amount })),
    }))
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
  private invoiceWithMinimum({ call, changes }: Piece, { period }: Terms): NaiveInvoice | undefined {
    if (call.day >= period.from || changes || this.#freed.has(call)) return undefined
    return this.invoices.find(
      ({ isCredited, terms: { minimum, period: own } }) =>
        !isCredited && minimum !== null && own.from <= call.day && call.day < own.to,
    )
  }

  /** What an invoice's period costs with what changed, and then with what came too late, less what was charged for it. */
  private changes(
    invoice: NaiveInvoice,
    { corrected, late }: { corrected: readonly Piece[]; late: readonly Piece[] },
  ): Draft[] {
    const subject = invoice.number
    const isAtItsTerms = ({ kind, subject: of }: Line) =>
      (kind === 'late-calls' || kind === 'correction') && of === subject
    // As issued: what was freed since is charged elsewhere in full, and still counts for the minimum of its period.
    const own = invoice.lines.filter(({ kind }) => kind !== 'late-calls' && kind !== 'correction')
    const charged = [
      ...own,
      ...this.invoices.flatMap((other) =>
        other.lines.filter((line, index) => isAtItsTerms(line) && !other.freed.has(index)),
      ),
    ]
    const before = [
      ...own.flatMap(({ parts }) => parts),
      ...this.#pieces.flatMap(({ call, amount, counted, terms, on }) => {
        const line = on?.invoice.lines[on.line]
        return terms === invoice && line && isAtItsTerms(line) ? [{ call, amount: counted ?? amount }] : []
      }),
    ]
    const changed = corrected.map((piece) => ({ call: piece.call, amount: this.standing(piece) }))
    const cost = (parts: readonly Part[]) => composeInvoice(this.setup, invoice.terms, byCall(parts)).lines
    const withCorrected = cost([...before, ...changed])
    const withAll = cost([...before, ...changed, ...late])
    return [
      ...this.difference({ kind: 'correction', subject, parts: corrected }, invoice, charged, withCorrected),
      ...this.difference({ kind: 'late-calls', subject, parts: late }, invoice, withCorrected, withAll),
    ]
  }

  /** What counts of a change: of a call that a note gave back in part, the other part. */
  private standing({ amount, changes }: Piece): Fraction {
    if (!changes) return amount
    const { invoice, line } = changes
    const all = invoice.lines[line]?.quantity ?? one
    return times(amount, over(leftOf(invoice, line), all))
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
    const isFreed = ({ on }: Piece) => on !== null && on.invoice === invoice && lines.has(on.line)
    const freed = this.#pieces.filter(isFreed)
    for (const piece of freed) {
      this.balance = minus(this.balance, piece.amount)
      if (piece.terms === invoice && !piece.changes) this.#freed.add(piece.call)
      piece.on = null
    }
    for (const piece of this.pending.filter(({ changes }) => changes)) this.follow(piece)
    // Of fixed costs and minimums nothing is charged anew.
    for (const [index, { kind, parts }] of invoice.lines.entries())
      if (lines.has(index) && (parts.length > 0 || kind === 'correction' || kind === 'late-calls'))
        invoice.freed.add(index)
  }

  /** A change that stands on no invoice goes where its call has gone. */
  private follow(piece: Piece): void {
    const itself = this.itself(piece.call)
    piece.changes = itself.on
    piece.terms = itself.terms
    if (itself.on) return
    itself.amount = plus(itself.amount, piece.amount)
    this.#pieces = this.#pieces.filter((one) => one !== piece)
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

/** What stands of a call in several parts, as one. */
function byCall(parts: readonly Part[]): Part[] {
  const calls = new Map<NaiveCall, Fraction>()
  for (const { call, amount } of parts) calls.set(call, plus(calls.get(call) ?? zero, amount))
  return [...calls].map(([call, amount]) => ({ call, amount }))
}
