/**
 * One endpoint: what it is sent, whether it takes it, and what has become of each delivery.
 */
import { useState } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { TextField } from '../../shared/form.tsx'
import { Badge, Card, Facts, Heading } from '../../shared/layout.tsx'
import { useLocale } from '../../shared/locale.tsx'
import { StatusFilter, useStatus } from '../../shared/status-filter.tsx'
import { Failure, Loading, PagedTable } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { useConsole } from '../console.tsx'
import { AskFirst, EditDialog } from '../dialogs.tsx'
import { ShownOnce } from '../parts.tsx'
import { EndpointState, EventNames, EventsField, readEvents } from './webhooks.tsx'

type Delivery = Answer<'GET /v1/webhook-deliveries'>['data'][number]
const statuses = ['pending', 'delivered', 'failed'] as const
const tones = { pending: 'warn', delivered: 'good', failed: 'bad' } as const

export function WebhookPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { route } = useLocation()
  const id = useRoute().params.id ?? ''
  const params = { id }
  const [secret, setSecret] = useState<{ secret: string; text: string }>()
  const [turn, setTurn] = useState(0)
  const load = (signal: AbortSignal) => api.tagged('GET /v1/webhook-endpoints/{id}', { params, signal })
  const { data, error, reload } = useData(`endpoint ${id}`, load)
  if (error) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { answer: endpoint, etag } = data
  const { url, events, description, enabled = true, clientId } = endpoint
  const change = async (
    body: { url?: string; description?: string; events?: string[]; enabled?: boolean },
    headers: Record<string, string>,
  ) => {
    await api('PATCH /v1/webhook-endpoints/{id}', { params, body, headers })
    reload()
  }
  return (
    <>
      <Heading
        actions={
          may('webhooks', 'u') && (
            <>
              <EditDialog
                title={url}
                load={load}
                save={({ url: address = '', description: text = '', ...ticks }, headers) =>
                  change({ url: address, description: text, events: readEvents(ticks) }, headers)
                }
              >
                {(now) => (
                  <>
                    <TextField
                      name="url"
                      label={texts.address}
                      hint={texts.addressHint}
                      type="url"
                      pattern="https?://.+"
                      value={now.url}
                      required
                    />
                    <TextField name="description" label={words.description} value={now.description ?? ''} />
                    <EventsField chosen={now.events} />
                  </>
                )}
              </EditDialog>
              <AskFirst
                label={texts.ping}
                question={texts.pingText}
                act={async () => {
                  await api('POST /v1/webhook-endpoints/{id}/ping', { params })
                  setTurn((before) => before + 1)
                }}
              />
              <AskFirst
                label={texts.newSecret}
                question={texts.newSecretText}
                act={async () => {
                  const made = await api('POST /v1/webhook-endpoints/{id}/rotate-secret', { params })
                  const until = format.instant(made.oldSecretUntil)
                  setSecret({
                    secret: made.secret,
                    text: `${texts.secretOnce} ${texts.oldSecretUntil(until)}`,
                  })
                }}
              />
              <AskFirst
                label={enabled ? texts.turnOff : texts.turnOn}
                question={enabled ? texts.turnOffText : url}
                isDanger={enabled}
                act={(_values, ifMatch) => change({ enabled: !enabled }, ifMatch(etag))}
              />
            </>
          )
        }
      >
        {texts.endpoint}
      </Heading>
      <p>
        <a href="/console/webhooks">{words.back}</a>
      </p>
      {secret && <ShownOnce key={secret.secret} name={url} {...secret} />}
      <Card title={url}>
        <Facts
          facts={[
            [words.status, <EndpointState key="state" endpoint={endpoint} />],
            [texts.events, <EventNames key="events" events={events} />],
            clientId
              ? [
                  words.client,
                  <a key="client" href={`/console/clients/${clientId}`}>
                    {words.client}
                  </a>,
                ]
              : [words.client, texts.everyClient],
            description ? [words.description, description] : null,
          ]}
        />
      </Card>
      <Deliveries key={turn} endpointId={id} />
      {may('webhooks', 'd') && (
        <p>
          <AskFirst
            label={words.remove}
            question={texts.removeThing(url)}
            isDanger
            act={async (_values, ifMatch) => {
              await api('DELETE /v1/webhook-endpoints/{id}', { params, headers: ifMatch(etag) })
              route('/console/webhooks')
            }}
          />
        </p>
      )}
    </>
  )
}

function Deliveries({ endpointId }: { endpointId: string }) {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { url } = useLocation()
  const names: Record<string, string> = texts.facts
  const status = useStatus(statuses)
  const deliveries = usePages<Delivery>(`deliveries ${url}`, (cursor, signal) =>
    api('GET /v1/webhook-deliveries', {
      query: { endpointId, ...(status && { status }), ...(cursor && { cursor }) },
      signal,
    }),
  )
  return (
    <>
      <StatusFilter statuses={statuses} names={texts.deliveryStatuses} label={texts.deliveries}>
        <button type="button" onClick={deliveries.reload}>
          {texts.refresh}
        </button>
      </StatusFilter>
      <PagedTable
        caption={texts.deliveries}
        empty={texts.noDeliveries}
        pages={deliveries}
        keyOf={({ id }) => id}
        columns={[
          { name: texts.event, isTitle: true, cell: ({ event }) => names[event] ?? event },
          { name: texts.at, isShort: true, cell: ({ createdAt }) => format.instant(createdAt) },
          { name: texts.attempts, isFigure: true, cell: ({ attempts }) => format.whole(attempts) },
          {
            name: texts.answer,
            cell: ({ lastStatus, lastError }) => [lastStatus, lastError].filter(Boolean).join(' · '),
          },
          {
            name: texts.nextTry,
            isShort: true,
            cell: ({ nextAttemptAt }) => nextAttemptAt && format.instant(nextAttemptAt),
          },
          {
            name: words.status,
            isCorner: true,
            cell: (row) => <Badge tone={tones[row.status]}>{texts.deliveryStatuses[row.status]}</Badge>,
          },
          {
            name: texts.redrive,
            isActions: true,
            cell: ({ id, event }) =>
              may('webhooks', 'u') && (
                <AskFirst
                  label={texts.redrive}
                  question={names[event] ?? event}
                  act={async () => {
                    await api('POST /v1/webhook-deliveries/{id}/resend', { params: { id } })
                    deliveries.reload()
                  }}
                />
              ),
          },
        ]}
      />
    </>
  )
}
