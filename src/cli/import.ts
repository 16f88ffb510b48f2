/**
 * `tollgate import`: a rate sheet into a deck, with a bar to watch; one into a plan (`import-plan.ts`); and the tariffs of
 * other systems (`import-tariffs.ts`).
 */
import { type Command, Option } from 'commander'
import { askMapping } from './ask-mapping.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { addImportPlan } from './import-plan.ts'
import { type ImportAnswer, importSheet } from './import-sheet.ts'
import { addImportTariffs } from './import-tariffs.ts'
import { inspectByService, inspectedLines, inspectHere } from './inspect-sheet.ts'
import { openCommandOutput, openService, withService } from './options.ts'
import { findByName, type ServiceApi } from './service-api.ts'
import { findMapping, openSheetFile } from './sheet-request.ts'
import type { Output, Terminal } from './terminal.ts'

interface Options {
  mode: 'replace' | 'merge'
  dryRun?: boolean
  brand?: string
  map?: string
  inspect?: boolean
  ask?: boolean
}

const examples = `
Examples:
  $ tollgate import Retail rates.csv --dry-run
  $ tollgate import Retail changes.csv --mode merge
  $ tollgate import carrier.xlsx --inspect
  $ tollgate import Retail carrier.xlsx --ask
  $ tollgate import Retail carrier.xlsx --map "Carrier A"
  $ tollgate import plan Retail carrier.xlsx --map windows.json --currency EUR

Columns, headings, mappings, errors: docs/rate-sheets.md`

export function addImport(program: Command, terminal: Terminal): void {
  const importCommand = withService(program.command('import'), 'sometimes')
    .description('import rates from a sheet (CSV or XLSX), or tariffs of another system from a folder')
    .argument('<deck>', 'id or name of the rate deck; may be left out with --inspect')
    .argument('[file]', 'sheet with a line of headings, or with a mapping')
    .addOption(
      new Option('--mode <mode>', 'what happens to rates the file does not name')
        .choices(['replace', 'merge'])
        .default('replace'),
    )
    .option('--dry-run', 'say what would change and change nothing')
    .option(
      '--brand <id>',
      'whose rate deck and mapping, where several brands have one of the name; for cgrates and ivozprovider the brand that the tariffs go to, which a platform key must name',
    )
    .option('--map <name>', 'how the sheet is read: a kept mapping by name or id, or a file with one in JSON')
    .option('--inspect', 'say how the sheet would be read, and import nothing')
    .option('--ask', 'ask how the sheet is read, and keep the answers as a mapping')
    .addHelpText('after', examples)
    .action(async (deck: string, file: string | undefined, options: Options, command: Command) => {
      const output = openCommandOutput(terminal, command)
      if (file === undefined) {
        if (!options.inspect) throw new CommandFailed('Give a rate deck and a file.', exitCodes.misused)
        const found = await inspectHere(deck, options.map)
        output.answer(found, inspectedLines(found))
        return
      }
      await importInto(openService(command), { deck, file, options, output })
    })
  addImportPlan(importCommand, terminal)
  addImportTariffs(importCommand, terminal)
}

async function importInto(
  api: ServiceApi,
  { deck, file, options, output }: { deck: string; file: string; options: Options; output: Output },
): Promise<void> {
  const { mode, dryRun = false, brand: brandId } = options
  const csv = await openSheetFile(file)
  const rateDeckId = await findByName(api, {
    path: '/v1/rate-decks',
    noun: 'rate deck',
    reference: deck,
    brandId,
  })
  if (options.ask) {
    await csv.cancel()
    const name = await askMapping(api, { rateDeckId, file, terminal: output.terminal })
    output.answer({ mapping: name }, [
      `Kept as "${name}": tollgate import "${deck}" "${file}" --map "${name}"`,
    ])
    return
  }
  const mapping =
    options.map === undefined ? undefined : await findMapping(api, { reference: options.map, brandId })
  if (options.inspect) {
    await csv.cancel()
    const found = await inspectByService(api, { rateDeckId, file, mapping })
    output.answer(found, inspectedLines(found))
    return
  }
  const answer = await importSheet(api, { rateDeckId, csv, mode, dryRun, mapping }, output)
  output.answer(answer, importLines(answer))
  if (answer.errors.some(({ code }) => code === 'header_not_recognised')) {
    output.note('--inspect shows what was found, --ask asks for what is missing, --map says it.')
  }
  if (answer.errorsTotal > 0 || answer.status === 'rejected') throw new CommandFailed('', exitCodes.found)
}

function importLines({
  status,
  rowsRead,
  summary,
  errors,
  errorsTotal,
  warnings,
  version,
}: ImportAnswer): string[] {
  const { added, changed, removed, unchanged, kept } = summary ?? {}
  const sums = Object.entries({ added, changed, removed, unchanged, kept })
    .filter(([, count]) => count !== undefined)
    .map(([name, count]) => `${count} ${name}`)
  const made = version === null ? '' : `, version ${version}`
  return [
    ...errors.map(
      ({ line, column, detail }) => `line ${line ?? '?'}${column ? `, ${column}` : ''}: ${detail}`,
    ),
    ...(errorsTotal > errors.length ? [`… and ${errorsTotal - errors.length} more faults`] : []),
    ...warnings.map(({ line, detail }) => `note${line === null ? '' : `, line ${line}`}: ${detail}`),
    `${status}: ${rowsRead} rows${made}${sums.length > 0 ? ` (${sums.join(', ')})` : ''}`,
  ]
}
