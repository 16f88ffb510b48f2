/**
 * Minutes that CGRateS gives by the period, as allowance plans: each plan of ActionPlans.csv whose actions reset a `*voice`
 * balance, or debit the account, and the accounts of AccountActions.csv that have it.
 *
 * There an action runs at a timing, here a period begins with a day, a week or a month: timings that are one become its
 * period. A plan with an action that has no equal is left out whole: half of what it gives would be another offer.
 * Source: the columns of the CSV files of CGRateS 0.10 and 0.11.
 */

import { Decimal, zero } from '../money.ts'
import type { AllowancePeriod } from '../rating/allowance-period.ts'
import { normalizePrefix } from '../rating/prefix.ts'
import { groupBy, type ImportedAllowancePlan, type ImportedTariffs } from './imported-tariffs.ts'
import { readSeconds } from './read-seconds.ts'
import type { TableRow } from './read-table.ts'

export interface AllowanceTables {
  actions: readonly TableRow[]
  actionPlans: readonly TableRow[]
  /** Of one tenant. */
  accounts: readonly TableRow[]
  timings: readonly TableRow[]
  destinations: ReadonlyMap<string, readonly TableRow[]>
}

type LeaveOut = (row: TableRow, why: string) => void
const readId = (row: TableRow) => row.get('Id') ?? ''

export function readCgratesAllowances(
  tables: AllowanceTables,
  { moved, currency, leaveOut }: { moved: ImportedTariffs; currency: string; leaveOut: LeaveOut },
): void {
  const actions = groupBy(tables.actions.filter(isOffer), readId)
  const timings = new Map(tables.timings.map((row) => [readId(row), row]))
  /** Names of what each action plan became; none: it was left out. */
  const madeOf = new Map<string, string[]>()
  for (const [id, rows] of groupBy(tables.actionPlans, readId)) {
    const offers = rows.filter((row) => actions.has(row.get('ActionsId') ?? ''))
    if (offers.length === 0) continue
    const plans = readPlans(offers, {
      id,
      currency,
      actions,
      timings,
      destinations: tables.destinations,
      leaveOut,
    })
    madeOf.set(
      id,
      plans.map(({ name }) => name),
    )
    moved.allowancePlans.push(...plans)
  }
  for (const row of tables.accounts) {
    const made = madeOf.get(row.get('ActionPlanId') ?? '')
    const client = row.get('Account')
    if (!made) continue
    if (made.length === 0) leaveOut(row, `the action plan ${row.get('ActionPlanId')} was left out`)
    else if (client === null) leaveOut(row, 'an allowance belongs to one client')
    else for (const plan of made) moved.allowances.push({ client, plan, row })
  }
}

/** Other actions are single top-ups, which are brought over with the balance, or tell somebody something. */
function isOffer(row: TableRow): boolean {
  const [action, type] = [row.get('Action'), row.get('BalanceType')]
  return (
    (type === '*voice' && (action === '*topup_reset' || action === '*topup')) ||
    (type === '*monetary' && action === '*debit')
  )
}

interface PlanTables extends Pick<AllowanceTables, 'destinations'> {
  id: string
  currency: string
  actions: ReadonlyMap<string, readonly TableRow[]>
  timings: ReadonlyMap<string, TableRow>
  leaveOut: LeaveOut
}

/** One for each period that its actions have. */
function readPlans(offers: readonly TableRow[], from: PlanTables): ImportedAllowancePlan[] {
  const { id, actions, timings, leaveOut } = from
  const byPeriod = new Map<AllowancePeriod, TableRow[]>()
  const once: TableRow[] = []
  for (const row of offers) {
    const timing = row.get('TimingId') ?? '*asap'
    const period = readPeriod(timing, timings)
    if (period !== undefined) byPeriod.set(period, [...(byPeriod.get(period) ?? []), row])
    else if (timing === '*asap') once.push(row)
    else {
      leaveOut(row, 'a period begins with each day, each Monday or each 1st of a month, at midnight')
      return []
    }
    if (timing === '*weekly' || timing === '*monthly') {
      leaveOut(row, `its periods begin on ${timing === '*weekly' ? 'Mondays' : 'the 1st of each month'} here`)
    }
  }
  const repeated = new Set([...byPeriod.values()].flat().map((row) => row.get('ActionsId')))
  const alone = once.find((row) => !repeated.has(row.get('ActionsId')))
  if (alone) {
    leaveOut(alone, 'it is given once; an allowance comes again with each period')
    return []
  }
  const plans: ImportedAllowancePlan[] = []
  for (const [period, rows] of byPeriod) {
    const [row] = rows
    const content = readContent(
      rows.flatMap((one) => actions.get(one.get('ActionsId') ?? '') ?? []),
      period,
      from,
    )
    if (!row || !content) return []
    const name = byPeriod.size === 1 ? id : `${id} (${period})`
    plans.push({ name, currency: from.currency, period, ...content, row })
  }
  return plans
}

