/**
 * `tollgate export`: writes a report or a plan's price list to a file or to standard output, as it arrives.
 */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { reportFormats, reportNames } from '../reports/open-report.ts'
import { csvFlavours } from '../spreadsheet-text.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { openCommandOutput, openService, withService } from './options.ts'
import { findByName, type ServiceApi } from './service-api.ts'
import type { Terminal } from './terminal.ts'

interface Options {
  from?: string
  to?: string
  client?: string
  brand?: string
  groupBy?: string
  timeZone?: string
  filter?: Record<string, string>
  flavour?: string
  locale?: string
  plan?: string
  format: string
  output?: string
}

export function addExport(program: Command, terminal: Terminal): void {
  withService(program.command('export'))
    .description('write a report, or the price list of a plan')
    .addArgument(new Argument('<what>', 'which one').choices([...reportNames, 'prices']))
    .option('--from <day>', 'first local day')
    .option('--to <day>', 'the day after the last')
    .option('--client <client>', 'of one client: id, name or SIP domain')
    .option('--brand <id>', 'of one brand, for keys of several; also where a name stands for several')
    .option('--group-by <columns>', 'as the report names them')
    .option('--time-zone <zone>', "for instants, instead of each client's own")
    .option('--filter <name=value>', 'as the report takes it; may be repeated', collectFilter)
    .addOption(
      new Option('--flavour <flavour>', 'of CSV: every value as it is, or for spreadsheets').choices(
        csvFlavours,
      ),
    )
    .option('--locale <language>', 'of a CSV for spreadsheets: es for decimal comma and semicolons')
    .option('--plan <plan>', 'with prices: id or name')
    .addOption(new Option('--format <format>', 'how').choices(reportFormats).default('csv'))
    .option('-o, --output <file>', 'where to; standard output')
    .addHelpText(
      'after',
      `
Reports, their columns and filters: docs/reports.md. For a spreadsheet take --format xlsx: it opens alike in every
language; a CSV needs --flavour spreadsheet and its --locale.

Examples:
  $ tollgate export calls --from 2026-01-01 --to 2026-02-01 -o january.csv
  $ tollgate export usage --group-by client,day --filter label=trunk:blue --format xlsx -o usage.xlsx
  $ tollgate export prices --plan Retail > prices.csv`,
    )
    .action(async (what: string, options: Options, command: Command) => {
      const response = await ask(openService(command), what, options)
      if (!response.body) throw new CommandFailed('The service sent an empty answer.', exitCodes.found)
      const body = Readable.from(wholeBody(response.body))
      const { output: file } = options
      if (file === undefined) {
        await pipeline(body, terminal.out, { end: false })
        return
      }
      await writeWhole(body, file)
      openCommandOutput(terminal, command).answer({ file }, [`Written: ${file}`])
    })
}

async function ask(api: ServiceApi, what: string, options: Options): Promise<Response> {
  const {
    from,
    to,
    client,
    brand: brandId,
    groupBy,
    timeZone,
    filter,
    flavour,
    locale,
    plan,
    format,
  } = options
  if (what === 'prices') {
    if (plan === undefined || format !== 'csv') {
      throw new CommandFailed('Prices are exported of one --plan, as CSV.', exitCodes.misused)
    }
    const id = await findByName(api, {
      path: '/v1/rating-plans',
      noun: 'rating plan',
      reference: plan,
      brandId,
    })
    return api.send('GET', `/v1/rating-plans/${id}/prices.csv`, { query: { flavour, locale } })
  }
  if ((flavour !== undefined || locale !== undefined) && format !== 'csv') {
    throw new CommandFailed('Only CSV has a --flavour and a --locale.', exitCodes.misused)
  }
  const clientId =
    client === undefined
      ? undefined
      : await findByName(api, { path: '/v1/clients', noun: 'client', reference: client, brandId })
  return api.send('GET', `/v1/reports/${what}.${format}`, {
    query: { ...filter, from, to, clientId, brandId, groupBy, timeZone, flavour, locale },
  })
}

function collectFilter(text: string, before: Record<string, string> = {}): Record<string, string> {
  const sign = text.indexOf('=')
  if (sign < 1) throw new InvalidArgumentError('Write a filter as name=value.')
  return { ...before, [text.slice(0, sign)]: text.slice(sign + 1) }
}

async function* wholeBody(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body
  } catch (error) {
    throw new CommandFailed(
      'The service broke its answer off: what has arrived is not whole. Run it again.',
      exitCodes.unreachable,
      { cause: error },
    )
  }
}

/** A file by that name is whole or is not there: half an export looks like a short one. */
async function writeWhole(body: Readable, file: string): Promise<void> {
  const draft = `${file}.part`
  try {
    await pipeline(body, createWriteStream(draft))
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
