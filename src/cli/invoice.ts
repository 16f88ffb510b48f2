/**
 * `tollgate invoice`: one period invoiced for all clients of a brand, each in a transaction of its own. Who is refused is
 * named with the reason and holds nobody up; run again it issues what is missing.
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { DateTime } from 'luxon'
import type { Sql } from '../db/connection.ts'
import type { ScheduleFilter } from '../db/invoices/invoice-schedule-periods.ts'
import {
  findBrandCalled,
  findScheduleTerms,
  listNumberSequences,
  type Named,
} from '../db/invoices/invoicing-names.ts'
import type { TollgateError } from '../errors.ts'
import type { Period } from '../invoices/invoice.ts'
import { defaultDueDays, type InvoiceTerms, noTerms } from '../invoices/invoice-terms.ts'
import { type RunProgress, runInvoices } from '../invoices/run-invoices.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { databaseOption, openCommandOutput } from './options.ts'
import { openProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'
import { type DatabaseOption, withDatabase } from './with-database.ts'

interface Options extends DatabaseOption {
  brand: string
  sequence?: string
  month?: Period
  from?: string
  to?: string
  billingMethod?: string[]
  currency?: string[]
  timeZone?: string[]
  language?: string[]
  termsOf?: string
  dueDays?: number
  runningCalls?: InvoiceTerms['runningCalls']
  dryRun?: boolean
}

interface Refusal {
  clientId: string
  name: string
  code: string
  detail: string
  errors: readonly { detail: string }[]
}

const examples = `
A client that has an invoice of exactly this period is passed over. Whom it refuses is named; clients of other zones
than the brand's are refused with period_open until the period is over there.

Examples:
  $ tollgate invoice --brand "Telco" --month 2026-10 --dry-run
  $ tollgate invoice --brand "Telco" --month 2026-10 --sequence main --due-days 14
  $ tollgate invoice --brand "Telco" --month 2026-10 --terms-of "Monthly, with line rental"
  $ tollgate invoice --brand "Telco" --from 2026-10-01 --to 2026-10-16 --billing-method postpaid --json`

export function addInvoice(program: Command, terminal: Terminal): void {
  program
    .command('invoice')
    .description('invoice a period for all clients of a brand; exit code 1 where one is refused')
    .requiredOption('--brand <brand>', 'id or name')
    .option('--sequence <sequence>', "number sequence, id or name; the brand's only one")
    .addOption(
      new Option('--month <month>', 'a calendar month (YYYY-MM)')
        .argParser(readMonth)
        .conflicts(['from', 'to']),
    )
    .option('--from <day>', 'first local day (YYYY-MM-DD)', readDay)
    .option('--to <day>', 'the day after the last', readDay)
    .option(
      '--billing-method <method>',
      'clients of this one alone; may be repeated, as those below',
      collect,
    )
    .option('--currency <currency>', 'ISO 4217', collect)
    .option('--time-zone <zone>', 'IANA', collect)
    .option('--language <language>', 'BCP 47', collect)
    .option(
      '--terms-of <schedule>',
      'fixed costs, discounts, taxes, minimum and template of this invoice schedule, id or name; it may be disabled',
    )
    .option('--due-days <days>', `from the issue to the due day (default: ${defaultDueDays})`, readDays)
    .addOption(
      new Option(
        '--running-calls <what>',
        'calls that still run refuse a client (block, the default), or come on its next invoice',
      ).choices(['block', 'next']),
    )
    .option('--dry-run', 'compute and check all, issue nothing')
    .addOption(databaseOption())
    .addHelpText('after', examples)
    .action(async (options: Options, command: Command) => {
      const output = openCommandOutput(terminal, command)
      const period = readPeriod(options)
      const mode = options.dryRun ? 'dry-run' : 'issue'
      const refused: Refusal[] = []
      const answer = await withDatabase({ ...options, role: 'tollgate_worker' }, async ({ $client: sql }) => {
        const { brand, sequence } = await findParts(sql, options)
        const terms = await findTerms(sql, brand, options)
        const bar = openProgress(output, 'clients')
        const progress = await runInvoices(
          // Facts and mails stand in their outboxes: a running service sends them.
          { sql, clock: Date.now, onCommitted: () => {} },
          {
            scope: { brandId: brand.id, clientId: null },
            actor: 'tollgate invoice',
            brandId: brand.id,
            filter: readFilter(options),
            numberSequenceId: sequence.id,
            period,
            terms,
            mode,
            onProgress: (now) => bar.update(countDone(now), now.total),
            onRefused: ({ id, name }, error) => refused.push(toRefusal(id, name, error)),
          },
        )
        bar.end(countDone(progress))
        return { brand, sequence, ...period, dryRun: mode === 'dry-run', ...progress }
      })
      output.answer({ ...answer, refusals: refused }, [...refused.flatMap(describeRefusal), saysAll(answer)])
      if (refused.length > 0) throw new CommandFailed('', exitCodes.found)
    })
}

function readPeriod({ month, from, to }: Options): Period {
  if (month) return month
  const misused = (why: string) => new CommandFailed(why, exitCodes.misused)
  if (from === undefined || to === undefined) throw misused('Say which period: --month, or --from and --to.')
  if (from >= to) throw misused('The period is empty: --to is the day after its last, so later than --from.')
  return { from, to }
}

async function findParts(sql: Sql, options: Options): Promise<{ brand: Named; sequence: Named }> {
  const misused = (why: string) => new CommandFailed(why, exitCodes.misused)
  const brand = await findBrandCalled(sql, options.brand)
  if (!brand) throw misused(`There is no brand "${options.brand}".`)
  const sequences = await listNumberSequences(sql, brand.id)
  const wanted = options.sequence
  const fitting = sequences.filter(({ id, name }) => wanted === undefined || wanted === id || wanted === name)
  const [sequence] = fitting
  if (sequence && fitting.length === 1) return { brand, sequence }
  const names = sequences.map(({ name }) => `"${name}"`).join(', ') || 'no number sequence'
  throw misused(`Say which number sequence by --sequence: ${brand.name} has ${names}.`)
}

/** What is said beside the schedule counts instead of what it says. */
async function findTerms(sql: Sql, brand: Named, options: Options): Promise<InvoiceTerms> {
  const { termsOf, dueDays, runningCalls } = options
  const given = { ...(dueDays !== undefined && { dueDays }), ...(runningCalls && { runningCalls }) }
  if (termsOf === undefined) return { ...noTerms, ...given }
  const found = await findScheduleTerms(sql, { brandId: brand.id, reference: termsOf })
  if (!found)
    throw new CommandFailed(`${brand.name} has no invoice schedule "${termsOf}".`, exitCodes.misused)
  return { ...found, ...given }
}

