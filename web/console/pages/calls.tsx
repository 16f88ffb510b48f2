/**
 * Calls of all clients, found by number, destination, switch, length and price; the filter stands in the address.
 */
import { useLocation } from 'preact-iso'
import { CallStatus } from '../../portal/pages/calls.tsx'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SubmitButton, TextField } from '../../shared/form.tsx'
import { Heading } from '../../shared/layout.tsx'
import { maxDecimals, useLocale } from '../../shared/locale.tsx'
import { StatusField } from '../../shared/status-filter.tsx'
import { PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { useClientNames } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { withoutEmpty } from '../parts.tsx'

type Call = Answer<'GET /v1/calls'>['data'][number]
type Query = NonNullable<Parameters<typeof api<'GET /v1/calls'>>[1]>['query']

const statuses = ['priced', 'unpriced', 'unanswered', 'rejected', 'started', 'expired', 'lost-end'] as const

export function CallsPage() {
  const { words, format } = useLocale()
  const { url, query } = useLocation()
  const calls = usePages<Call>(url, (cursor, signal) =>
    api('GET /v1/calls', { query: { ...readFilter(query), ...(cursor && { cursor }) }, signal }),
  )
  const decimals = maxDecimals(calls.rows.map(({ price }) => price))
  const nameClient = useClientNames(calls.rows.map(({ clientId }) => clientId))
  return (
    <>
      <Heading>{words.calls}</Heading>
      <Filters />
      <PagedTable
        caption={words.calls}
        empty={words.noCalls}
        pages={calls}
        keyOf={({ clientId, callId }) => `${clientId} ${callId}`}
        columns={[
          {
            name: words.started,
            isTitle: true,
            isShort: true,
            cell: ({ clientId, callId, startedAt, createdAt }) => (
              <a href={`/console/calls/${clientId}/${encodeURIComponent(callId)}`}>
                {format.instant(startedAt ?? createdAt)}
              </a>
            ),
          },
          {
            name: words.client,
            cell: ({ clientId }) => <a href={`/console/clients/${clientId}`}>{nameClient(clientId)}</a>,
          },
          { name: words.to, isShort: true, cell: ({ to }) => to },
          { name: words.destination, cell: ({ destination }) => destination },
          { name: words.status, cell: (call) => <CallStatus call={call} /> },
          {
            name: words.duration,
            isFigure: true,
            cell: ({ durationSeconds }) => durationSeconds !== null && format.duration(durationSeconds),
          },
          {
            name: words.price,
            isFigure: true,
            isCorner: true,
            cell: ({ price, currency }) => price && currency && format.money(price, currency, decimals),
          },
        ]}
      />
    </>
  )
}

function Filters() {
  const { words } = useLocale()
  const { texts } = useConsole()
  const { query, route } = useLocation()
  return (
    <Form
      key={JSON.stringify(query)}
      class="filters"
      send={async (values) =>
        route(`/console/calls?${new URLSearchParams(withoutEmpty({ ...values, clientId: query.clientId }))}`)
      }
    >
      <TextField
        name="number"
        label={texts.calledNumber}
        value={query.number ?? ''}
        inputMode="tel"
        pattern="\+?[0-9 ]*"
      />
      <TextField name="caller" label={texts.caller} value={query.caller ?? ''} />
      <TextField name="destination" label={words.destination} value={query.destination ?? ''} />
      <TextField
        name="engine"
        label={texts.engine}
        value={query.engine ?? ''}
        pattern="[A-Za-z0-9_\-]{1,64}"
      />
      <TextField name="day" label={words.day} type="date" value={query.day ?? ''} />
      <TextField name="seconds" label={texts.minDuration} value={query.seconds ?? ''} pattern="[0-9]{1,7}" />
      <TextField
        name="minPrice"
        label={texts.minPrice}
        value={query.minPrice ?? ''}
        inputMode="decimal"
        pattern="[0-9]+([.,][0-9]{1,6})?"
      />
      <StatusField statuses={statuses} names={words.statuses} />
      <div class="buttons">
        <SubmitButton>{words.filter}</SubmitButton>
        {Object.keys(query).length > 0 && (
          <a class="button" href="/console/calls">
            {words.clearFilter}
          </a>
        )}
      </div>
    </Form>
  )
}

function readFilter(query: Record<string, string>): NonNullable<Query> {
  const status = statuses.find((known) => known === query.status)
  const digits = query.number?.replace(/[^0-9]/g, '')
  return {
    ...(query.clientId && { clientId: query.clientId }),
    ...(digits && { number: digits }),
    ...(query.caller && { fromNumber: query.caller }),
    ...(query.destination && { destination: query.destination }),
    ...(query.engine && { engine: query.engine }),
    ...(query.day && { usageDay: query.day }),
    ...(query.seconds && { minDurationSeconds: Number(query.seconds) }),
    ...(query.minPrice && { minPrice: query.minPrice.replace(',', '.') }),
    ...(status && { status }),
  }
}
