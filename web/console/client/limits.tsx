/** How much a client may spend and call, and from where. */
import { api } from '../../shared/api.ts'
import { SelectField, TextField } from '../../shared/form.tsx'
import { Card } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, FormDialog } from '../dialogs.tsx'
import { CheckField, orNull } from '../parts.tsx'
import { Settings, type Shown } from './settings.tsx'

export function Limits({ client, change }: Shown) {
  const { words } = useLocale()
  const { texts } = useConsole()
  const hasBilling = client.features?.includes('billing') ?? true
  return (
    <>
      <Settings
        title={texts.limits}
        change={change}
        read={({ maxCalls, maxCallSeconds, filterByIp, geoCountries = '', failurePolicy, ...money }) => ({
          maxCalls: Number(maxCalls),
          maxCallSeconds: Number(maxCallSeconds),
          filterByIp: filterByIp === 'on',
          geoIpAllowedCountries: geoCountries
            .toUpperCase()
            .split(/[\s,;]+/)
            .filter(Boolean),
          failurePolicy: failurePolicy === 'allow' ? 'allow' : 'deny',
          ...(hasBilling && {
            maxDailyUsage: orNull(money.maxDailyUsage?.replace(',', '.')),
            maxDailyUsageEmail: orNull(money.maxDailyUsageEmail),
            creditLimit: orNull(money.creditLimit?.replace(',', '.')),
          }),
        })}
      >
        <TextField
          name="maxCalls"
          label={texts.maxCalls}
          hint={texts.maxCallsHint}
          value={String(client.maxCalls ?? 0)}
          pattern="[0-9]+"
          required
        />
        <TextField
          name="maxCallSeconds"
          label={texts.maxCallSeconds}
          value={String(client.maxCallSeconds ?? 10800)}
          pattern="[0-9]+"
          required
        />
        {hasBilling && (
          <>
            <TextField
              name="maxDailyUsage"
              label={`${texts.maxDailyUsage} (${client.currency})`}
              hint={texts.maxDailyUsageHint}
              value={client.maxDailyUsage ?? ''}
              inputMode="decimal"
            />
            <TextField
              name="maxDailyUsageEmail"
              label={texts.maxDailyUsageEmail}
              type="email"
              value={client.maxDailyUsageEmail ?? ''}
            />
            <TextField
              name="creditLimit"
              label={`${texts.creditLimit} (${client.currency})`}
              hint={texts.creditLimitHint}
              value={client.creditLimit ?? ''}
              inputMode="decimal"
            />
          </>
        )}
        <SelectField
          name="failurePolicy"
          label={texts.failurePolicy}
          value={client.failurePolicy ?? 'deny'}
          options={(['deny', 'allow'] as const).map((policy) => ({
            value: policy,
            text: texts.failurePolicies[policy],
          }))}
        />
        <CheckField
          name="filterByIp"
          label={texts.filterByIp}
          hint={texts.filterByIpHint}
          isOn={client.filterByIp ?? false}
        />
        <TextField
          name="geoCountries"
          label={texts.geoCountries}
          hint={texts.geoCountriesHint}
          value={client.geoIpAllowedCountries?.join(', ') ?? ''}
        />
      </Settings>
      <Sources clientId={client.id} title={texts.authorizedSources} remove={words.remove} />
    </>
  )
}

function Sources({ clientId, title, remove }: { clientId: string; title: string; remove: string }) {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const params = { clientId }
  const { data, reload } = useData(`sources ${clientId}`, (signal) =>
    api('GET /v1/clients/{clientId}/authorized-sources', { params, query: { limit: 500 }, signal }),
  )
  return (
    <Card
      title={title}
      actions={
        may('authorized-sources', 'c') && (
          <FormDialog
            label={words.add}
            title={title}
            send={async ({ cidr = '' }) => {
              await api('POST /v1/clients/{clientId}/authorized-sources', { params, body: { cidr } })
              reload()
            }}
          >
            <TextField name="cidr" label={texts.cidr} hint={texts.cidrHint} required />
          </FormDialog>
        )
      }
    >
      <Table
        caption={title}
        empty={texts.noSources}
        rows={data?.data ?? []}
        keyOf={({ id }) => id}
        columns={[
          { name: texts.cidr, isTitle: true, cell: ({ cidr }) => <span class="code">{cidr}</span> },
          {
            name: remove,
            isActions: true,
            cell: ({ id, cidr }) =>
              may('authorized-sources', 'd') && (
                <AskFirst
                  label={remove}
                  question={cidr}
                  isDanger
                  act={async () => {
                    await api('DELETE /v1/clients/{clientId}/authorized-sources/{id}', {
                      params: { clientId, id },
                    })
                    reload()
                  }}
                />
              ),
          },
        ]}
      />
    </Card>
  )
}
