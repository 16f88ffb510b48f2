/**
 * Who is written to, and when: the address for the daily limit, and alerts on the balance.
 */
import { useState } from 'preact/hooks'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Card, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { type Column, Failure, PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { usePortal } from '../client.tsx'

type Alert = Answer<'GET /v1/clients/{clientId}/balance-alerts'>['data'][number]

export function AlertsPage() {
  const { words } = useLocale()
  const { may } = usePortal()
  return (
    <>
      <Heading>{words.alerts}</Heading>
      {may('clients') && <DailyLimitAddress />}
      <BalanceAlerts />
    </>
  )
}

function DailyLimitAddress() {
  const { words } = useLocale()
  const { client } = usePortal()
  const { data, error, reload } = useData('client', (signal) =>
    api('GET /v1/clients/{id}', { params: { id: client.id }, signal }),
  )
  if (error) return <Failure error={error} retry={reload} />
  const address = data?.maxDailyUsageEmail
  return (
    <Card title={words.dailyLimit}>
      {data && (
        <p>
          {address ? words.dailyLimitMail : words.dailyLimitMailNone} <strong>{address}</strong>
        </p>
      )}
      <p class="muted">{words.askOperator}</p>
    </Card>
  )
}

function BalanceAlerts() {
  const { words, format } = useLocale()
  const { client, may } = usePortal()
  const [failure, setFailure] = useState<Error>()
  const alerts = usePages<Alert>('alerts', (cursor, signal) =>
    api('GET /v1/clients/{clientId}/balance-alerts', {
      params: { clientId: client.id },
      query: { limit: 100, ...(cursor && { cursor }) },
      signal,
    }),
  )
  const remove = (id: string) =>
    api('DELETE /v1/clients/{clientId}/balance-alerts/{id}', { params: { clientId: client.id, id } }).then(
      alerts.reload,
      setFailure,
    )
  const columns: Column<Alert>[] = [
    { name: words.email, isTitle: true, cell: ({ email }) => email },
    {
      name: words.threshold,
      isFigure: true,
      cell: ({ threshold }) => format.money(threshold, client.currency),
    },
  ]
  if (may('balance-alerts', 'd')) {
    columns.push({
      name: words.remove,
      isFigure: true,
      cell: ({ id, email }) => (
        <button
          type="button"
          class="plain danger"
          aria-label={`${words.remove}: ${email}`}
          onClick={() => remove(id)}
        >
          {words.remove}
        </button>
      ),
    })
  }
  return (
    <Card title={words.balanceAlerts}>
      <p class="muted">{words.balanceAlertsText}</p>
      {failure && <Failure error={failure} />}
      <PagedTable
        caption={words.balanceAlerts}
        empty={words.noAlerts}
        pages={alerts}
        keyOf={({ id }) => id}
        columns={columns}
      />
      {may('balance-alerts', 'c') && (
        <Form
          done={words.saved}
          send={async ({ threshold = '', email = '' }, _ifMatch, { form }) => {
            await api('POST /v1/clients/{clientId}/balance-alerts', {
              params: { clientId: client.id },
              body: { threshold: threshold.trim().replace(',', '.'), email: email.trim() },
            })
            form.reset()
            alerts.reload()
          }}
        >
          <TextField
            name="threshold"
            label={`${words.threshold} (${client.currency})`}
            required
            inputMode="decimal"
            pattern="-?[0-9]+([.,][0-9]+)?"
          />
          <TextField name="email" label={words.email} type="email" required autocomplete="email" />
          <SubmitButton>{words.addAlert}</SubmitButton>
        </Form>
      )}
    </Card>
  )
}
