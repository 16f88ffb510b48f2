/** How a brand's invoices are numbered: its series, with the number that comes next. */
import { type Answer, api } from '../../shared/api.ts'
import { TextField } from '../../shared/form.tsx'
import { Card } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import { CheckField } from '../parts.tsx'

export type Series = Answer<'GET /v1/invoice-number-sequences'>['data'][number]

/** Of this brand, by name. */
export function useSeries(brandId: string) {
  const loaded = useData(`series of ${brandId}`, (signal) =>
    api('GET /v1/invoice-number-sequences', { query: { limit: 500, sort: 'name' }, signal }),
  )
  return { ...loaded, series: loaded.data?.data.filter((one) => one.brandId === brandId) }
}

export function NumberSeries({
  brandId,
  loaded: { series, error, reload },
}: {
  brandId: string
  loaded: ReturnType<typeof useSeries>
}) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  return (
    <Card
      title={texts.brandSettings.series}
      actions={
        may('invoice-number-sequences', 'c') && (
          <FormDialog
            label={words.add}
            title={texts.brandSettings.addSeries}
            send={async ({ name = '', prefix = '', width, start, resetYearly }) => {
              await api('POST /v1/invoice-number-sequences', {
                body: {
                  brandId,
                  name,
                  prefix,
                  width: Number(width),
                  start: Number(start),
                  resetYearly: resetYearly === 'on',
                },
              })
              reload()
            }}
          >
            <TextField name="name" label={words.name} required />
            <TextField
              name="prefix"
              label={texts.brandSettings.seriesPrefix}
              hint={texts.brandSettings.seriesPrefixHint}
              value="F{yyyy}-"
              maxLength={40}
            />
            <TextField
              name="width"
              label={texts.brandSettings.seriesWidth}
              value="5"
              pattern="[0-9]{1,2}"
              required
            />
            <TextField
              name="start"
              label={texts.brandSettings.seriesStart}
              value="1"
              pattern="[0-9]{1,12}"
              required
            />
            <CheckField name="resetYearly" label={texts.brandSettings.resetYearly} />
          </FormDialog>
        )
      }
    >
      {error && <Failure error={error} retry={reload} />}
      {!series && !error && <Loading />}
      {series && (
        <Table
          caption={texts.brandSettings.series}
          empty={texts.brandSettings.noSeries}
          rows={series}
          keyOf={({ id }) => id}
          columns={[
            { name: words.name, isTitle: true, cell: ({ name }) => name },
            {
              name: texts.brandSettings.seriesPrefix,
              cell: ({ prefix }) => prefix && <span class="code">{prefix}</span>,
            },
            { name: texts.brandSettings.nextNumber, cell: (one) => <NextNumber series={one} /> },
          ]}
        />
      )}
    </Card>
  )
}

function NextNumber({ series: { id } }: { series: Series }) {
  const { data } = useData(`next number of ${id}`, (signal) =>
    api('GET /v1/invoice-number-sequences/{id}/next', { params: { id }, signal }),
  )
  return <span class="code">{data?.number ?? '…'}</span>
}
