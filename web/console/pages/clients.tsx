/**
 * Clients, found by a part of the name or the domain.
 */
import { useLocation } from 'preact-iso'
import { api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import type { Client } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import { BrandField, withoutEmpty } from '../parts.tsx'

export const methods = ['postpaid', 'prepaid', 'pseudoprepaid', 'none'] as const

export function ClientsPage() {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const { query, url, route } = useLocation()
  const method = methods.find((known) => known === query.method)
  const clients = usePages<Client>(url, (cursor, signal) =>
    api('GET /v1/clients', {
      query: {
        sort: 'name',
        ...(query.search && { search: query.search }),
        ...(method && { billingMethod: method }),
        ...(cursor && { cursor }),
      },
      signal,
    }),
  )
  return (
    <>
      <Heading actions={may('clients', 'c') && <AddClient />}>{texts.clients}</Heading>
      <Form
        key={url}
        class="filters"
        send={async (values) => route(`/console/clients?${new URLSearchParams(withoutEmpty(values))}`)}
      >
        <TextField name="search" label={texts.searchClients} value={query.search ?? ''} />
        <SelectField
          name="method"
          label={texts.billingMethod}
          value={query.method ?? ''}
          options={[
            { value: '', text: words.all },
            ...methods.map((known) => ({ value: known, text: texts.billingMethods[known] })),
          ]}
        />
        <div class="buttons">
          <SubmitButton>{texts.search}</SubmitButton>
        </div>
      </Form>
      <PagedTable
        caption={texts.clients}
        empty={texts.noClients}
        pages={clients}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.name,
            isTitle: true,
            cell: ({ id, name }) => <a href={`/console/clients/${id}`}>{name}</a>,
          },
          { name: texts.sipDomain, cell: ({ sipDomain }) => sipDomain },
          {
            name: texts.billingMethod,
            cell: ({ billingMethod = 'postpaid' }) => texts.billingMethods[billingMethod],
          },
          { name: texts.currency, cell: ({ currency }) => currency },
          {
            name: words.status,
            isCorner: true,
            cell: ({ suspended }) => suspended && <Badge tone="bad">{words.suspended}</Badge>,
          },
        ]}
      />
    </>
  )
}

function AddClient() {
  const { words } = useLocale()
  const { texts } = useConsole()
  const { route } = useLocation()
  return (
    <FormDialog
      label={texts.addClient}
      isPrimary
      submit={words.add}
      send={async ({ name = '', sipDomain = '', billingMethod, brandId }) => {
        const method = methods.find((known) => known === billingMethod) ?? 'postpaid'
        const body = { name, sipDomain, billingMethod: method, ...(brandId && { brandId }) }
        const { id } = await api('POST /v1/clients', { body })
        route(`/console/clients/${id}`)
      }}
    >
      <BrandField />
      <TextField name="name" label={words.name} required />
      <TextField name="sipDomain" label={texts.sipDomain} hint={words.clientHint} required />
      <SelectField
        name="billingMethod"
        label={texts.billingMethod}
        hint={texts.billingMethodHint}
        options={methods.map((known) => ({ value: known, text: texts.billingMethods[known] }))}
      />
    </FormDialog>
  )
}
