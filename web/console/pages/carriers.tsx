/**
 * Carriers, and what is left of the price of a call when they have taken their part.
 */
import { useLocation } from 'preact-iso'
import { type Answer, api, readReport } from '../../shared/api.ts'
import { addDecimals } from '../../shared/decimal.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Card, Heading } from '../../shared/layout.tsx'
import { addDays, maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, PagedTable, Table } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import { BrandField, withoutEmpty } from '../parts.tsx'

type Carrier = Answer<'GET /v1/carriers'>['data'][number]
const groups = ['carrier', 'client', 'destination', 'day', 'month'] as const
const shownDays = 30

export function CarriersPage() {
  const { words } = useLocale()
  const { texts, may, me } = useConsole()
  const { route } = useLocation()
  const carriers = usePages<Carrier>('carriers', (cursor, signal) =>
    api('GET /v1/carriers', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  return (
    <>
      <Heading
        actions={
          may('carriers', 'c') && (
            <FormDialog
              label={texts.addCarrier}
              isPrimary
              submit={words.add}
              send={async ({ name = '', code = '', currency = '', timeZone = '', brandId }) => {
                const body = {
                  ...{ name, code, timeZone, currency: currency.toUpperCase() },
                  ...(brandId && { brandId }),
                }
                const { id } = await api('POST /v1/carriers', { body })
                route(`/console/carriers/${id}`)
              }}
            >
              <BrandField />
              <CarrierFields carrier={{ currency: me.brand?.currency, timeZone: me.brand?.timeZone }} />
            </FormDialog>
          )
        }
      >
        {texts.carriers}
      </Heading>
      <PagedTable
        caption={texts.carriers}
        empty={texts.noCarriers}
        pages={carriers}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.name,
            isTitle: true,
            cell: ({ id, name }) => <a href={`/console/carriers/${id}`}>{name}</a>,
          },
          { name: texts.carrierCode, cell: ({ code }) => <span class="code">{code}</span> },
          { name: texts.currency, isCorner: true, cell: ({ currency }) => currency },
          { name: texts.timeZone, cell: ({ timeZone }) => timeZone },
        ]}
      />
      {may('reports') && <Margins />}
    </>
  )
}

export function CarrierFields({
  carrier,
}: {
  carrier: { [Field in 'name' | 'code' | 'currency' | 'timeZone']?: string | undefined }
}) {
  const { words } = useLocale()
  const { texts } = useConsole()
  return (
    <>
      <TextField name="name" label={words.name} value={carrier.name ?? ''} required />
      <TextField
        name="code"
        label={texts.carrierCode}
        hint={texts.carrierCodeHint}
        value={carrier.code ?? ''}
        maxLength={64}
        required
      />
      <TextField
        name="currency"
        label={texts.currency}
        value={carrier.currency ?? ''}
        maxLength={3}
        required
      />
      <TextField
        name="timeZone"
        label={texts.timeZone}
        hint={texts.timeZoneHint}
        value={carrier.timeZone ?? ''}
        required
      />
    </>
  )
}

interface Margin {
  clientId?: string
  clientName?: string
  carrierId?: string | null
  carrierName?: string | null
  destination?: string | null
  day?: string
  month?: string
  currency: string
  calls: number
  seconds: number
  price: string
  cost: string
  margin: string
  marginPercent: string | null
  callsWithoutCost: number
}

function Margins() {
  const { words, format } = useLocale()
  const { texts } = useConsole()
  const { query, url, route } = useLocation()
  const group = groups.find((known) => known === query.groupBy) ?? 'carrier'
  const from = query.from ?? addDays(format.today(), 1 - shownDays)
  const last = query.last ?? format.today()
  const { data, error, reload } = useData(`margins ${url}`, (signal) =>
    readReport<Margin>('/v1/reports/margins.json', { groupBy: group, from, to: addDays(last, 1) }, signal),
  )
  const nameGroup = (row: Margin) => {
    if (group === 'client') return <a href={`/console/clients/${row.clientId}`}>{row.clientName}</a>
    if (group === 'carrier') {
      return row.carrierId ? <a href={`/console/carriers/${row.carrierId}`}>{row.carrierName}</a> : '–'
    }
    if (group === 'day') return row.day && format.day(row.day)
    return group === 'month' ? row.month && format.month(row.month) : (row.destination ?? '–')
  }
  const rows = data?.slice(0, 500) ?? []
  const decimals = maxDecimals(rows.flatMap(({ price, cost, margin }) => [price, cost, margin]))
  const currencies = [...new Set(rows.map(({ currency }) => currency))]
  const sum = (field: 'price' | 'cost' | 'margin', of: string) =>
    format.money(addDecimals((data ?? []).filter((row) => row.currency === of).map((row) => row[field])), of)
  return (
    <Card title={texts.margins}>
      <Form
        key={url}
        class="filters"
        send={async (values) => route(`/console/carriers?${new URLSearchParams(withoutEmpty(values))}`)}
      >
        <SelectField
          name="groupBy"
          label={texts.groupedBy}
          value={group}
          options={groups.map((known) => ({ value: known, text: texts.marginGroups[known] }))}
        />
        <TextField name="from" label={words.fromDay} type="date" value={from} required />
        <TextField name="last" label={words.toDay} type="date" value={last} required />
        <div class="buttons">
          <SubmitButton isPrimary={false}>{words.filter}</SubmitButton>
        </div>
      </Form>
      {error && <Failure error={error} retry={reload} />}
      {!error && !data && <Loading />}
      {data && (
        <Table
          caption={texts.margins}
          empty={texts.noMargins}
          rows={rows}
          keyOf={(row) =>
            [row.clientId, row.carrierId, row.destination, row.day, row.month, row.currency].join(' ')
          }
          columns={[
            { name: texts.marginGroups[group], isTitle: true, cell: nameGroup },
            { name: words.calls, isFigure: true, cell: ({ calls }) => format.whole(calls) },
            {
              name: words.price,
              isFigure: true,
              cell: ({ price, currency }) => format.money(price, currency, decimals),
            },
            {
              name: texts.cost,
              isFigure: true,
              cell: ({ cost, currency }) => format.money(cost, currency, decimals),
            },
            {
              name: texts.margin,
              isFigure: true,
              isCorner: true,
              cell: ({ margin, currency }) => format.money(margin, currency, decimals),
            },
            {
              name: '%',
              isFigure: true,
              cell: ({ marginPercent }) => marginPercent !== null && `${format.decimal(marginPercent)} %`,
            },
            {
              name: texts.withoutCost,
              isFigure: true,
              isDetail: true,
              cell: ({ callsWithoutCost }) => callsWithoutCost > 0 && format.whole(callsWithoutCost),
            },
          ]}
          footer={currencies.map((currency) => (
            <tr key={currency}>
              <th scope="row" colSpan={2}>
                {words.total}
              </th>
              <td class="figure" data-name={words.price}>
                {sum('price', currency)}
              </td>
              <td class="figure" data-name={texts.cost}>
                {sum('cost', currency)}
              </td>
              <td class="figure" data-name={texts.margin}>
                {sum('margin', currency)}
              </td>
              <td class="detail" colSpan={2} />
            </tr>
          ))}
        />
      )}
    </Card>
  )
}
