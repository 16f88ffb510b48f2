/**
 * Where calls that changed after their invoice are corrected by documents of their own: one note for each invoice,
 * issued with the client's next one, at the terms of the invoice it corrects.
 *
 * A note may charge more as well as give back; it is not due by itself, but changes what its invoice is due.
 */
import type { Sql } from '../db/connection.ts'
import { insertLines } from '../db/invoices/invoice-lines.ts'
import { takeCorrections } from '../db/invoices/invoice-rollups.ts'
import type { InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { findInvoices, insertDraftRow, issueRow, writeSettledAmounts } from '../db/invoices/invoices.ts'
import { makeFact } from '../ledger/fact.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { AccountOwner } from '../ledger/movement.ts'
import type { Receivables } from '../ledger/receivables.ts'
import { amountDue } from '../ledger/settled-invoice.ts'
import { currencyDigits } from '../money.ts'
import { isNothing } from './compute-invoice.ts'
import { changeLines } from './correction-lines.ts'
import { makeCreditNote } from './credit-note.ts'
import { findOpenCalls } from './find-changes.ts'
import { invoiceMails } from './invoice-mail.ts'
import { invoiceTexts } from './invoice-texts.ts'
import { type InvoiceWithLines, invoiceSummary } from './stored-invoice.ts'
import { sumUp } from './sum-up.ts'

interface Issue {
  /** The invoice that they are issued with. */
  invoice: InvoiceWithLines
  client: InvoicedClient
  account: { ledger: Ledger; owner: AccountOwner }
  actor: string
  /** Takes the next number of the note's series. */
  number: (note: InvoiceWithLines) => Promise<{ year: number; number: number }>
}

export interface CorrectionNotes {
  /** Makes the notes with their lines and calls: before the invoice takes the calls that are left. */
  keep: () => Promise<unknown>
  /**
   * Numbers and posts them. After the invoice has its number, so that series are locked in one order. Answers the writes
   * that are left, to be started when money has settled what they opened.
   */
  issue: (receivables: Receivables) => Promise<() => Promise<unknown>[]>
}

export async function prepareCorrectionNotes(tx: Sql, issue: Issue): Promise<CorrectionNotes> {
  const { client, invoice, account, actor } = issue
  const { ledger, owner } = account
  const notes = client.brand.corrections === 'invoice' ? [] : await composeNotes(tx, issue)
  return {
    async keep() {
      for (const { note, corrected } of notes) {
        await insertDraftRow(tx, note)
        await insertLines(tx, note.id, note.lines)
        await takeCorrections(tx, {
          clientId: client.id,
          to: invoice.period.to,
          correctsInvoiceId: corrected.id,
          invoiceId: note.id,
        })
      }
    },
    async issue(receivables) {
      const writes: (() => Promise<unknown>)[] = []
      for (const { note, corrected } of notes) {
        const series = await issue.number(note)
        note.status = 'issued'
        note.seller = client.brand.party
        note.buyer = client.party
        note.template = corrected.template
        note.logoDigest = corrected.logoDigest
        note.revision += 1
        corrected.creditedAmount = corrected.creditedAmount.minus(note.total)
        corrected.status = amountDue(corrected).isZero() ? 'paid' : 'issued'
        corrected.updatedAt = ledger.now
        receivables.hold(corrected)
        ledger.mail(...invoiceMails(note, null, ledger.now))
        ledger.appendFact(
          makeFact('billing.invoices.issued', client.id, invoiceSummary(note, ledger.now), ledger.now),
        )
        ledger.post(owner, {
          kind: 'invoice',
          source: `invoice:${note.id}`,
          amount: note.callsAmount.minus(note.total),
          reference: note.number,
          invoiceId: note.id,
          actor,
        })
        writes.push(
          () => issueRow(tx, note, series),
          () => writeSettledAmounts(tx, corrected),
        )
      }
      return () => writes.map((write) => write())
    },
  }
}

async function composeNotes(tx: Sql, { client, invoice, account, actor }: Issue) {
  const texts = invoiceTexts(client)
  const { changed } = await findOpenCalls(tx, client, { period: invoice.period, texts })
  const corrections = changed
    .map((one) => ({ id: one.id, lines: changeLines(one, texts).corrections }))
    .filter(({ lines }) => !isNothing(lines))
  if (corrections.length === 0) return []
  const found = await findInvoices(
    tx,
    corrections.map(({ id }) => id),
  )
  return found.map((corrected) => {
    const lines = corrections.find(({ id }) => id === corrected.id)?.lines ?? []
    const digits = currencyDigits(corrected.currency)
    // A note takes back: its quantities are negative, its prices are not.
    const priced = lines.map((line) =>
      line.price.isNegative()
        ? { ...line, quantity: line.quantity.negated(), unitPrice: line.unitPrice.negated() }
        : line,
    )
    const note = makeCreditNote(corrected, sumUp(priced, { includesTax: client.pricesIncludeTax, digits }), {
      numberSequenceId: client.brand.creditNoteSequenceId ?? invoice.numberSequenceId,
      reason: null,
      actor,
      now: account.ledger.now,
    })
    return { note, corrected }
  })
}
