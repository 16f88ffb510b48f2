/**
 * Which calls will this client's next invoice take, and at whose terms? Those of the period and earlier ones at its own;
 * what changed of an invoice that stands, and what came too late for one with a minimum, at that invoice's.
 */
import type { Sql } from '../db/connection.ts'
import { type InvoiceToCorrect, loadInvoicesToCorrect } from '../db/invoices/changed-invoices.ts'
import { loadInvoiceLines } from '../db/invoices/invoice-lines.ts'
import { loadTaxes } from '../db/invoices/invoice-prices.ts'
import { type OpenSums, sumOpenRollups, sumTakenRollups } from '../db/invoices/invoice-rollups.ts'
import type { InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { currencyDigits, Decimal } from '../money.ts'
import { prorateMinimum } from './compose-invoice.ts'
import type { ChangedInvoice } from './correction-lines.ts'
import { creditedShare } from './credited-share.ts'
import { readDiscounts } from './discount-lines.ts'
import type { CallSums, LineTax, Period } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import type { PeriodParts } from './period-lines.ts'

export interface OpenCalls {
  callSums: CallSums[]
  changed: ChangedInvoice[]
}

export async function findOpenCalls(
  tx: Sql,
  client: InvoicedClient,
  { period, texts }: { period: Period; texts: InvoiceTexts },
): Promise<OpenCalls> {
  const open = await sumOpenRollups(tx, { clientId: client.id, ...period })
  const ids = unique(open.map(({ firstInvoiceId }) => firstInvoiceId))
  const callSums = open.filter(({ firstInvoiceId }) => firstInvoiceId === null)
  if (ids.length === 0) return { callSums, changed: [] }
  const taken = await sumTakenRollups(tx, { clientId: client.id, ids })
  const others = [...open, ...taken].map(({ changesInvoiceId }) => changesInvoiceId)
  const [invoices, takers] = await Promise.all([
    loadInvoicesToCorrect(tx, unique([...ids, ...others])),
    loadInvoiceLines(tx, unique(taken.map(({ takenBy }) => takenBy))),
  ])
  const charging = new Map(invoices.map((one) => [one.invoice.id, one]))
  const changed = ids.map(async (id): Promise<ChangedInvoice> => {
    const first = charging.get(id)
    if (!first) throw new Error(`invoice ${id} is gone`)
    const takenOfIt = taken.filter(({ firstInvoiceId }) => firstInvoiceId === id)
    const openOfIt = open.filter(({ firstInvoiceId }) => firstInvoiceId === id)
    const corrected = openOfIt.filter(({ changesInvoiceId }) => changesInvoiceId !== null)
    const own = first.lines.filter(({ correctsInvoiceId }) => correctsInvoiceId === null)
    const later = unique(takenOfIt.map(({ takenBy }) => takenBy)).flatMap((taker) => takers.get(taker) ?? [])
    const callSums = [
      ...own.flatMap(({ calls }) => calls ?? []),
      ...takenOfIt.map((sums) => whatStands(sums, charging, sums.takenAt)),
    ]
    return {
      id,
      number: first.invoice.number ?? '',
      parts: gatherParts(first, client, {
        callSums,
        taxes: await loadPeriodTaxes(tx, client, first),
        texts,
      }),
      charged: [...own, ...later.filter(({ correctsInvoiceId }) => correctsInvoiceId === id)],
      corrected,
      standing: corrected.map((sums) => whatStands(sums, charging, null)),
      late: openOfIt.filter(({ changesInvoiceId }) => changesInvoiceId === null),
    }
  })
  return { callSums, changed: await Promise.all(changed) }
}

/** Without what credit notes gave back of the calls that changed; `until`: those issued by then, null: all. */
function whatStands(
  sums: OpenSums,
  charging: ReadonlyMap<string, InvoiceToCorrect>,
  until: number | null,
): OpenSums {
  const charged = charging.get(sums.changesInvoiceId ?? '')
  if (!charged || sums.firstInvoiceId === null) return sums
  const given = creditedShare(charged, { sums, termsOf: sums.firstInvoiceId, until })
  return { ...sums, amount: sums.amount.times(new Decimal(1).minus(given)) }
}

const unique = (ids: readonly (string | null)[]): string[] => [...new Set(ids.flatMap((id) => id ?? []))]

function gatherParts(
  { invoice, lines }: InvoiceToCorrect,
  client: InvoicedClient,
  { callSums, taxes, texts }: Pick<PeriodParts, 'callSums' | 'taxes' | 'texts'>,
): PeriodParts {
  const { terms, period } = invoice
  const priceTerms = { includesTax: client.pricesIncludeTax, digits: currencyDigits(invoice.currency) }
  const minimum = terms.minimumMonthlyAmount
  return {
    ...priceTerms,
    callSums,
    fixedCosts: lines
      .filter(({ kind }) => kind === 'fixed-cost')
      .map(({ net, gross, ...line }) => ({ ...line, price: gross ?? net })),
    discounts: readDiscounts(terms),
    minimum: prorateMinimum(
      {
        period,
        monthsFrom: terms.monthsFrom ?? period.from,
        minimumMonthlyAmount: minimum === null ? null : new Decimal(minimum),
      },
      priceTerms,
    ),
    taxes,
    texts,
  }
}

/** Of its calls as issued; where it had none, those that they would have borne. */
async function loadPeriodTaxes(
  tx: Sql,
  client: InvoicedClient,
  { invoice, lines }: InvoiceToCorrect,
): Promise<readonly LineTax[]> {
  const line = lines.find(
    ({ kind, calls, correctsInvoiceId }) =>
      (calls !== null || kind === 'minimum') && correctsInvoiceId === null,
  )
  if (line) return line.taxes
  const ids = invoice.terms.taxIds ?? client.taxIds
  const taxes = await loadTaxes(tx, { brandId: client.brandId, ids })
  return ids.flatMap((id) => taxes.get(id) ?? [])
}
