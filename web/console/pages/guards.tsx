/**
 * Guards against toll fraud: what they limit, and when they tripped.
 */
import { type Answer, api, readReport } from '../../shared/api.ts'
import { Badge, Card, Heading } from '../../shared/layout.tsx'
import { addDays, useLocale } from '../../shared/locale.tsx'
import { PagedTable, Table } from '../../shared/table.tsx'
import { useData, usePages } from '../../shared/use-data.ts'
import { useClientNames } from '../client-field.tsx'
import { useConsole } from '../console.tsx'
import { AskFirst } from '../dialogs.tsx'

type Guard = Answer<'GET /v1/spend-guards'>['data'][number]
export type GuardLimit = keyof Guard['limits']

export const guardActions = ['alert', 'deny', 'deny-and-hang-up'] as const
export const guardLimits = [
  'spendPerHour',
  'spendPerDay',
  'callsPerMinute',
  'runningCalls',
  'distinctNumbersPerHour',
  'newCountries',
] as const satisfies readonly GuardLimit[]
export const isMoneyLimit = (limit: string) => limit === 'spendPerHour' || limit === 'spendPerDay'

const shownDays = 30
const liftMinutes = 60

export function GuardsPage() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const guards = usePages<Guard>('guards', (cursor, signal) =>
    api('GET /v1/spend-guards', { query: { sort: 'name', ...(cursor && { cursor }) }, signal }),
  )
  const nameClient = useClientNames(guards.rows.map(({ clientId }) => clientId))
  return (
    <>
      <Heading
        actions={
          may('spend-guards', 'c') && (
            <a class="button primary" href="/console/guards/new">
              {texts.addGuard}
            </a>
          )
        }
      >
        {texts.guards}
      </Heading>
      <PagedTable
        caption={texts.guards}
        empty={texts.noGuards}
        pages={guards}
        keyOf={({ id }) => id}
        columns={[
          {
            name: words.name,
            isTitle: true,
            cell: ({ id, name }) => <a href={`/console/guards/${id}`}>{name}</a>,
          },
          {
            name: texts.holdsFor,
            cell: ({ clientId }) => (clientId ? nameClient(clientId) : texts.everyClient),
          },
          {
            name: texts.limit,
            cell: ({ limits, currency }) =>
              guardLimits
                .filter((limit) => limits[limit] !== undefined)
                .map((limit) => {
                  const value = describeLimit(limit, String(limits[limit]), currency ?? null, {
                    texts,
                    format,
                  })
                  return <div key={limit}>{`${texts.guardLimits[limit]}: ${value}`}</div>
                }),
          },
          { name: texts.atLimit, cell: ({ action = 'alert' }) => texts.guardActions[action] },
          {
            name: words.status,
            isCorner: true,
            cell: ({ enabled = true }) => (
              <Badge tone={enabled ? 'good' : undefined}>{enabled ? texts.enabled : texts.disabled}</Badge>
            ),
          },
        ]}
      />
      {may('reports') && <Tripped />}
    </>
  )
}

/** As the guard has it, and as a report tells it: an amount, a number, or an action. */
export function describeLimit(
  limit: GuardLimit,
  value: string,
  currency: string | null,
  {
    texts,
    format,
  }: Pick<ReturnType<typeof useConsole>, 'texts'> & Pick<ReturnType<typeof useLocale>, 'format'>,
): string {
  if (limit === 'newCountries') return texts.guardActions[value === 'deny' ? 'deny' : 'alert']
  return isMoneyLimit(limit) && currency ? format.money(value, currency) : format.decimal(value)
}

interface GuardEvent {
  clientId: string
  clientName: string
  trippedAt: string
  guardId: string
  guardName: string
  action: (typeof guardActions)[number]
  limit: GuardLimit
  limitValue: string
  spent: string | null
  currency: string | null
  refused: number
}

function Tripped() {
  const { words, format } = useLocale()
  const { texts, may } = useConsole()
  const { data, error, reload } = useData('guard events', (signal) => {
    const from = addDays(format.today(), 1 - shownDays)
    return readReport<GuardEvent>('/v1/reports/guard-events.json', { from }, signal)
  })
  if (error) return null
  return (
    <Card title={`${texts.trippedGuards} · ${words.lastDays(format.whole(shownDays))}`}>
      <Table
        caption={texts.trippedGuards}
        empty={texts.neverTripped}
        rows={data?.slice(0, 100) ?? []}
        keyOf={({ guardId, clientId, trippedAt }) => `${guardId} ${clientId} ${trippedAt}`}
        columns={[
          {
            name: words.client,
            isTitle: true,
            cell: ({ clientId, clientName }) => <a href={`/console/clients/${clientId}`}>{clientName}</a>,
          },
          { name: texts.at, isShort: true, cell: ({ trippedAt }) => format.instant(trippedAt) },
          {
            name: texts.guard,
            cell: ({ guardId, guardName }) => <a href={`/console/guards/${guardId}`}>{guardName}</a>,
          },
          {
            name: texts.limit,
            cell: ({ limit, limitValue, currency }) =>
              `${texts.guardLimits[limit]}: ${describeLimit(limit, limitValue, currency, { texts, format })}`,
          },
          { name: texts.refusedCalls, isFigure: true, cell: ({ refused }) => format.whole(refused) },
          {
            name: texts.lift,
            isActions: true,
            cell: ({ guardId, clientId, clientName, action }) =>
              may('spend-guards', 'u') &&
              action !== 'alert' && (
                <AskFirst
                  label={texts.liftForHour}
                  question={texts.liftText(clientName)}
                  act={async () => {
                    const body = { clientId, minutes: liftMinutes }
                    await api('POST /v1/spend-guards/{id}/lift', { params: { id: guardId }, body })
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
