/**
 * The bundles and recurring fees that a client has: what is left today, and giving and ending them.
 */
import { type Answer, api } from '../../shared/api.ts'
import { addDecimals } from '../../shared/decimal.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Badge, Card } from '../../shared/layout.tsx'
import { addDays, useLocale } from '../../shared/locale.tsx'
import { Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { CheckField, type Client, EditDialog, FormDialog, orNull } from '../parts.tsx'

type Allowance = Answer<'GET /v1/clients/{clientId}/allowances'>['data'][number]
type Item = Allowance['periods'][number]['items'][number]

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
  const namePlan = (id: string) => plans.data?.data.find((plan) => plan.id === id)?.name ?? '…'
  const write = (unit: Item['unit'], quantity: Item['left']) => {
    if (unit === 'seconds') return format.duration(Number(quantity))
    return unit === 'money'
      ? format.money(String(quantity), currency)
      : words.numberOfCalls(format.whole(Number(quantity)))
  }
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
            cell: ({ allowancePlanId, quantity = 1 }) => (
              <>
                <a href={`/console/allowance-plans/${allowancePlanId}`}>{namePlan(allowancePlanId)}</a>
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
                      {words.leftOf(write(unit, left), write(unit, addQuantities(unit, amount, rolledOver)))}
                    </div>
                  ))}
                </div>
              )),
          },
          {
            name: words.edit,
            isActions: true,
            cell: ({ id, allowancePlanId }) =>
              may('allowances', 'u') && (
                <EditDialog
                  title={namePlan(allowancePlanId)}
                  load={(signal) =>
                    api.tagged('GET /v1/clients/{clientId}/allowances/{id}', {
                      ...{ params: { ...params, id }, signal },
                    })
                  }
                  save={async ({ lastDay, email }, headers) => {
                    await api('PATCH /v1/clients/{clientId}/allowances/{id}', {
                      params: { ...params, id },
                      body: { to: lastDay ? addDays(lastDay, 1) : null, email: orNull(email) },
                      headers,
                    })
                    allowances.reload()
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
              ),
          },
        ]}
      />
    </Card>
  )
}

/** Counts are numbers, money is decimal text. */
function addQuantities(unit: Item['unit'], one: Item['amount'], other: Item['amount']): Item['amount'] {
  return unit === 'money' ? addDecimals([String(one), String(other)]) : Number(one) + Number(other)
}
