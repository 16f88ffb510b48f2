/**
 * Who owes how much, and for how long.
 */
import { type Answer, api } from '../../shared/api.ts'
import { Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'

type Row = Answer<'GET /v1/receivables'>['data'][number]

export function ReceivablesPage() {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const rows = usePages<Row>('receivables', (cursor, signal) =>
    api('GET /v1/receivables', { query: cursor ? { cursor } : {}, signal }),
  )
  const ages = ['notDue', 'upTo30', 'upTo60', 'upTo90', 'over90'] as const
  return (
    <>
      <Heading>{texts.receivables}</Heading>
      <PagedTable
        caption={texts.receivables}
        empty={texts.noReceivables}
        pages={rows}
        keyOf={({ clientId, currency }) => `${clientId} ${currency}`}
        columns={[
          {
            name: words.client,
            isTitle: true,
            cell: ({ clientId, clientName }) => (
              <a href={`/console/invoices?clientId=${clientId}`}>{clientName}</a>
            ),
          },
          { name: texts.invoicesOpen, isFigure: true, cell: ({ invoices }) => format.whole(invoices) },
          ...ages.map((age) => ({
            name: texts[age],
            isFigure: true,
            cell: (row: Row) => row[age] !== '0' && format.money(row[age], row.currency),
          })),
          {
            name: words.amountDue,
            isFigure: true,
            isCorner: true,
            cell: ({ due, currency }) => format.money(due, currency),
          },
        ]}
      />
    </>
  )
}
