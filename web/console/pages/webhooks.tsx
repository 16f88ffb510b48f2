/**
 * Webhooks: where facts are sent over HTTP. The secret of an endpoint is shown once, when it is made.
 */
import { useState } from 'preact/hooks'
import { type Answer, api } from '../../shared/api.ts'
import { TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { ClientField, useClientNames } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { FormDialog } from '../dialogs.tsx'
import { BrandField, CheckField, ShownOnce } from '../parts.tsx'

export type Endpoint = Answer<'GET /v1/webhook-endpoints'>['data'][number]
const everything = 'billing.*'

export function WebhooksPage() {
  const { words } = useLocale()
  const { texts, may } = useConsole()
  const [made, setMade] = useState<{ name: string; secret: string }>()
  const endpoints = usePages<Endpoint>('endpoints', (cursor, signal) =>
    api('GET /v1/webhook-endpoints', { query: cursor ? { cursor } : {}, signal }),
  )
  const nameClient = useClientNames(endpoints.rows.map(({ clientId }) => clientId))
  return (
    <>
      <Heading
        actions={
          may('webhooks', 'c') && (
            <FormDialog
              label={texts.addEndpoint}
              isPrimary
              submit={words.add}
              send={async ({ url = '', description = '', brandId, clientId, ...events }) => {
                const { secret } = await api('POST /v1/webhook-endpoints', {
                  body: {
                    url,
                    description,
                    events: readEvents(events),
                    ...(clientId ? { clientId } : brandId ? { brandId } : {}),
                  },
                })
                setMade({ name: url, secret })
                endpoints.reload()
              }}
            >
              <TextField
                name="url"
                label={texts.address}
                hint={texts.addressHint}
                type="url"
                pattern="https?://.+"
                required
              />
              <TextField name="description" label={words.description} />
              <BrandField />
              <ClientField all={texts.everyClient} />
              <EventsField chosen={[everything]} />
            </FormDialog>
          )
        }
      >
        {texts.webhooks}
      </Heading>
      {made && <ShownOnce key={made.secret} text={texts.secretOnce} {...made} />}
      <PagedTable
        caption={texts.webhooks}
        empty={texts.noEndpoints}
        pages={endpoints}
        keyOf={({ id }) => id}
        columns={[
          {
            name: texts.address,
            isTitle: true,
            cell: ({ id, url }) => (
              <a class="code" href={`/console/webhooks/${id}`}>
                {url}
              </a>
            ),
          },
          {
            name: texts.holdsFor,
            cell: ({ clientId }) => (clientId ? nameClient(clientId) : texts.everyClient),
          },
          { name: texts.events, cell: ({ events }) => <EventNames events={events} /> },
          { name: words.description, cell: ({ description }) => description },
          { name: words.status, isCorner: true, cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
        ]}
      />
    </>
  )
}

export function EndpointState({ endpoint: { enabled = true, disabledReason } }: { endpoint: Endpoint }) {
  const { texts } = useConsole()
  if (enabled) return <Badge tone="good">{texts.enabled}</Badge>
  return <Badge tone="bad">{disabledReason === 'gone' ? texts.endpointGone : texts.disabled}</Badge>
}

export function EventNames({ events }: { events: readonly string[] }) {
  const { format } = useLocale()
  const { texts } = useConsole()
  const names: Record<string, string> = { ...texts.facts, [everything]: texts.allEvents }
  return <>{format.list(events.map((event) => names[event] ?? event))}</>
}

/** Kinds of events as ticks, which `readEvents` reads. */
export function EventsField({ chosen }: { chosen: readonly string[] }) {
  const { texts } = useConsole()
  const known = [[everything, texts.allEvents], ...Object.entries(texts.facts)] as [string, string][]
  // What a program chose, such as all below a name, stays a choice.
  const others = chosen.filter((event) => !known.some(([name]) => name === event))
  return (
    <fieldset>
      <legend>{texts.events}</legend>
      {[...known, ...others.map((event) => [event, event] as [string, string])].map(([event, name]) => (
        <CheckField key={event} name={`event ${event}`} label={name} isOn={chosen.includes(event)} />
      ))}
    </fieldset>
  )
}

/** All of them hold the others. */
export function readEvents(values: Record<string, string>): string[] {
  const ticked = Object.keys(values)
    .filter((name) => name.startsWith('event '))
    .map((name) => name.slice('event '.length))
  return ticked.includes(everything) ? [everything] : ticked
}
