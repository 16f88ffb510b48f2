/**
 * The bundles and recurring fees that a client has: what is left today, and giving and ending them.
 */
import { type Answer, api } from '../../shared/api.ts'
import { addDecimals } from '../../shared/decimal.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Badge, Card } from '../../shared/layout.tsx'
import { addDays, useLocale } from '../../shared/locale.tsx'
import { useQuantity } from '../../shared/quantity.ts'
import { Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import type { Client } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { EditDialog, FormDialog } from '../dialogs.tsx'
import { CheckField, orNull } from '../parts.tsx'

type Allowance = Answer<'GET /v1/clients/{clientId}/allowances'>['data'][number]

export function ClientAllowances({ client }: { client: Client }) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const params = { clientId: client.id }
  const allowances = useData(`allowances ${client.id}`, (signal) =>
    api('GET /v1/clients/{clientId}/allowances', { params, query: { limit: 100 }, signal }),
  )
  const plans = useData(may('allowance-plans') ? 'allowance plans' : null, (signal) =>
    api('GET /v1/allowance-plans', { query: { limit: 500, sort: 'name' }, signal }),
  )
  const currency = client.currency ?? 'EUR'
  const ofCurrency = plans.data?.data.filter((plan) => plan.currency === currency) ?? []
  const write = useQuantity(currency)
  return (
    <Card
      title={words.allowances}
      actions={
        may('allowances', 'c') &&
        ofCurrency.length > 0 && (
          <FormDialog
            label={texts.addAllowance}
            submit={words.add}
            send={async ({ allowancePlanId = '', from, quantity, prorate, email }) => {
              const body = {
                ...{ allowancePlanId, from: from || format.today(), quantity: Number(quantity) },
                ...{ prorate: prorate === 'on', email: orNull(email) },
              }
              await api('POST /v1/clients/{clientId}/allowances', { params, body })
              allowances.reload()
            }}
          >
            <SelectField
              name="allowancePlanId"
              label={texts.allowancePlan}
              options={ofCurrency.map(({ id, name }) => ({ value: id, text: name }))}
            />
            <TextField name="from" label={words.fromDay} type="date" value={format.today()} required />
            <TextField name="quantity" label={words.quantity} value="1" pattern="[0-9]+" required />
            <CheckField name="prorate" label={texts.prorate} isOn />
            <TextField name="email" label={words.email} hint={texts.allowanceEmailHint} type="email" />
          </FormDialog>
        )
      }
    >
      <Table
        caption={words.allowances}
        empty={texts.noAllowances}
        rows={allowances.data?.data ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            name: texts.allowancePlan,
            isTitle: true,
            cell: ({ allowancePlanId, allowancePlanName, quantity = 1 }) => (
              <>
                <a href={`/console/allowance-plans/${allowancePlanId}`}>{allowancePlanName}</a>
                {quantity > 1 && ` × ${format.whole(quantity)}`}
              </>
            ),
          },
          { name: words.fromDay, isShort: true, cell: ({ from }) => format.day(from) },
          {
            name: texts.lastDay,
            isShort: true,
            cell: ({ to }) => (to ? format.day(addDays(to, -1)) : '–'),
          },
          {
            name: texts.leftToday,
            cell: ({ periods }) =>
              periods.map(({ from, status, items }) => (
                <div key={from}>
                  {status !== 'active' && <Badge tone="bad">{texts.allowanceStatuses[status]}</Badge>}
                  {items.map(({ name, unit, left, amount, rolledOver }) => (
                    <div key={name}>
                      {name}:{' '}
                      {words.leftOf(
                        write(unit, String(left)),
                        write(unit, addDecimals([String(amount), String(rolledOver)])),
                      )}
                    </div>
                  ))}
                </div>
              )),
          },
          {
            name: words.edit,
            isActions: true,
            cell: (allowance) => (
              <Actions allowance={allowance} params={params} onChanged={allowances.reload} />
            ),
          },
        ]}
      />
    </Card>
  )
}

/** Loaded anew for each of them, so that a change that somebody else has made meanwhile is seen. */
function Actions({
  allowance: { id, allowancePlanName },
  params: ofClient,
  onChanged,
}: {
  allowance: Allowance
  params: { clientId: string }
  onChanged(): void
}) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const params = { ...ofClient, id }
  return (
    <span class="actions">
      {may('allowances', 'u') && (
        <EditDialog
          title={allowancePlanName}
          load={(signal) => api.tagged('GET /v1/clients/{clientId}/allowances/{id}', { params, signal })}
          save={async ({ lastDay, email }, headers) => {
            await api('PATCH /v1/clients/{clientId}/allowances/{id}', {
              params,
              body: { to: lastDay ? addDays(lastDay, 1) : null, email: orNull(email) },
              headers,
            })
            onChanged()
          }}
        >
          {({ to, email }) => (
            <>
              <TextField
                name="lastDay"
                label={texts.lastDay}
                hint={texts.lastDayHint}
                type="date"
                value={to ? addDays(to, -1) : ''}
              />
              <TextField
                name="email"
                label={words.email}
                hint={texts.allowanceEmailHint}
                type="email"
                value={email ?? ''}
              />
            </>
          )}
        </EditDialog>
      )}
      {may('allowances', 'd') && (
        <EditDialog
          title={words.remove}
          label={words.remove}
          submit={words.remove}
          isDanger
          load={(signal) => api.tagged('GET /v1/clients/{clientId}/allowances/{id}', { params, signal })}
          save={async (_values, headers) => {
            await api('DELETE /v1/clients/{clientId}/allowances/{id}', { params, headers })
            onChanged()
          }}
        >
          {() => <p>{texts.removeThing(allowancePlanName)}</p>}
        </EditDialog>
      )}
    </span>
  )
}
