/**
 * Which money settles which invoice?
 *
 * Unallocated money of a client is its balance, what its invoices are still due and what its calls on no invoice cost,
 * together: what is on the account beyond all that is owed. Negative invoices come first, then the account's own; open
 * invoices are settled oldest first. A priced call lowers the balance by what it adds to the calls on no invoice, and so do
 * corrections, re-ratings and waivers: none of them makes unallocated money.
 */
import { Decimal, zero } from '../money.ts'
import { amountDue, byAge, type SettledInvoice, settle } from './settled-invoice.ts'

/** Money that settled an invoice; below 0: it is taken back. */
export interface Allocation {
  id: string
  clientId: string
  /** The negative invoice whose money it is; null: the account's. */
  fromInvoiceId: string | null
  toInvoiceId: string
  amount: Decimal
  /** Unique within the client; null: nobody can ask for it twice. */
  source: string | null
  actor: string
  createdAt: number
}

export interface Match {
  from: SettledInvoice | null
  to: SettledInvoice
  amount: Decimal
}

/** What one invoice got from one source so far. */
export type Allocated = Match

/** A client's open invoices and what else its unallocated money follows from, as read under the lock of its account. */
export class Receivables {
  readonly clientId: string
  /** Whether money settles invoices by itself. */
  readonly autoAllocate: boolean
  /** Priced calls, and fees that were posted, on no invoice. */
  readonly unbilled: Decimal
  readonly #invoices = new Map<string, SettledInvoice>()
  readonly #writtenByCaller = new Set<SettledInvoice>()

  constructor(read: {
    clientId: string
    autoAllocate: boolean
    unbilled: Decimal
    open: readonly SettledInvoice[]
  }) {
    this.clientId = read.clientId
    this.autoAllocate = read.autoAllocate
    this.unbilled = read.unbilled
    for (const invoice of read.open) this.#invoices.set(invoice.id, invoice)
  }

  /** The use case's own invoice instead of the one that was read; it writes it itself. */
  hold(invoice: SettledInvoice): void {
    this.#invoices.set(invoice.id, invoice)
    this.#writtenByCaller.add(invoice)
  }

  /** The one known by this id, or else this one from now on. */
  add(invoice: SettledInvoice): SettledInvoice {
    const known = this.#invoices.get(invoice.id)
    if (known) return known
    this.#invoices.set(invoice.id, invoice)
    return invoice
  }

  isWrittenByCaller(invoice: SettledInvoice): boolean {
    return this.#writtenByCaller.has(invoice)
  }

  get invoices(): SettledInvoice[] {
    return [...this.#invoices.values()]
  }

  /** What its invoices are due, without what negative ones are to give. */
  get due(): Decimal {
    return this.invoices.reduce((sum, invoice) => sum.plus(Decimal.max(0, amountDue(invoice))), zero)
  }

  /** Below 0: the account owes what no invoice says, after a negative adjustment. */
  unallocatedOf(balance: Decimal): Decimal {
    return balance.plus(this.due).plus(this.unbilled)
  }
}

/** Shares money out, and settles what it shares out; `invoices` without those to be left alone. */
export function matchMoney(money: Decimal, invoices: readonly SettledInvoice[]): Match[] {
  const open = invoices.filter((invoice) => !amountDue(invoice).isZero()).sort(byAge)
  const sources = [...open.filter((invoice) => amountDue(invoice).isNegative()), null]
  const targets = open.filter((invoice) => amountDue(invoice).gt(0))
  const matches: Match[] = []
  let left = money
  for (const to of targets) {
    for (const from of sources) {
      const given = from ? amountDue(from).negated() : left
      const amount = Decimal.min(left, given, amountDue(to))
      if (!amount.gt(0)) continue
      settleMatch({ from, to, amount })
      matches.push({ from, to, amount })
      left = left.minus(amount)
    }
  }
  return matches
}

/** Opens invoices again by what these settled, in their order, until as much is due; answers what was taken back. */
export function matchBack(amount: Decimal, allocated: readonly Allocated[]): Match[] {
  const matches: Match[] = []
  let left = amount
  for (const { from, to, amount: given } of allocated) {
    // What a credit note has covered since is on the account already.
    const covered = Decimal.max(
      0,
      to.prepaidAmount.plus(to.paidAmount).plus(to.creditedAmount).minus(to.total),
    )
    const opened = to.status === 'credited' ? zero : Decimal.min(left, given.minus(covered))
    if (!opened.gt(0)) continue
    const match = { from, to, amount: opened.plus(covered).negated() }
    settleMatch(match)
    matches.push(match)
    left = left.minus(opened)
  }
  return matches
}

function settleMatch({ from, to, amount }: Match): void {
  settle(to, amount)
  if (from) settle(from, amount.negated())
}
