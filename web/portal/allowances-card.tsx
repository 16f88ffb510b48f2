/**
 * What is left of the bundles that a client has: a bar for each item of the periods of today. Recurring fees have no items and
 * no bar.
 */
import { readReport } from '../shared/api.ts'
import { addDecimals, isPositive } from '../shared/decimal.ts'
import { Card } from '../shared/layout.tsx'
import { addDays, useLocale } from '../shared/locale.tsx'
import { useData } from '../shared/use-data.ts'

/** Of the report, whose quantities are decimal text whatever they count. */
interface Item {
  allowanceId: string
  allowancePlanName: string
  to: string
  status: 'active' | 'unpaid' | 'lapsed'
  currency: string
  item: string | null
  unit: 'seconds' | 'calls' | 'money'
  amount: string
  rolledOver: string
  used: string
  reserved: string
  left: string
}

export function AllowancesCard() {
  const { words, format } = useLocale()
  const today = format.today()
  const { data } = useData(`allowances ${today}`, (signal) =>
    readReport<Item>('/v1/reports/allowances.json', { from: today, to: addDays(today, 1) }, signal),
  )
  const shown = data?.filter(({ item, status }) => item !== null && status !== 'lapsed') ?? []
  if (shown.length === 0) return null
  return (
    <Card title={words.allowances}>
      {shown.map((row) => (
        <ItemBar key={`${row.allowanceId} ${row.item}`} row={row} />
      ))}
    </Card>
  )
}

function ItemBar({ row }: { row: Item }) {
  const { words, format } = useLocale()
  const { allowancePlanName, item, unit, currency, used, reserved, left } = row
  const write = (quantity: string) => {
    if (unit === 'seconds') return format.duration(Number(quantity))
    return unit === 'money' ? format.money(quantity, currency) : words.numberOfCalls(format.decimal(quantity))
  }
  const total = addDecimals([row.amount, row.rolledOver])
  // Prorated to nothing, it is used up.
  const share = (part: string) => (isPositive(total) ? Number(part) / Number(total) : 1)
  const name = `${allowancePlanName} · ${item}`
  return (
    <div>
      <p>
        <strong>{name}</strong>
        <br />
        {words.leftOf(write(left), write(total))}
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
        {isPositive(reserved) && `${words.heldByCalls(write(reserved))} · `}
        {words.untilDay(format.day(addDays(row.to, -1)))}
      </p>
      {row.status === 'unpaid' && <p class="notice warn">{words.allowanceUnpaid}</p>}
    </div>
  )
}
