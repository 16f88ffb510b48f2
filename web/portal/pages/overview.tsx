/**
 * What does a client want to know first? What today has cost and may cost, what is left and what it buys, what runs now,
 * and how the last month went.
 */
import { useEffect, useMemo, useState } from 'preact/hooks'
import { api, readReport } from '../../shared/api.ts'
import { BarChart } from '../../shared/chart.tsx'
import { addDecimals, isPositive } from '../../shared/decimal.ts'
import { Card, Facts, Heading } from '../../shared/layout.tsx'
import { followLive, useLive } from '../../shared/live.ts'
import { addDays, maxDecimals, useLocale } from '../../shared/locale.tsx'
import { Failure, Loading, Table } from '../../shared/table.tsx'
import { useData } from '../../shared/use-data.ts'
import { AllowancesCard } from '../allowances-card.tsx'
import { type LiveClient, usePortal } from '../client.tsx'
import { RunningCallsTable, useRunningCalls } from '../running-calls.tsx'
import { readUsageByDay, readUsageByDestination, type UsageOfDay } from '../usage.ts'

const shownDays = 30

export function OverviewPage() {
  const { words } = useLocale()
  const { may } = usePortal()
  return (
    <>
      <Heading>{words.overview}</Heading>
      {may('reports') && <TrippedGuards />}
      <div class="cards">
        {may('daily-usage') && <TodayCard />}
        {may('balance') && <BalanceCard />}
        {may('allowances') && <AllowancesCard />}
      </div>
      {may('running-calls') && <RunningCard />}
      {may('reports') && <DaysCard />}
    </>
  )
}

interface GuardEvent {
  guardId: string
  guardName: string
  trippedAt: string
  refused: number
}

/** Of today and yesterday: whose calls were they? Read anew when one trips. */
function TrippedGuards() {
  const { words, format } = useLocale()
  const { data, reload } = useData('guards', (signal) => {
    const from = addDays(format.today(), -1)
    return readReport<GuardEvent>('/v1/reports/guard-events.json', { from }, signal)
  })
  useEffect(
    () =>
      followLive('fact', (fact) => {
        if ((fact as { type?: string }).type === 'billing.guards.tripped') reload()
      }),
    [reload],
  )
  return (
    <>
      {data?.slice(0, 3).map(({ guardId, guardName, trippedAt, refused }) => (
        <p key={`${guardId} ${trippedAt}`} class="notice warn" role="alert">
          {words.guardTripped(guardName, format.instant(trippedAt))}{' '}
          {refused > 0 && words.guardRefusedCalls(format.whole(refused))}
        </p>
      ))}
    </>
  )
}

function TodayCard() {
  const { words, format } = useLocale()
  const { client } = usePortal()
  const {
    data: asked,
    error,
    reload,
  } = useData('today', (signal) =>
    api('GET /v1/clients/{clientId}/daily-usage', { params: { clientId: client.id }, signal }),
  )
  const data = useLive<LiveClient>('client')?.dailyUsage ?? asked
  if (error && !data) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { amount, reserved, limit, currency, limitReachedAt, resetsAt, timeZone } = data
  const share = (part: string) =>
    limit === null ? 0 : isPositive(limit) ? Math.min(1, Number(part) / Number(limit)) : 1
  const used = share(amount)
  const held = Math.min(1 - used, share(reserved))
  return (
    <Card title={words.spentToday}>
      <p class="big">
        {format.money(amount, currency)}{' '}
        <small>{limit === null ? words.noLimit : words.ofLimit(format.money(limit, currency))}</small>
      </p>
      {limit !== null && (
        <div
          class={limitReachedAt ? 'meter full' : 'meter'}
          role="img"
          aria-label={words.usedOfLimit(format.percent(used))}
        >
          <span style={{ width: `${used * 100}%` }} />
          <span style={{ width: `${held * 100}%` }} />
        </div>
      )}
      {limitReachedAt && <p class="notice bad">{words.limitReached(format.time(limitReachedAt))}</p>}
      <p class="muted">
        {isPositive(reserved) && `${words.heldByCalls(format.money(reserved, currency))} · `}
        {words.resetsAt(format.time(resetsAt), timeZone)}
      </p>
    </Card>
  )
}

function BalanceCard() {
  const { words, format } = useLocale()
  const { client, may } = usePortal()
  const {
    data: asked,
    error,
    reload,
  } = useData('balance', (signal) =>
    api('GET /v1/clients/{clientId}/balance', { params: { clientId: client.id }, signal }),
  )
  const data = useLive<LiveClient>('client')?.balance ?? asked
  if (error && !data) return <Failure error={error} retry={reload} />
  if (!data) return <Loading />
  const { available, balance, reserved, creditLimit, unbilled, invoicedUnpaid, currency } = data
  const money = (amount: string) => format.money(amount, currency)
  return (
    <Card title={available === null ? words.balance : words.available}>
      <p class="big">{money(available ?? balance)}</p>
      {available !== null && may('reports') && client.portalVisibility.callPrices && (
        <WhatItBuys available={available} />
      )}
      <Facts
        facts={[
          available === null ? null : [words.balance, money(balance)],
          [words.reserved, money(reserved)],
          // Without one a postpaid account is not limited, and a prepaid one has no credit.
          creditLimit === null
            ? available === null
              ? [words.creditLimit, words.notLimited]
              : null
            : [words.creditLimit, money(creditLimit)],
          may('invoices') ? [words.unbilled, money(unbilled)] : null,
          may('invoices') ? [words.invoicedUnpaid, money(invoicedUnpaid)] : null,
        ]}
      />
    </Card>
  )
}

