/**
 * The amounts of a report in one currency: exchanged by the rate that is valid when the span ends (now, where it has not
 * ended), in its own direction alone. Each row says what it was exchanged from, and by which rate; without one its amounts are empty.
 */
import { readAsTenant } from '../db/read-as-tenant.ts'
import { readRatesInto } from '../db/reports/rates-into.ts'
import { Forbidden, InvalidRequest } from '../errors.ts'
import { Decimal, formatAmount } from '../money.ts'
import { type Report, toColumns, type Value } from './report.ts'
import type { ReportRequest } from './report-request.ts'

type Rows = Omit<Report, 'name'>

export const exchangedColumns = toColumns({ exchangedFrom: 'word', exchangeRate: 'decimal' })

const amountDecimals = 6

/** When the rate is valid: the end of the span by UTC. */
export function endOfSpan({ to, now }: Pick<ReportRequest, 'to' | 'now'>): number {
  return to === null ? now : Math.min(now, Date.parse(`${to}T00:00:00Z`))
}

/** As it is where no currency is asked for. Its rows have a column `currency`. */
export async function inOneCurrency(request: ReportRequest, report: Rows): Promise<Rows> {
  const { db, tenant, brandId, clientId, currency = null, visibility } = request
  if (currency === null) return report
  if (!visibility.costs) throw new Forbidden('Rates of exchange are for operators and finance.')
  if (brandId === null && clientId === null) {
    throw new InvalidRequest('Each brand has exchange rates of its own: say which one.', [
      { pointer: '/brandId', detail: 'is needed with "currency"' },
    ])
  }
  const asked = { brandId, clientId, currency, at: endOfSpan(request) }
  const known = await readAsTenant(db, tenant, (sql) => readRatesInto(sql, asked))
  const rates = new Map([...known, [currency, '1']].map(([base, rate]) => [base, new Decimal(rate ?? '')]))
  const { columns, batches } = report
  const place = columns.findIndex(({ name }) => name === 'currency')
  const areAmounts = columns.map(({ kind }) => kind === 'amount')
  const exchange = (row: readonly Value[]): Value[] => {
    const base = row[place] ?? null
    const rate = rates.get(String(base))
    const values = row.map((value, at) => {
      if (at === place) return currency
      return areAmounts[at] && value !== null ? exchangeAmount(value, rate) : value
    })
    return [...values, base, rate ? formatAmount(rate) : null]
  }
  return {
    columns: [...columns, ...exchangedColumns],
    batches: (async function* () {
      for await (const rows of batches) yield rows.map(exchange)
    })(),
  }
}

function exchangeAmount(value: Value, rate: Decimal | undefined): string | null {
  if (!rate) return null
  return formatAmount(rate.times(String(value)).toDecimalPlaces(amountDecimals, Decimal.ROUND_HALF_UP))
}
