/**
 * `tollgate import cgrates DIR` and `tollgate import ivozprovider DIR`: the tariffs of another system become decks,
 * plans and profiles here, and every row without an equal is named. All in one step: what is refused changes nothing, and
 * repeating it makes new versions of what has changed, nothing twice.
 */
import { stat } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { ImportedTariffs } from '../tariff-migration/imported-tariffs.ts'
import { readCgrates } from '../tariff-migration/read-cgrates.ts'
import { readIvozProvider } from '../tariff-migration/read-ivozprovider.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { moveOffers } from './move-offers.ts'
import { moveTariffs } from './move-tariffs.ts'
import { openCommandOutput, openService } from './options.ts'
import type { ServiceApi } from './service-api.ts'
import type { Output, Terminal } from './terminal.ts'

interface Options {
  currency: string
  timeZone: string
  language: string
  fromBrand?: string
  tenant?: string
  brand?: string
  replace?: string[]
  dryRun?: boolean
}

export function addImportTariffs(importCommand: Command, terminal: Terminal): void {
  const cgrates = importCommand
    .command('cgrates <folder>')
    .description('tariff plan files of CGRateS: Destinations.csv, Rates.csv, DestinationRates.csv …')
    .option('--time-zone <zone>', "zone of the timings; client: each client's own", 'UTC')
    .option('--tenant <name>', 'whose profiles to take, where the files hold those of several tenants')
    .addHelpText(
      'after',
      `\nExamples:
  $ tollgate import cgrates ./tariffplan --currency EUR --dry-run
  $ tollgate import cgrates ./tariffplan --currency EUR --replace Retail --replace "Retail nights"
  $ tollgate import cgrates ./tariffplan --currency EUR --tenant north.example.com --brand 018f…`,
    )
  const ivozprovider = importCommand
    .command('ivozprovider <folder>')
    .description('tables of IvozProvider as CSV: DestinationRates.csv, RatingPlans.csv, Companies.csv …')
    .option('--time-zone <zone>', "zone of the windows; client: each client's own", 'client')
    .option('--language <code>', 'which of the names', 'en')
    .option('--from-brand <brand>', 'id or name of the brand to take, where the files hold several')
    .addHelpText(
      'after',
      `\nExamples:
  $ tollgate import ivozprovider ./dump --currency EUR --language es
  $ tollgate import ivozprovider ./dump --currency EUR --from-brand 3 --brand 018f…`,
    )
  for (const command of [cgrates, ivozprovider]) {
    command
      .addOption(new Option('--currency <code>', 'ISO 4217, where the files name none').makeOptionMandatory())
      .option(
        '--replace <name>',
        'a rate deck or rating plan to write over although no earlier import of this kind made it; again for more',
        (name: string, others: string[] = []) => [...others, name],
      )
      .configureHelp({ showGlobalOptions: true })
      .action(async (folder: string, _options: object, command: Command) => {
        const options = command.optsWithGlobals<Options>()
        if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
          throw new CommandFailed(`There is no folder ${folder}.`, exitCodes.misused)
        }
        const timeZone = options.timeZone === 'client' ? null : options.timeZone
        const read = command === cgrates ? readCgrates : readIvozProvider
        const moved = await read(folder, { ...options, timeZone })
        await move(command, moved, options, openCommandOutput(terminal, command))
      })
  }
}

async function move(
  command: Command,
  moved: ImportedTariffs,
  options: Options,
  output: Output,
): Promise<void> {
  const { dryRun = false, brand: brandId, replace = [] } = options
  const send = async (api: ServiceApi, moved: ImportedTariffs) => {
    const source = command.name()
    const tariffs =
      moved.decks.length > 0 ? await moveTariffs(api, moved, { source, brandId, dryRun, replace }) : undefined
    const isRefused = tariffs?.status === 'rejected'
    const offers = hasOffers && !isRefused ? await moveOffers(api, moved, { brandId, dryRun }) : undefined
    return { tariffs, offers }
  }
  const hasOffers = moved.allowancePlans.length + moved.fixedCosts.length > 0
  const isEmpty = moved.decks.length === 0 && !hasOffers
  const { tariffs, offers } = isEmpty ? {} : await send(openService(command), moved)
  const {
    status = !offers ? 'rejected' : dryRun ? 'dry-run' : 'applied',
    errors = [],
    errorsTotal = 0,
    rateDecks = [],
    calendars = [],
    ratingPlans = [],
  } = tariffs ?? {}
  const { added = 0, unchanged = 0 } = tariffs?.ratingProfiles ?? {}
  const isRejected = status === 'rejected'
  const counts = {
    decks: rateDecks.length,
    rates: isRejected ? 0 : moved.decks.reduce((sum, { rates }) => sum + rates.size, 0),
    calendars: calendars.length,
    plans: ratingPlans.length,
    profiles: added + unchanged,
    ...offers,
  }
  const sums = Object.entries(counts).map(
    ([name, count]) => `${count} ${name.replace(/(?=[A-Z])/g, ' ').toLowerCase()}`,
  )
  const { unequal, missing } = moved
  const made = `${dryRun ? 'Would make' : 'Made'} ${sums.join(', ')}`
  const head = isEmpty
    ? 'There is no rate in these files that could be taken; nothing was changed'
    : isRejected
      ? `Refused for ${errorsTotal} faults; nothing was changed`
      : made
  output.answer(
    {
      ...{ dryRun, status, ...counts, errors, errorsTotal },
      ...{ rateDecks, ratingPlans, unequal, missing },
    },
    [
      ...missing.map((file) => `${file} is not there and counts as empty.`),
      ...unequal.map(({ file, line, why, text }) =>
        file === null ? `Note: ${why}` : `${file} line ${line}: ${why}\n    ${text}`,
      ),
      ...errors.map(({ detail }) => `Fault: ${detail}`),
      ...(errorsTotal > errors.length ? [`… and ${errorsTotal - errors.length} more faults`] : []),
      `${head}; ${unequal.length} rows cannot be expressed here.`,
    ],
  )
  if (unequal.length > 0 || isRejected) throw new CommandFailed('', exitCodes.found)
}
