/**
 * One of the tariff plan files of CGRateS.
 *
 * CGRateS reads columns by their position, and its headings are comments that changed from release to release:
 * `DestinationId`, `DestinationsTag` and `DestinationsID` are one column. Names count where a heading names all that is
 * needed, else positions.
 */
import { plain, readTable, type TableRow } from './read-table.ts'

interface CgratesFile {
  columns: readonly string[]
  /** How many of them, from the first, a heading must name. */
  needed: number
}

const files = {
  'Destinations.csv': { columns: ['Id', 'Prefix'], needed: 2 },
  'Rates.csv': {
    columns: ['Id', 'ConnectFee', 'Rate', 'RateUnit', 'RateIncrement', 'GroupIntervalStart'],
    needed: 6,
  },
  'DestinationRates.csv': {
    columns: [
      ...['Id', 'DestinationId', 'RatesId', 'RoundingMethod'],
      ...['RoundingDecimals', 'MaxCost', 'MaxCostStrategy'],
    ],
    needed: 5,
  },
  'Timings.csv': { columns: ['Id', 'Years', 'Months', 'MonthDays', 'WeekDays', 'Time'], needed: 6 },
  'RatingPlans.csv': { columns: ['Id', 'DestinationRatesId', 'TimingId', 'Weight'], needed: 4 },
  'RatingProfiles.csv': {
    columns: ['Tenant', 'Category', 'Subject', 'ActivationTime', 'RatingPlanId', 'RatesFallbackSubject'],
    needed: 5,
  },
  'Actions.csv': {
    columns: [
      ...[
        'Id',
        'Action',
        'ExtraParameters',
        'Filter',
        'BalanceId',
        'BalanceType',
        'Categories',
        'DestinationIds',
      ],
      ...[
        'RatingSubject',
        'SharedGroup',
        'ExpiryTime',
        'TimingIds',
        'Units',
        'BalanceWeight',
        'BalanceBlocker',
      ],
      ...['BalanceDisabled', 'Weight'],
    ],
    needed: 14,
  },
  'ActionPlans.csv': { columns: ['Id', 'ActionsId', 'TimingId', 'Weight'], needed: 3 },
  'AccountActions.csv': { columns: ['Tenant', 'Account', 'ActionPlanId'], needed: 3 },
} as const satisfies Record<string, CgratesFile>

export function readCgratesTable(folder: string, file: keyof typeof files): Promise<TableRow[] | undefined> {
  const { columns, needed }: CgratesFile = files[file]
  return readTable(folder, {
    file,
    needed: columns.slice(0, needed).map((name) => [name]),
    // Releases up to 0.9 began each profile with its direction.
    columns: ([first]) => (first === '*out' || first === '*in' ? ['Direction', ...columns] : columns),
    keyOf: columnKey,
    usualSeparator: ',',
  })
}

/** Without `Id`, `Tag` and the plural, in which the headings differ. */
function columnKey(heading: string): string {
  const name = plain(heading)
  const key = name.replace(/(ids?|tags?)$/, '').replace(/s$/, '')
  if (key === 'fallbacksubject') return 'ratesfallbacksubject'
  return key === '' && name !== '' ? 'id' : key
}
