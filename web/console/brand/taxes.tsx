/** What a brand's invoices may charge; each client has its own of them. */
import { api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Card } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, FormDialog } from '../dialogs.tsx'

const categories = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M'] as const

/** Of this brand, by name. */
export function useTaxes(brandId: string | undefined) {
  const loaded = useData(brandId === undefined ? null : `taxes of ${brandId}`, (signal) =>
    api('GET /v1/taxes', { query: { limit: 500, sort: 'name' }, signal }),
  )
  return { ...loaded, taxes: loaded.data?.data.filter((tax) => tax.brandId === brandId) }
}

export function Taxes({ brandId }: { brandId: string }) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { taxes, error, reload } = useTaxes(brandId)
  return (
    <Card
      title={texts.brandSettings.taxes}
      actions={
        may('taxes', 'c') && (
          <FormDialog
            label={words.add}
            title={texts.brandSettings.taxes}
            send={async ({ name = '', rate = '', category, reason }) => {
              const known = categories.find((one) => one === category) ?? 'S'
              await api('POST /v1/taxes', {
                body: {
                  brandId,
                  name,
                  rate: rate.replace(',', '.'),
                  category: known,
                  ...(reason && { reason }),
                },
              })
              reload()
            }}
          >
            <TextField name="name" label={words.name} required />
            <TextField
              name="rate"
              label={texts.brandSettings.taxRate}
              value="0"
              inputMode="decimal"
              required
            />
            <SelectField
              name="category"
              label={texts.brandSettings.taxCategory}
              options={categories.map((value) => ({
                value,
                text: `${value} · ${texts.brandSettings.taxCategories[value]}`,
              }))}
            />
            <TextField
              name="reason"
              label={texts.brandSettings.taxReason}
              hint={texts.brandSettings.taxReasonHint}
            />
          </FormDialog>
        )
      }
    >
      <p class="muted">{texts.brandSettings.taxesText}</p>
      {error && <Failure error={error} retry={reload} />}
      {!taxes && !error && <Loading />}
      {taxes && (
        <Table
          caption={texts.brandSettings.taxes}
          empty={texts.brandSettings.noTaxes}
          rows={taxes}
          keyOf={({ id }) => id}
          columns={[
            { name: words.name, isTitle: true, cell: ({ name }) => name },
            {
              name: texts.brandSettings.taxCategory,
              cell: ({ category }) => `${category} · ${texts.brandSettings.taxCategories[category]}`,
            },
            {
              name: texts.brandSettings.taxRate,
              isFigure: true,
              cell: ({ rate }) => format.decimal(rate),
            },
            {
              name: words.remove,
              isActions: true,
              cell: ({ id, name }) =>
                may('taxes', 'd') && (
                  <AskFirst
                    label={words.remove}
                    question={texts.removeThing(name)}
                    isDanger
                    act={async () => {
                      await api('DELETE /v1/taxes/{id}', { params: { id } })
                      reload()
                    }}
                  />
                ),
            },
          ]}
        />
      )}
    </Card>
  )
}
