/**
 * The client's running calls, kept up to date by live events; seconds are counted here, money by the service.
 */
import { useEffect, useState } from 'preact/hooks'
import { type Answer, api } from '../shared/api.ts'
import { Badge } from '../shared/layout.tsx'
import { useLive } from '../shared/live.ts'
import { useLocale } from '../shared/locale.tsx'
import { type Column, Table } from '../shared/table.tsx'
import { useData } from '../shared/use-data.ts'
import { type LiveClient, usePortal } from './client.tsx'

type RunningCall = Answer<'GET /v1/clients/{clientId}/running-calls'>['data'][number]

export function useRunningCalls() {
  const { client } = usePortal()
  const asked = useData('running', async (signal) => {
    const { data } = await api('GET /v1/clients/{clientId}/running-calls', {
      params: { clientId: client.id },
      signal,
    })
    return data
  })
  const live = useLive<LiveClient>('client')
  return { ...asked, data: live?.runningCalls ?? asked.data }
}

export function RunningCallsTable({ calls }: { calls: readonly RunningCall[] }) {
  const { words, format } = useLocale()
  const now = useNow()
  const hasCosts = calls.some(({ priceSoFar }) => priceSoFar !== undefined)
  const columns: Column<RunningCall>[] = [
    {
      name: words.to,
      isTitle: true,
      cell: ({ to, from, direction }) => (direction === 'outbound' ? to : from),
    },
    { name: words.destination, cell: ({ destination }) => destination },
    {
      name: words.from,
      isDetail: true,
      isShort: true,
      cell: ({ from, to, direction }) => (direction === 'outbound' ? from : to),
    },
    {
      name: words.status,
      cell: ({ answeredAt, direction }) => (
        <>
          <Badge tone={answeredAt ? 'good' : undefined}>
            {answeredAt ? words.statuses.started : words.statuses.authorized}
          </Badge>{' '}
          {direction === 'inbound' && <Badge>{words.inbound}</Badge>}
        </>
      ),
    },
    {
      name: words.time,
      isFigure: true,
      cell: ({ answeredAt }) => answeredAt && format.duration((now - Date.parse(answeredAt)) / 1000),
    },
  ]
  if (hasCosts) {
    columns.push({
      name: words.costSoFar,
      isFigure: true,
      isCorner: true,
      cell: ({ priceSoFar, currency }) =>
        priceSoFar && currency ? format.money(priceSoFar, currency) : null,
    })
  }
  return (
    <Table
      caption={words.runningCalls}
      empty={words.noRunningCalls}
      rows={calls}
      keyOf={({ callId }) => callId}
      columns={columns}
    />
  )
}

function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
