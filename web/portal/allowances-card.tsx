/**
 * What is left of the bundles that a client has: a bar for each item of the periods of today, which moves with the calls that
 * draw from it. Recurring fees have no items and no bar.
 */
import { type Answer, api } from '../shared/api.ts'
import { addDecimals, isPositive } from '../shared/decimal.ts'
import { Card } from '../shared/layout.tsx'
import { useLive } from '../shared/live.ts'
import { addDays, useLocale } from '../shared/locale.tsx'
import { useQuantity } from '../shared/quantity.ts'
import { Failure } from '../shared/table.tsx'
import { useData } from '../shared/use-data.ts'
import { type LiveClient, usePortal } from './client.tsx'

type Period = Answer<'GET /v1/clients/{clientId}/allowances'>['data'][number]['periods'][number]
type Item = Period['items'][number]

export function AllowancesCard() {
  const { words, format } = useLocale()
  const { client } = usePortal()
  const today = format.today()
  const { data, error, reload } = useData(`allowances ${today}`, async (signal) => {
    const answer = await api('GET /v1/clients/{clientId}/allowances', {
      params: { clientId: client.id },
      query: { day: today, limit: 100 },
      signal,
    })
    return answer.data
  })
  const allowances = useLive<LiveClient>('client')?.allowances ?? data
  if (error && !allowances) return <Failure error={error} retry={reload} />
  const items = allowances?.flatMap(({ id, allowancePlanName, periods }) =>
    periods
      .filter(({ status }) => status !== 'lapsed')
      .flatMap((period) => period.items.map((item) => ({ id, allowancePlanName, period, item }))),
  )
  if (!items || items.length === 0) return null
  return (
    <Card title={words.allowances}>
      {items.map(({ id, allowancePlanName, period, item }) => (
        <ItemBar
          key={`${id} ${period.from} ${item.name}`}
          name={`${allowancePlanName} · ${item.name}`}
          period={period}
          item={item}
        />
      ))}
    </Card>
  )
}

function ItemBar({ name, period, item }: { name: string; period: Period; item: Item }) {
  const { words, format } = useLocale()
  const { client } = usePortal()
  const write = useQuantity(client.currency)
  const { unit } = item
  const [used, reserved, left] = [String(item.used), String(item.reserved), String(item.left)]
  const total = addDecimals([String(item.amount), String(item.rolledOver)])
  // Prorated to nothing, it is used up.
  const share = (part: string) => (isPositive(total) ? Number(part) / Number(total) : 1)
  return (
    <div class="gauge">
      <p>
        <strong>{name}</strong>
        <br />
        {words.leftOf(write(unit, left), write(unit, total))}
      </p>
      <div
        class={isPositive(left) ? 'meter' : 'meter full'}
        role="img"
        aria-label={`${name}: ${words.usedOfLimit(format.percent(share(used)))}`}
      >
        <span style={{ width: `${share(used) * 100}%` }} />
        <span style={{ width: `${share(reserved) * 100}%` }} />
      </div>
      <p class="muted">
        {isPositive(reserved) && `${words.heldByCalls(write(unit, reserved))} · `}
        {words.untilDay(format.day(addDays(period.to, -1)))}
      </p>
      {period.status === 'unpaid' && <p class="notice warn">{words.allowanceUnpaid}</p>}
    </div>
  )
}