/** By what calls to the destination called most have cost a second: rough, and said so. */
function WhatItBuys({ available }: { available: string }) {
  const { words, format } = useLocale()
  const { data } = useData('destinations', (signal) => {
    const today = format.today()
    return readUsageByDestination({ from: addDays(today, 1 - shownDays), to: addDays(today, 1) }, signal)
  })
  const usual = data
    ?.filter(({ amount, billedSeconds }) => billedSeconds > 0 && isPositive(amount ?? '0'))
    .sort((one, other) => other.answered - one.answered)[0]
  if (!usual?.destination || !isPositive(available)) return null
  const seconds = (Number(available) / Number(usual.amount)) * usual.billedSeconds
  return (
    <p>
      {words.buys(format.roughDuration(seconds), usual.destination)}
      <br />
      <small class="muted">{words.buysHint}</small>
    </p>
  )
}

function RunningCard() {
  const { words, format } = useLocale()
  const running = useRunningCalls()
  return (
    <Card title={words.runningCalls} actions={<a href="/portal/running-calls">{words.seeAll}</a>}>
      <p class="big">{running.data ? format.whole(running.data.length) : '…'}</p>
      {running.error && <Failure error={running.error} retry={running.reload} />}
      {running.data && running.data.length > 0 && <RunningCallsTable calls={running.data.slice(0, 5)} />}
    </Card>
  )
}

function DaysCard() {
  const { words, format } = useLocale()
  const { client, may } = usePortal()
  const [isTable, setTable] = useState(false)
  const hasPrices = client.portalVisibility.callPrices && may('balance')
  const today = format.today()
  const from = addDays(today, 1 - shownDays)
  const { data, error, reload } = useData(`days ${today}`, (signal) =>
    readUsageByDay({ from, to: addDays(today, 1) }, signal),
  )
  const days = useMemo(() => fillDays(data ?? [], from, client.currency), [data, from, client.currency])
  const bars = useMemo(
    () =>
      days.map(({ day, amount, calls }) => ({
        day,
        height: hasPrices ? Number(amount ?? '0') : calls,
        text: hasPrices ? format.money(amount ?? '0', client.currency) : format.whole(calls),
      })),
    [days, hasPrices, format, client.currency],
  )
  const title = hasPrices ? words.spendByDay : words.callsByDay
  const total = hasPrices
    ? format.money(addDecimals(days.map(({ amount }) => amount ?? '0')), client.currency)
    : format.whole(days.reduce((sum, { calls }) => sum + calls, 0))
  if (error) return <Failure error={error} retry={reload} />
  return (
    <Card
      title={title}
      actions={
        <button type="button" class="plain" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? words.hideTable : words.showTable}
        </button>
      }
    >
      <p class="big">
        {total} <small>{words.lastDays(format.whole(shownDays))}</small>
      </p>
      {data ? <BarChart bars={bars} label={`${title}: ${total}`} /> : <Loading />}
      {isTable && <DaysTable days={[...days].reverse()} hasPrices={hasPrices} />}
    </Card>
  )
}

function DaysTable({ days, hasPrices }: { days: readonly UsageOfDay[]; hasPrices: boolean }) {
  const { words, format } = useLocale()
  const { client, may } = usePortal()
  const decimals = maxDecimals(days.map(({ amount }) => amount))
  return (
    <Table
      caption={words.spendByDay}
      empty={words.nothingHere}
      rows={days}
      keyOf={({ day }) => day}
      columns={[
        {
          name: words.day,
          isTitle: true,
          cell: ({ day }) =>
            may('calls') ? <a href={`/portal/calls?day=${day}`}>{format.day(day)}</a> : format.day(day),
        },
        { name: words.calls, isFigure: true, cell: ({ calls }) => format.whole(calls) },
        {
          name: words.answered,
          isFigure: true,
          isDetail: true,
          cell: ({ answered }) => format.whole(answered),
        },
        {
          name: words.talkTime,
          isFigure: true,
          cell: ({ durationSeconds }) => format.duration(durationSeconds),
        },
        ...(hasPrices
          ? [
              {
                name: words.amount,
                isFigure: true,
                isCorner: true,
                cell: ({ amount }: UsageOfDay) => format.money(amount ?? '0', client.currency, decimals),
              },
            ]
          : []),
      ]}
    />
  )
}

/** Every day of the span once: the report leaves out those without calls. */
function fillDays(found: readonly UsageOfDay[], from: string, currency: string): UsageOfDay[] {
  const byDay = new Map(
    found.filter((row) => row.currency === null || row.currency === currency).map((row) => [row.day, row]),
  )
  return Array.from({ length: shownDays }, (_, index) => {
    const day = addDays(from, index)
    const nothing = { currency, calls: 0, answered: 0, durationSeconds: 0, billedSeconds: 0, amount: '0' }
    return byDay.get(day) ?? { day, ...nothing }
  })
}
