/**
 * One invoice as it was issued: lines, taxes, what was paid and what is still due.
 */
import { useRoute } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { addDays, maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { Documents, InvoiceStatus } from './invoices.tsx'

export function InvoicePage() {
  const { words, format, language } = useLocale()
  const id = useRoute().params.id ?? ''
  const { data, error, reload } = useData(`invoice ${id}`, (signal) =>
    api('GET /v1/invoices/{id}', { params: { id }, signal }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { currency, payments = [] } = data
  const money = (amount: string) => format.money(amount, currency)
  const decimals = maxDecimals(data.lines.map(({ unitPrice }) => unitPrice))
  const kind = data.kind === 'invoice' ? words.invoice : words.creditNote
  return (
    <>
      <Heading
        actions={
          data.status !== 'draft' && (
            <>
              <Documents id={id} />
              <a href={`/v1/invoices/${id}.csv?flavour=spreadsheet&locale=${language}`} download>
                {words.callsAsCsv}
              </a>
            </>
          )
        }
      >
        {`${kind} ${data.number ?? ''}`.trim()}
      </Heading>
      <p>
        <a href="/portal/invoices">{words.back}</a>
      </p>
      <div class="cards">
        <Card title={words.amountDue}>
          <p class="big">{money(data.amountDue)}</p>
          <Facts
            facts={[
              [words.status, <InvoiceStatus key="status" status={data.status} />],
              [words.period, `${format.day(data.from)} – ${format.day(addDays(data.to, -1))}`],
              data.issueDay === null ? null : [words.issued, format.day(data.issueDay)],
              data.dueDay === null ? null : [words.due, format.day(data.dueDay)],
            ]}
          />
        </Card>
        <Card title={words.total}>
          <p class="big">{money(data.total)}</p>
          <Facts
            facts={[
              [words.net, money(data.net)],
              ...data.taxes.map(
                ({ name, rate, amount }) => [`${name} (${format.decimal(rate)} %)`, money(amount)] as const,
              ),
            ]}
          />
        </Card>
      </div>
      <Table
        caption={kind}
        empty={words.nothingHere}
        rows={data.lines}
        keyOf={({ index }) => String(index)}
        columns={[
          { name: words.description, isTitle: true, cell: ({ description }) => description },
          { name: words.calls, isFigure: true, cell: ({ calls }) => calls !== null && format.whole(calls) },
          {
            name: words.billed,
            isFigure: true,
            cell: ({ billedSeconds }) => billedSeconds !== null && format.duration(billedSeconds),
          },
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
