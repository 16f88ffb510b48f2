/** Which plans price a client's calls, and since when. */
import { api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Card } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import type { Shown } from './settings.tsx'

export function Tariffs({ client }: Shown) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const params = { clientId: client.id }
  const { data, reload } = useData(`profiles ${client.id}`, (signal) =>
    api('GET /v1/clients/{clientId}/rating-profiles', { params, query: { limit: 100 }, signal }),
  )
  const plans = useData('plans', (signal) =>
    api('GET /v1/rating-plans', { query: { limit: 500, sort: 'name' }, signal }),
  )
  const ofCurrency = plans.data?.data.filter(({ currency }) => currency === client.currency) ?? []
  return (
    <Card
      title={texts.tariffs}
      actions={
        may('rating-profiles', 'c') &&
        ofCurrency.length > 0 && (
          <FormDialog
            label={texts.addTariff}
            send={async ({ ratingPlanId = '', activatesAt }) => {
              const at = activatesAt ? `${activatesAt}T00:00:00Z` : new Date().toISOString()
              await api('POST /v1/clients/{clientId}/rating-profiles', {
                params,
                body: { ratingPlanId, activatesAt: at },
              })
              reload()
            }}
          >
            <SelectField
              name="ratingPlanId"
              label={words.tariff}
              options={ofCurrency.map(({ id, name }) => ({ value: id, text: name }))}
            />
            <TextField name="activatesAt" label={texts.activatesAt} hint={texts.instantHint} type="date" />
          </FormDialog>
        )
      }
    >
      <Table
        caption={texts.tariffs}
        empty={texts.noTariffs}
        rows={data?.data ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.tariff,
            isTitle: true,
            cell: ({ ratingPlanId, ratingPlanName }) => (
              <a href={`/console/plans/${ratingPlanId}`}>{ratingPlanName ?? ratingPlanId}</a>
            ),
          },
          { name: texts.activatesAt, isShort: true, cell: ({ activatesAt }) => format.instant(activatesAt) },
        ]}
      />
    </Card>
  )
}
