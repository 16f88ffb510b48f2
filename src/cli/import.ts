/**
 * `tollgate import`: a rate sheet into a deck, with a bar to watch; and the tariffs of other systems
 * (`import-tariffs.ts`).
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type Command, Option } from 'commander'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { type ImportAnswer, importSheet } from './import-sheet.ts'
import { addImportTariffs } from './import-tariffs.ts'
import { outputOf, serviceOf, withService } from './options.ts'
import { findByName } from './service-api.ts'
import type { Terminal } from './terminal.ts'

interface Options {
  mode: 'replace' | 'merge'
  dryRun?: boolean
  brand?: string
}

export function addImport(program: Command, terminal: Terminal): void {
  const importCommand = withService(program.command('import'))
    .description('import rates from a CSV file, or tariffs of another system from a folder')
    .argument('<deck>', 'id or name of the rate deck')
    .argument('<file>', 'CSV with a header row')
    .addOption(
      new Option('--mode <mode>', 'what happens to rates the file does not name')
        .choices(['replace', 'merge'])
        .default('replace'),
    )
    .option('--dry-run', 'say what would change and change nothing')
    .option('--brand <id>', 'where a name stands for several')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tollgate import Retail rates.csv --dry-run\n  $ tollgate import Retail changes.csv --mode merge',
    )
    .action(async (deck: string, file: string, options: Options, command: Command) => {
      const api = serviceOf(command)
      const output = outputOf(terminal, command)
      const { mode, dryRun = false, brand: brandId } = options
      const found = await stat(file).catch(() => undefined)
      if (!found?.isFile()) throw new CommandFailed(`There is no file ${file}.`, exitCodes.misused)
      const rateDeckId = await findByName(api, {
        path: '/v1/rate-decks',
        noun: 'rate deck',
        reference: deck,
        brandId,
      })
      const csv = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>
      const answer = await importSheet(api, { rateDeckId, csv, mode, dryRun }, output)
      output.answer(answer, importLines(answer))
      if (answer.errorsTotal > 0 || answer.status === 'rejected') throw new CommandFailed('', exitCodes.found)
    })
  addImportTariffs(importCommand, terminal)
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
