/**
 * `tollgate import plan NAME FILE`: a sheet with prices for several times of day becomes a plan, with a deck for each of
 * its mapping's windows. All of it is made, or nothing.
 */
import { type Command, Option } from 'commander'
import { roundingModes } from '../money.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { inspectedLines, inspectHere } from './inspect-sheet.ts'
import { openCommandOutput, openService } from './options.ts'
import { findMapping, openSheetFile, sheetRequest } from './sheet-request.ts'
import type { Terminal } from './terminal.ts'

interface Options {
  currency?: string
  timeZone: string
  roundingMode?: string
  roundingDecimals?: string
  map?: string
  inspect?: boolean
  brand?: string
  replace?: string[]
  dryRun?: boolean
}

interface PlanImportAnswer {
  status: 'applied' | 'rejected' | 'dry-run'
  errors: Fault[]
  errorsTotal: number
  warnings: Pick<Fault, 'line' | 'detail'>[]
  ratingPlan: { name: string; outcome: string } | null
  rateDecks: { name: string; outcome: string; rates: Record<string, number> }[]
}

interface Fault {
  line: number | null
  column: string | null
  detail: string
}

export function addImportPlan(importCommand: Command, terminal: Terminal): void {
  importCommand
    .command('plan <name> <file>')
    .description('a sheet with prices for several times of day: a rating plan, and a deck for each window')
    .option('--currency <code>', 'ISO 4217; of the plan and its decks')
    .option('--time-zone <zone>', "zone of the windows; client: each client's own", 'client')
    .addOption(new Option('--rounding-mode <mode>', 'of decks that are made; up').choices([...roundingModes]))
    .option('--rounding-decimals <n>', 'likewise, 0 to 6; 4')
    .option(
      '--replace <name>',
      'a rate deck or rating plan to write over although no sheet made it; again for more',
      (name: string, others: string[] = []) => [...others, name],
    )
    .addHelpText(
      'after',
      `\nExamples:
  $ tollgate import plan Retail carrier.csv --map windows.json --inspect
  $ tollgate import plan Retail carrier.csv --map windows.json --currency EUR --time-zone Europe/Madrid --dry-run
  $ tollgate import plan Retail carrier.csv --map "Carrier A" --currency EUR

The mapping has windows, each with its columns and when it is open: docs/rate-sheets.md`,
    )
    .configureHelp({ showGlobalOptions: true })
    .action(async (name: string, file: string, _options: object, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const output = openCommandOutput(terminal, command)
      if (options.inspect) {
        const found = await inspectHere(file, options.map)
        output.answer(found, inspectedLines(found))
        return
      }
      const answer = await importPlan(command, { name, file, options })
      output.answer(answer, planLines(answer))
      if (answer.status === 'rejected') throw new CommandFailed('', exitCodes.found)
    })
}

async function importPlan(
  command: Command,
  { name, file, options }: { name: string; file: string; options: Options },
): Promise<PlanImportAnswer> {
  const { currency, timeZone, map, brand: brandId, replace, dryRun = false } = options
  if (currency === undefined || map === undefined) {
    throw new CommandFailed('A plan needs --currency, and a mapping with windows: --map.', exitCodes.misused)
  }
  const csv = await openSheetFile(file)
  const api = openService(command)
  const mapping = await findMapping(api, { reference: map, brandId })
  return api.json('POST', '/v1/rating-plans/import', {
    ...sheetRequest({ csv, mapping }),
    query: {
      ratingPlan: name,
      currency,
      timeZone: timeZone === 'client' ? undefined : timeZone,
      roundingMode: options.roundingMode,
      roundingDecimals: options.roundingDecimals,
      brandId,
      replace,
      dryRun,
      mapping: mapping.id,
    },
  })
}

function planLines({
  status,
  errors,
  errorsTotal,
  warnings,
  ratingPlan,
  rateDecks,
}: PlanImportAnswer): string[] {
  const place = ({ line, column }: Pick<Fault, 'line'> & Partial<Fault>) =>
    [line === null ? '' : `line ${line}`, column ?? ''].filter((part) => part !== '').join(', ')
  const told = (fault: Pick<Fault, 'line' | 'detail'> & Partial<Fault>) =>
    [place(fault), fault.detail].filter((part) => part !== '').join(': ')
  return [
    ...errors.map(told),
    ...(errorsTotal > errors.length ? [`… and ${errorsTotal - errors.length} more faults`] : []),
    ...warnings.map((warning) => `note: ${told(warning)}`),
    ...rateDecks.map(({ name, outcome, rates }) => {
      const counts = Object.entries(rates).map(([kind, count]) => `${count} ${kind}`)
      return `rate deck ${name}: ${outcome} (${counts.join(', ')})`
    }),
    ...(ratingPlan ? [`rating plan ${ratingPlan.name}: ${ratingPlan.outcome}`] : []),
    status,
  ]
}
