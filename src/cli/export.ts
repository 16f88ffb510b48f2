/**
 * `tollgate export`: writes a report or a plan's price list to a file or to standard output, as it arrives.
 */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { Argument, type Command, Option } from 'commander'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { outputOf, serviceOf, withService } from './options.ts'
import { findByName, type ServiceApi } from './service-api.ts'
import type { Terminal } from './terminal.ts'

const reports = ['calls', 'usage', 'balances', 'invoices'] as const

interface Options {
  from?: string
  to?: string
  client?: string
  brand?: string
  groupBy?: string
  plan?: string
  format: string
  output?: string
}

export function addExport(program: Command, terminal: Terminal): void {
  withService(program.command('export'))
    .description('write a report, or the price list of a plan')
    .addArgument(new Argument('<what>', 'which one').choices([...reports, 'prices']))
    .option('--from <day>', 'first local day')
    .option('--to <day>', 'the day after the last')
    .option('--client <client>', 'of one client: id, name or SIP domain')
    .option('--brand <id>', 'where a name stands for several')
    .option('--group-by <columns>', 'as the report names them')
    .option('--plan <plan>', 'with prices: id or name')
    .addOption(
      new Option('--format <format>', 'how').choices(['csv', 'json', 'xlsx', 'parquet']).default('csv'),
    )
    .option('-o, --output <file>', 'where to; standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tollgate export calls --from 2026-01-01 --to 2026-02-01 -o january.csv\n  $ tollgate export prices --plan Retail > prices.csv',
    )
    .action(async (what: string, options: Options, command: Command) => {
      const response = await ask(serviceOf(command), what, options)
      if (!response.body) throw new CommandFailed('The service answered nothing.', exitCodes.found)
      const body = Readable.fromWeb(response.body as ReadableStream)
      const { output: file } = options
      if (file === undefined) {
        await pipeline(body, terminal.out, { end: false })
        return
      }
      await writeWhole(body, file)
      outputOf(terminal, command).answer({ file }, [`Written: ${file}`])
    })
}

async function ask(api: ServiceApi, what: string, options: Options): Promise<Response> {
  const { from, to, client, brand: brandId, groupBy, plan, format } = options
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
    return api.send('GET', `/v1/rating-plans/${id}/prices.csv`)
  }
  const clientId =
    client === undefined
      ? undefined
      : await findByName(api, { path: '/v1/clients', noun: 'client', reference: client, brandId })
  return api.send('GET', `/v1/reports/${what}.${format}`, { query: { from, to, clientId, groupBy } })
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
