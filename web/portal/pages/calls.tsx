/**
 * The client's calls, newest first, with filters that stand in the address: a link or a bookmark finds the same list.
 */
import { useLocation } from 'preact-iso'
import { type Answer, api } from '../../shared/api.ts'
import { Form, SelectField, SubmitButton, TextField } from '../../shared/form.tsx'
import { Badge, Heading } from '../../shared/layout.tsx'
import { maxDecimals, useLocale } from '../../shared/locale.tsx'
import { StatusField } from '../../shared/status-filter.tsx'
import { type Column, PagedTable } from '../../shared/table.tsx'
import { usePages } from '../../shared/use-data.ts'
import { usePortal } from '../client.tsx'

export type Call = Answer<'GET /v1/clients/{clientId}/calls'>['data'][number]

const shownStatuses = ['priced', 'unpriced', 'unanswered', 'rejected', 'started', 'lost-end'] as const

export function CallsPage() {
  const { words } = useLocale()
  const { client } = usePortal()
  const { query, url } = useLocation()
  const calls = usePages<Call>(url, (cursor, signal) =>
    api('GET /v1/clients/{clientId}/calls', {
      params: { clientId: client.id },
      query: { ...readFilter(query), limit: 50, ...(cursor && { cursor }) },
      signal,
    }),
  )
  return (
    <>
      <Heading>{words.calls}</Heading>
      <Filters />
      <PagedTable
        caption={words.calls}
        empty={words.noCalls}
        pages={calls}
        keyOf={({ callId }) => callId}
        columns={useCallColumns(calls.rows, client.portalVisibility.callPrices)}
      />
    </>
  )
}

function useCallColumns(rows: readonly Call[], hasPrices: boolean): Column<Call>[] {
  const { words, format } = useLocale()
  const decimals = maxDecimals(rows.map(({ price }) => price))
  const columns: Column<Call>[] = [
    {
      name: words.started,
      isTitle: true,
      isShort: true,
      cell: ({ callId, startedAt, createdAt }) => (
        <a href={`/portal/calls/${encodeURIComponent(callId)}`}>{format.instant(startedAt ?? createdAt)}</a>
      ),
    },
    { name: words.from, isDetail: true, isShort: true, cell: ({ from }) => from },
    { name: words.to, isShort: true, cell: ({ to }) => to },
    { name: words.destination, cell: ({ destination }) => destination },
    { name: words.status, cell: (call) => <CallStatus call={call} /> },
    {
      name: words.duration,
      isFigure: true,
      cell: ({ durationSeconds }) => durationSeconds !== null && format.duration(durationSeconds),
    },
  ]
  if (hasPrices) {
    columns.push({
      name: words.price,
      isFigure: true,
      isCorner: true,
      cell: ({ price, currency }) => (price && currency ? format.money(price, currency, decimals) : null),
    })
  }
  return columns
}

export function CallStatus({
  call: { status, direction, internal, special },
}: {
  call: Pick<Call, 'status' | 'direction' | 'internal' | 'special'>
}) {
  const { words } = useLocale()
  const tones = { priced: 'good', rejected: 'bad', 'lost-end': 'warn' } as const
  return (
    <>
      <Badge tone={tones[status as keyof typeof tones]}>{words.statuses[status]}</Badge>{' '}
      {direction === 'inbound' && <Badge>{words.inbound}</Badge>}{' '}
      {internal && <Badge>{words.internal}</Badge>} {special && <Badge>{words.special}</Badge>}
    </>
  )
}

function Filters() {
  const { words } = useLocale()
  const { query, route } = useLocation()
  return (
    <Form
      // A link that sets other filters fills the fields anew.
      key={JSON.stringify(query)}
      class="filters"
      send={async (values) => {
        const set = Object.entries(values).filter(([, value]) => value !== '')
        route(`/portal/calls?${new URLSearchParams(set)}`)
      }}
    >
      <TextField
        name="number"
        label={words.numberStarts}
        value={query.number ?? ''}
        inputMode="tel"
        pattern="\+?[0-9 ]*"
      />
      <TextField name="day" label={words.day} type="date" value={query.day ?? ''} />
      <StatusField statuses={shownStatuses} names={words.statuses} />
      <SelectField
        name="direction"
        label={words.direction}
        value={query.direction ?? ''}
        options={[
          { value: '', text: words.all },
          { value: 'outbound', text: words.outbound },
          { value: 'inbound', text: words.inbound },
        ]}
      />
      <div class="buttons">
        <SubmitButton>{words.filter}</SubmitButton>
        {Object.keys(query).length > 0 && (
          <a class="button" href="/portal/calls">
            {words.clearFilter}
          </a>
        )}
      </div>
    </Form>
  )
}

/** What somebody typed into the address and no filter knows is left out. */
function readFilter({ number, day, status, direction }: Record<string, string>) {
  const knownStatus = shownStatuses.find((known) => known === status)
  const knownDirection = (['outbound', 'inbound'] as const).find((known) => known === direction)
  const digits = number?.replace(/[^0-9]/g, '')
  return {
    ...(digits && { toNormalized: digits }),
    ...(day && /^\d{4}-\d\d-\d\d$/.test(day) && { usageDay: day }),
    ...(knownStatus && { status: knownStatus }),
    ...(knownDirection && { direction: knownDirection }),
  }
}
