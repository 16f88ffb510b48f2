/**
 * `tollgate import cgrates DIR` and `tollgate import ivozprovider DIR`: the tariffs of another system become decks,
 * plans and profiles here, and every row without an equal is named. Repeating it makes new versions, nothing twice.
 */
import { stat } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { ImportedTariffs } from '../tariff-migration/imported-tariffs.ts'
import { readCgrates } from '../tariff-migration/read-cgrates.ts'
import { readIvozProvider } from '../tariff-migration/read-ivozprovider.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { moveTariffs } from './move-tariffs.ts'
import { outputOf, serviceOf } from './options.ts'
import type { Output, Terminal } from './terminal.ts'

interface Options {
  currency: string
  timeZone: string
  language: string
  brand?: string
  dryRun?: boolean
}

export function addImportTariffs(importCommand: Command, terminal: Terminal): void {
  const cgrates = importCommand
    .command('cgrates <folder>')
    .description('tariff plan files of CGRateS: Destinations.csv, Rates.csv, DestinationRates.csv …')
    .option('--time-zone <zone>', "zone of the timings; client: each client's own", 'UTC')
    .addHelpText('after', '\nExample:\n  $ tollgate import cgrates ./tariffplan --currency EUR --dry-run')
  const ivozprovider = importCommand
    .command('ivozprovider <folder>')
    .description('tables of IvozProvider as CSV: DestinationRates.csv, RatingPlans.csv, Companies.csv …')
    .option('--time-zone <zone>', "zone of the windows; client: each client's own", 'client')
    .option('--language <code>', 'which of the names', 'en')
    .addHelpText('after', '\nExample:\n  $ tollgate import ivozprovider ./dump --currency EUR --language es')
  for (const command of [cgrates, ivozprovider]) {
    command
      .addOption(new Option('--currency <code>', 'ISO 4217, where the files name none').makeOptionMandatory())
      .configureHelp({ showGlobalOptions: true })
      .action(async (folder: string, _options: object, command: Command) => {
        const options = command.optsWithGlobals<Options>()
        if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
          throw new CommandFailed(`There is no folder ${folder}.`, exitCodes.misused)
        }
        const timeZone = options.timeZone === 'client' ? null : options.timeZone
        const read = command === cgrates ? readCgrates : readIvozProvider
        const moved = await read(folder, { ...options, timeZone })
        await tell(command, moved, options, outputOf(terminal, command))
      })
  }
}

async function tell(
  command: Command,
  moved: ImportedTariffs,
  options: Options,
  output: Output,
): Promise<void> {
  if (moved.decks.length === 0) {
    throw new CommandFailed('There is no rate in these files that could be taken.', exitCodes.found)
  }
  const { dryRun = false, brand: brandId } = options
  if (!dryRun) await moveTariffs(serviceOf(command), moved, { brandId, output })
  const { decks, plans, profiles, unequal, missing } = moved
  const counts = {
    decks: decks.length,
    rates: decks.reduce((sum, { rates }) => sum + rates.size, 0),
    plans: plans.length,
    profiles: profiles.length,
  }
  const sums = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  output.answer({ dryRun, ...counts, unequal, missing }, [
    ...missing.map((file) => `${file} is not there and counts as empty.`),
    ...unequal.map(({ file, line, why, text }) => `${file} line ${line}: ${why}\n    ${text}`),
    `${dryRun ? 'Would make' : 'Made'} ${sums.join(', ')}; ${unequal.length} rows cannot be expressed here.`,
  ])
  if (unequal.length > 0) throw new CommandFailed('', exitCodes.found)
}