function readPeriod(timing: string, timings: ReadonlyMap<string, TableRow>): AllowancePeriod | undefined {
  if (timing === '*daily') return 'day'
  if (timing === '*weekly') return 'week'
  if (timing === '*monthly') return 'month'
  const row = timings.get(timing)
  if (row?.get('Time') !== '00:00:00') return undefined
  const isAny = (name: string) => ['*any', '*all', null].includes(row.get(name))
  if (!isAny('Years') || !isAny('Months')) return undefined
  const [monthDays, weekDays] = [row.get('MonthDays'), row.get('WeekDays')]
  if (isAny('MonthDays') && isAny('WeekDays')) return 'day'
  if (isAny('MonthDays') && weekDays === '1') return 'week'
  return monthDays === '1' && isAny('WeekDays') ? 'month' : undefined
}

/** undefined: an action has no equal, and is named. */
function readContent(
  rows: readonly TableRow[],
  period: AllowancePeriod,
  { destinations, leaveOut }: PlanTables,
): Pick<ImportedAllowancePlan, 'fee' | 'items'> | undefined {
  let fee = zero
  const items: ImportedAllowancePlan['items'] = []
  for (const row of rows) {
    if (row.get('BalanceType') === '*monetary') {
      const units = row.get('Units') ?? ''
      if (!/^\d{1,12}(\.\d{1,6})?$/.test(units)) {
        leaveOut(row, 'a fee is an amount of at most 6 decimals')
        return undefined
      }
      fee = fee.plus(new Decimal(units))
      continue
    }
    const item = readItem(row, { period, destinations })
    if (typeof item === 'string') {
      leaveOut(row, item)
      return undefined
    }
    const isTaken = items.some(({ name }) => name === item.name)
    items.push(isTaken ? { ...item, name: `${item.name} ${items.length + 1}` } : item)
  }
  return { fee: fee.toFixed(), items }
}

/** Expiries behind which the next reset comes anyway. */
const lateExpiries: Record<AllowancePeriod, readonly (string | null)[]> = {
  day: ['*daily'],
  week: ['*weekly'],
  month: ['*monthly', '*month_end'],
}

/** A text: why it has no equal. */
function readItem(
  row: TableRow,
  { period, destinations }: { period: AllowancePeriod; destinations: AllowanceTables['destinations'] },
): ImportedAllowancePlan['items'][number] | string {
  if (row.get('Action') === '*topup') return 'what is left is kept without end there; periods end here'
  const amount = readSeconds(row.get('Units'))
  if (!amount) return 'minutes are whole seconds with a unit, such as 90s'
  const subject = row.get('RatingSubject')
  if (subject !== null && !subject.startsWith('*zero')) return 'minutes of an allowance cost nothing'
  if (row.get('SharedGroup') !== null) return 'an allowance belongs to one client'
  if (row.get('Filter') !== null) return 'filters have no equal'
  if (![null, 'call', '*any'].includes(row.get('Categories'))) return 'only calls draw minutes'
  if (![null, '*any', '*always'].includes(row.get('TimingIds'))) return 'minutes are good at all times'
  if (row.get('BalanceDisabled') === 'true') return 'the balance is disabled'
  if (![null, '*unlimited', ...lateExpiries[period]].includes(row.get('ExpiryTime')))
    return 'minutes last for their period'
  const weight = Number(row.get('BalanceWeight') ?? '0')
  if (!Number.isInteger(weight) || weight < 0 || weight > 1000) return 'a weight is an integer from 0 to 1000'
  const prefixes = readPrefixes(row.get('DestinationIds'), destinations)
  if (typeof prefixes === 'string') return prefixes
  const id = row.get('BalanceId')
  return {
    name: id === null || id === '*default' ? 'minutes' : id,
    prefixes,
    unit: 'seconds',
    amount,
    weight,
  }
}

function readPrefixes(text: string | null, destinations: AllowanceTables['destinations']): string[] | string {
  if (text === null || text === '*any') return ['*']
  const prefixes: string[] = []
  for (const id of text.split(';')) {
    const found = destinations.get(id)
    if (id.startsWith('!')) return 'an allowance names what it is for, and no exceptions'
    if (!found) return `the destination ${id} has no prefixes`
    for (const row of found) {
      const given = row.get('Prefix') ?? ''
      prefixes.push(normalizePrefix(given) ?? given)
    }
  }
  return [...new Set(prefixes)]
}