function readFilter({ billingMethod, currency, timeZone, language }: Options): ScheduleFilter {
  return {
    ...(billingMethod && { billingMethods: billingMethod }),
    ...(currency && { currencies: currency }),
    ...(timeZone && { timeZones: timeZone }),
    ...(language && { languages: language }),
  }
}

function countDone({ issued, empty, already, refused }: RunProgress): number {
  return issued + empty + already + refused
}

function toRefusal(clientId: string, name: string, { code, message, errors }: TollgateError): Refusal {
  return { clientId, name, code, detail: message, errors: errors.map(({ detail }) => ({ detail })) }
}

function describeRefusal({ clientId, name, code, detail, errors }: Refusal): string[] {
  return [`${name} (${clientId}): ${code}: ${detail}`, ...errors.map((error) => `  ${error.detail}`)]
}

function saysAll({
  issued,
  empty,
  already,
  refused,
  total,
  dryRun,
}: RunProgress & { dryRun: boolean }): string {
  return (
    `${total} clients: ${issued} ${dryRun ? 'would be invoiced' : 'invoiced'}, ${already} were before, ` +
    `${empty} with nothing to invoice, ${refused} refused.`
  )
}

function readMonth(text: string): Period {
  const first = DateTime.fromFormat(text, 'yyyy-MM', { zone: 'utc' })
  if (!first.isValid || text.length !== 7) throw new InvalidArgumentError('Write a month as YYYY-MM.')
  return { from: first.toISODate(), to: first.plus({ months: 1 }).toISODate() }
}

function readDay(text: string): string {
  const day = DateTime.fromFormat(text, 'yyyy-MM-dd', { zone: 'utc' })
  if (day.isValid && text.length === 10) return text
  throw new InvalidArgumentError('Write a day as YYYY-MM-DD.')
}

function readDays(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) <= 3650) return Number(text)
  throw new InvalidArgumentError('Write a whole number of at most 3650.')
}

function collect(one: string, before: string[] = []): string[] {
  return [...before, one]
}
