/** What a client has and owes, and how it pays. */
import { api } from '../../shared/api.ts'
import { type Sending, TextField } from '../../shared/form.tsx'
import { Card, Facts } from '../../shared/layout.tsx'
import { maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import { orNull } from '../parts.tsx'
import type { Shown } from './settings.tsx'

export function Money({ client }: Shown) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const params = { clientId: client.id }
  const currency = client.currency ?? 'EUR'
  const balance = useData(may('balance') ? `balance ${client.id}` : null, (signal) =>
    api('GET /v1/clients/{clientId}/balance', { params, signal }),
  )
  const usage = useData(may('daily-usage') ? `usage ${client.id}` : null, (signal) =>
    api('GET /v1/clients/{clientId}/daily-usage', { params, signal }),
  )
  const movements = useData(may('balance-movements') ? `movements ${client.id}` : null, (signal) =>
    api('GET /v1/clients/{clientId}/balance-movements', { params, query: { limit: 20 }, signal }),
  )
  const book = async (
    kind: 'top-up' | 'adjustment',
    { amount = '', reference }: Record<string, string>,
    headers: Sending['once'],
  ) => {
    const body = { kind, amount: amount.replace(',', '.'), reference: orNull(reference) ?? '' }
    await api('POST /v1/clients/{clientId}/balance-movements', { params, body, headers })
    balance.reload()
    movements.reload()
  }
  const kinds: Record<string, string> = words.movementKinds
  const rows = movements.data?.data ?? []
  const decimals = maxDecimals(rows.flatMap(({ amount, balanceAfter }) => [amount, balanceAfter]))
  return (
    <>
      <div class="cards">
        {balance.data && (
          <Card
            title={words.balance}
            actions={
              may('balance-movements', 'c') && (
                <span class="actions">
                  {(['top-up', 'adjustment'] as const).map((kind) => (
                    <FormDialog
                      key={kind}
                      label={kind === 'top-up' ? texts.topUp : texts.adjustment}
                      send={(values, _ifMatch, { once }) => book(kind, values, once)}
                    >
                      <TextField
                        name="amount"
                        label={`${words.amount} (${currency})`}
                        hint={kind === 'adjustment' ? texts.adjustmentHint : undefined}
                        inputMode="decimal"
                        pattern="-?[0-9]+([.,][0-9]+)?"
                        required
                      />
                      <TextField name="reference" label={words.reference} maxLength={255} required />
                    </FormDialog>
                  ))}
                </span>
              )
            }
          >
            <p class="big">{format.money(balance.data.balance, currency)}</p>
            <Facts
              facts={[
                [words.reserved, format.money(balance.data.reserved, currency)],
                [
                  words.available,
                  balance.data.available === null
                    ? words.notLimited
                    : format.money(balance.data.available, currency),
                ],
                [words.unbilled, format.money(balance.data.unbilled, currency)],
                [words.invoicedUnpaid, format.money(balance.data.invoicedUnpaid, currency)],
              ]}
            />
          </Card>
        )}
        {usage.data && (
          <Card title={words.spentToday}>
            <p class="big">{format.money(usage.data.amount, currency)}</p>
            <Facts
              facts={[
                [
                  words.dailyLimit,
                  usage.data.limit === null ? words.noLimit : format.money(usage.data.limit, currency),
                ],
                [words.reserved, format.money(usage.data.reserved, currency)],
                usage.data.limitReachedAt === null
                  ? null
                  : [texts.reasons.daily_limit_reached, format.instant(usage.data.limitReachedAt)],
              ]}
            />
          </Card>
        )}
      </div>
      <p class="actions">
        {may('calls') && (
          <a class="button" href={`/console/calls?clientId=${client.id}`}>
            {words.calls}
          </a>
        )}
        {may('invoices') && (
          <a class="button" href={`/console/invoices?clientId=${client.id}`}>
            {words.invoices}
          </a>
        )}
        {may('price-simulations') && (
          <a class="button" href={`/console/explain?clientId=${client.id}`}>
            {texts.explain}
          </a>
        )}
      </p>
      {movements.data && (
        <Table
          caption={words.statement}
          empty={words.noMovements}
          rows={rows}
          keyOf={({ id, seq }) => id ?? String(seq)}
          columns={[
            {
              name: words.time,
              isTitle: true,
              isShort: true,
              cell: ({ createdAt }) => format.instant(createdAt),
            },
            { name: words.movement, cell: ({ kind }) => kinds[kind] ?? kind },
            { name: words.reference, cell: ({ reference }) => reference },
            {
              name: words.amount,
              isFigure: true,
              isCorner: true,
              cell: ({ amount }) => format.money(amount, currency, decimals),
            },
            {
              name: words.balance,
              isFigure: true,
              cell: ({ balanceAfter }) => format.money(balanceAfter, currency, decimals),
            },
          ]}
        />
      )}
    </>
  )
}
