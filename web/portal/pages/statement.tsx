/**
 * The account of a month: the balance before, every movement, the balance after.
 */
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { SelectField } from '../../shared/form.tsx'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { maxDecimals, useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { usePortal } from '../client.tsx'

type Statement = Answer<'GET /v1/clients/{clientId}/statement'>
type Movement = Statement['movements'][number]

const shownMonths = 24

export function StatementPage() {
  const { words, format } = useLocale()
  const { client, may } = usePortal()
  const { query, route } = useLocation()
  const present = format.today().slice(0, 7)
  const months = Array.from({ length: shownMonths }, (_, index) => addMonths(present, -index))
  const month = months.find((known) => known === query.month) ?? present
  const span = { from: `${month}-01`, to: `${addMonths(month, 1)}-01` }
  const ask = (cursor: string | undefined, signal: AbortSignal) =>
    api('GET /v1/clients/{clientId}/statement', {
      params: { clientId: client.id },
      query: { ...span, limit: 50, ...(cursor && { cursor }) },
      signal,
    })
  const { data: summary } = useData(`summary ${month}`, (signal) =>
    api('GET /v1/clients/{clientId}/statement', {
      params: { clientId: client.id },
      query: { ...span, limit: 1 },
      signal,
    }),
  )
  const movements = usePages<Movement>(`statement ${month}`, async (cursor, signal) => {
    const { movements: data, nextCursor } = await ask(cursor, signal)
    return { data, nextCursor }
  })
  const decimals = maxDecimals(movements.rows.flatMap(({ amount, balanceAfter }) => [amount, balanceAfter]))
  const kinds: Record<string, string> = words.movementKinds
  const nameOf = ({ kind, day }: Movement) => (day === undefined ? (kinds[kind] ?? kind) : words.chargesOfDay)
  return (
    <>
      <Heading>{words.statement}</Heading>
      <div class="filters">
        <SelectField
          name="month"
          label={words.month}
          value={month}
          options={months.map((known) => ({ value: known, text: format.month(known) }))}
          onChange={(chosen) => route(`/portal/statement?month=${chosen}`)}
        />
      </div>
      {summary && (
        <Card title={format.month(month)}>
          <Facts
            facts={[
              [words.openingBalance, format.money(summary.openingBalance, summary.currency)],
              ...Object.entries(summary.totals).map(
                ([kind, amount]) => [kinds[kind] ?? kind, format.money(amount, summary.currency)] as const,
              ),
              [words.closingBalance, format.money(summary.closingBalance, summary.currency)],
            ]}
          />
        </Card>
      )}
      <PagedTable
        caption={words.statement}
        empty={words.noMovements}
        pages={movements}
        keyOf={({ id, day, kind }) => id ?? `${day} ${kind}`}
        columns={[
          {
            name: words.day,
            isTitle: true,
            isShort: true,
            cell: ({ createdAt, day }) => (day === undefined ? format.instant(createdAt) : format.day(day)),
          },
          {
            name: words.movement,
            cell: (movement) =>
              movement.callId && may('calls') ? (
                <a href={`/portal/calls/${encodeURIComponent(movement.callId)}`}>{nameOf(movement)}</a>
              ) : (
                nameOf(movement)
              ),
          },
          { name: words.reference, cell: ({ reference }) => reference },
          {
            name: words.amount,
            isFigure: true,
            isCorner: true,
            cell: ({ amount, currency }) => format.money(amount, currency, decimals),
          },
          {
            name: words.balance,
            isFigure: true,
            cell: ({ balanceAfter, currency }) => format.money(balanceAfter, currency, decimals),
          },
        ]}
      />
    </>
  )
}

function addMonths(month: string, count: number): string {
  const [year = 1970, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}
