/**
 * One allowance plan as a form: its fee, and what it holds. Periods that have begun keep what they began with.
 */
import { useState } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Card, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'
import { BrandField, CheckField } from '../parts.tsx'

type Plan = Answer<'GET /v1/allowance-plans/{id}'>
type Item = Plan['items'][number]
type Fields = NonNullable<Parameters<typeof api<'POST /v1/allowance-plans'>>[1]>['body']

const periods = ['day', 'week', 'month'] as const
const units = ['seconds', 'calls', 'money'] as const

export function AllowancePlanPage() {
  const id = useRoute().params.id ?? ''
  const isNew = id === 'new'
  const { data, error, reload } = useData(isNew ? null : `allowance plan ${id}`, (signal) =>
    api.tagged('GET /v1/allowance-plans/{id}', { params: { id }, signal }),
  )
  if (error) return <Failure error={error} retry={reload} />
  if (!isNew && !data) return <Loading />
  return <Editor key={data?.etag} plan={data?.answer} etag={data?.etag ?? ''} onSaved={reload} />
}

function Editor({
  plan,
  etag,
  onSaved,
}: {
  /** undefined: a new one. */
  plan: Plan | undefined
  etag: string
  onSaved(): void
}) {
  const { words } = useLocale()
  const { texts, may, me } = useConsole()
  const { route } = useLocation()
  const mayWrite = may('allowance-plans', plan ? 'u' : 'c')
  // An item keeps its number while others come and go.
  const [rows, setRows] = useState<readonly { number: number; item?: Item }[]>(
    plan?.items.map((item, number) => ({ number, item })) ?? [{ number: 0 }],
  )
  const numbers = rows.map(({ number }) => number)
  const save = async (values: Record<string, string>, headers: Record<string, string>) => {
    const body = readFields(values, numbers)
    if (plan) {
      await api('PATCH /v1/allowance-plans/{id}', { params: { id: plan.id }, body, headers })
      onSaved()
    } else {
      const { brandId } = values
      const { id } = await api('POST /v1/allowance-plans', { body: { ...body, ...(brandId && { brandId }) } })
      route(`/console/allowance-plans/${id}`)
    }
  }
  return (
    <>
      <Heading>{plan?.name ?? texts.addAllowancePlan}</Heading>
      <p>
        <a href="/console/allowance-plans">{words.back}</a>
      </p>
      <Card title={texts.allowancePlan}>
        <p>{texts.allowancePlanText}</p>
        <Form
          class="form two-columns"
          explain={({ errors }) => explainItem(errors)}
          send={(values, ifMatch) => save(values, ifMatch(etag))}
        >
          {!plan && <BrandField />}
          <TextField name="name" label={words.name} value={plan?.name ?? ''} required />
          <TextField
            name="currency"
            label={texts.currency}
            value={plan?.currency ?? me.brand?.currency ?? 'EUR'}
            maxLength={3}
            required
          />
          <SelectField
            name="period"
            label={texts.unit}
            value={plan?.period ?? 'month'}
            options={periods.map((period) => ({ value: period, text: texts.everyOne[period] }))}
          />
          <TextField
            name="fee"
            label={words.movementKinds.fee}
            value={plan?.fee ?? '0'}
            inputMode="decimal"
            pattern="[0-9]+([.,][0-9]+)?"
            required
          />
          {rows.map(({ number, item }) => (
            <fieldset key={number} class="wide">
              <legend>{item?.name ?? texts.newAllowanceItem}</legend>
              <div class="two-columns">
                <ItemFields number={number} item={item} />
              </div>
              {mayWrite && (
                <div class="buttons">
                  <button
                    type="button"
                    onClick={() => setRows(rows.filter((other) => other.number !== number))}
                  >
                    {words.remove}
                  </button>
                </div>
              )}
            </fieldset>
          ))}
          {mayWrite && (
            <div class="buttons wide">
              <SubmitButton>{words.save}</SubmitButton>
              <button
                type="button"
                onClick={() => setRows([...rows, { number: Math.max(-1, ...numbers) + 1 }])}
              >
                {texts.addAllowanceItem}
              </button>
            </div>
          )}
        </Form>
      </Card>
      {plan && may('allowance-plans', 'd') && (
        <p>
          <AskFirst
            label={words.remove}
            question={texts.removeThing(plan.name)}
            isDanger
            act={async (_values, ifMatch) => {
              const params = { id: plan.id }
              await api('DELETE /v1/allowance-plans/{id}', { params, headers: ifMatch(etag) })
              route('/console/allowance-plans')
            }}
          />
        </p>
      )}
    </>
  )
}

function ItemFields({ number, item }: { number: number; item: Item | undefined }) {
  const { words } = useLocale()
  const { texts } = useConsole()
  return (
    <>
      <TextField name={`name-${number}`} label={words.name} value={item?.name ?? ''} required />
      <TextField
        name={`prefixes-${number}`}
        label={words.numberStarts}
        hint={texts.allowancePrefixesHint}
        value={item?.prefixes.join(', ') ?? '*'}
        required
      />
      <SelectField
        name={`unit-${number}`}
        label={texts.allowanceUnit}
        value={item?.unit ?? 'seconds'}
        options={units.map((unit) => ({ value: unit, text: texts.allowanceUnits[unit] }))}
      />
      <TextField
        name={`amount-${number}`}
        label={words.amount}
        value={item ? String(item.amount) : ''}
        inputMode="decimal"
        pattern="[0-9]+([.,][0-9]+)?"
        required
      />
      <TextField
        name={`weight-${number}`}
        label={texts.weight}
        hint={texts.allowanceWeightHint}
        value={String(item?.weight ?? 10)}
        pattern="[0-9]+"
        required
      />
      <CheckField
        name={`connect-${number}`}
        label={texts.coversConnectFee}
        isOn={item?.coversConnectFee ?? true}
      />
      <CheckField name={`rollover-${number}`} label={texts.rollover} isOn={item?.rollover ?? false} />
    </>
  )
}

/** The first fault of an item, by its place; faults of other fields stand at them. */
function explainItem(errors: readonly { pointer: string; detail: string }[]): string | undefined {
  for (const { pointer, detail } of errors) {
    const place = /^\/items\/(\d+)/.exec(pointer)?.[1]
    if (place !== undefined) return `${Number(place) + 1}. ${detail}`
  }
  return undefined
}

function readFields(values: Record<string, string>, numbers: readonly number[]): Fields {
  const { name = '', currency = '', period, fee = '' } = values
  const readMoney = (text: string) => text.trim().replace(',', '.')
  return {
    name,
    currency: currency.toUpperCase(),
    period: periods.find((known) => known === period) ?? 'month',
    fee: readMoney(fee),
    items: numbers.map((number) => {
      const read = (field: string) => values[`${field}-${number}`] ?? ''
      const unit = units.find((known) => known === read('unit')) ?? 'seconds'
      const amount = readMoney(read('amount'))
      return {
        name: read('name'),
        prefixes: read('prefixes')
          .split(/[\s,;]+/)
          .filter(Boolean),
        unit,
        amount: unit === 'money' ? amount : Number(amount),
        weight: Number(read('weight')),
        coversConnectFee: read('connect') === 'on',
        rollover: read('rollover') === 'on',
      }
    }),
  }
}
