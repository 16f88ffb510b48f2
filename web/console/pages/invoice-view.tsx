/**
 * What an invoice says: its sums, its lines, what was paid. The same for a preview, a draft and an issued one.
 */
import { InvoiceStatus } from '../../portal/pages/invoices.tsx'
import type { Answer } from '../../shared/api.ts'
import { Card, Facts } from '../../shared/layout.tsx'
import { addDays, maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Table } from '../../shared/table.tsx'
import { useConsole } from '../console.tsx'

export type Invoice = Answer<'GET /v1/invoices/{id}'>

export function InvoiceView({ invoice }: { invoice: Invoice }) {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const {
    currency,
    payments = [],
    warnings = [],
  } = invoice as Invoice & {
    warnings?: { code: string; detail: string }[]
  }
  const money = (amount: string) => format.money(amount, currency)
  const decimals = maxDecimals(invoice.lines.map(({ unitPrice }) => unitPrice))
  return (
    <>
      {warnings.length > 0 && (
        <div class="notice warn">
          <strong>{texts.warnings}</strong>
          <ul>
            {warnings.map(({ code, detail }) => (
              <li key={`${code} ${detail}`}>{detail}</li>
            ))}
          </ul>
        </div>
      )}
      <div class="cards">
        <Card title={words.amountDue}>
          <p class="big">{money(invoice.amountDue)}</p>
          <Facts
            facts={[
              [words.status, <InvoiceStatus key="status" status={invoice.status} />],
              [words.period, `${format.day(invoice.from)} – ${format.day(addDays(invoice.to, -1))}`],
              invoice.issueDay === null ? null : [words.issued, format.day(invoice.issueDay)],
              invoice.dueDay === null ? null : [words.due, format.day(invoice.dueDay)],
            ]}
          />
        </Card>
        <Card title={words.total}>
          <p class="big">{money(invoice.total)}</p>
          <Facts
            facts={[
              [words.net, money(invoice.net)],
              ...invoice.taxes.map(
                ({ name, rate, amount }) => [`${name} (${format.decimal(rate)} %)`, money(amount)] as const,
              ),
            ]}
          />
        </Card>
      </div>
      <Table
        caption={words.invoice}
        empty={words.nothingHere}
        rows={invoice.lines}
        keyOf={({ index }) => String(index)}
        columns={[
          { name: words.description, isTitle: true, cell: ({ description }) => description },
          { name: words.calls, isFigure: true, cell: ({ calls }) => calls !== null && format.whole(calls) },
          { name: words.quantity, isFigure: true, cell: ({ quantity }) => format.decimal(quantity) },
          {
            name: words.unitPrice,
            isFigure: true,
            cell: ({ unitPrice }) => format.money(unitPrice, currency, decimals),
          },
          { name: words.net, isFigure: true, isCorner: true, cell: ({ net }) => money(net) },
        ]}
      />
      {payments.length > 0 && (
        <Card title={words.payments}>
          <Facts
            facts={payments.map(({ paidAt, amount }) => [format.instant(paidAt), money(amount)] as const)}
          />
        </Card>
      )}
    </>
  )
}
