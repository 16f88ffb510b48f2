/**
 * `tollgate verify`: do the books of a live database hold? Reads only, and names each difference. With
 * `--repair` it first puts right counters of running calls, or invoices that do not say what settled them.
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type RepairedInvoice, repairSettlements } from '../invoices/repair-settlements.ts'
import { type RepairedCounter, repairSlots } from '../ledger/repair-slots.ts'
import { countRemovedCalls } from '../verify/count-removed-calls.ts'
import { checks, firstOpenDay, verifyBooks } from '../verify/verify-books.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { databaseOption, openCommandOutput } from './options.ts'
import type { Terminal } from './terminal.ts'
import { type DatabaseOption, withDatabase } from './with-database.ts'

interface Options extends DatabaseOption {
  all?: boolean
  from?: string
  only?: string[]
  prices: number
  repair?: 'slots' | 'settlements'
}

/** As the audit log names it. */
const actor = 'tollgate verify'
/** Of each check; the number of all is told. */
const maxShown = 20
const examples = `
Checks:
${checks.map(({ id, name, claim }) => `  ${id.padEnd(3)} ${name.padEnd(16)} ${claim}`).join('\n')}

Examples:
  $ tollgate verify                                hourly: days that are over everywhere, some prices
  $ tollgate verify --from 2026-01-01 --json
  $ tollgate verify --all --only I3 --only prices  every day and every price
  $ tollgate verify --repair slots                 set counters of running calls to what the calls hold
  $ tollgate verify --repair settlements           make invoices say what payments and allocations settled`

export function addVerify(program: Command, terminal: Terminal): void {
  program
    .command('verify')
    .description('check on a live database that every sum adds up; exit code 1 where one does not')
    .addOption(databaseOption())
    .option('--from <day>', 'look at calls from this local day on (YYYY-MM-DD)', readDay)
    .option('--all', 'days that still run, and every price, too')
    .option('--prices <count>', 'prices computed again for each client', readCount, 20)
    .addOption(
      new Option('--only <check>', 'make this check alone, by id or name; may be repeated').argParser(
        collect,
      ),
    )
    .addOption(
      new Option('--repair <what>', 'first put these right, each with an entry in the audit log').choices([
        'slots',
        'settlements',
      ]),
    )
    .addHelpText('after', examples)
    .action(async (options: Options, command: Command) => {
      const output = openCommandOutput(terminal, command)
      const { all = false, from = null, only, repair } = options
      const scope = {
        from,
        before: all ? null : firstOpenDay(Date.now()),
        pricesPerClient: all ? null : options.prices,
        ...(only && { only }),
      }
      const found: { check: string; name: string; where: object; detail: string }[] = []
      const made: { id: string; name: string; differences: number }[] = []
      const lines: string[] = []
      let removedCalls = 0
      let repaired: RepairedCounter[] | RepairedInvoice[] = []
      const says: string[] = []
      await withDatabase({ ...options, role: 'tollgate_worker', statementTimeoutMs: 600_000 }, async (db) => {
        if (repair === 'slots') {
          repaired = await repairSlots(db, { actor, now: Date.now() })
          says.push(...saysCounters(repaired))
        } else if (repair === 'settlements') {
          // What its mails and facts wait for is sent by a running service.
          const context = { sql: db.$client, clock: Date.now, onCommitted: () => {} }
          repaired = await repairSettlements(context, actor)
          says.push(...saysInvoices(repaired))
        }
        for await (const { check, differences } of verifyBooks(db, scope)) {
          const { id, name, claim } = check
          made.push({ id, name, differences: differences.length })
          found.push(...differences.map((difference) => ({ check: id, name, ...difference })))
          lines.push(`${differences.length === 0 ? 'ok  ' : 'BAD '} ${id} ${claim}`)
          lines.push(...differences.slice(0, maxShown).map(({ detail }) => `       ${detail}`))
          if (differences.length > maxShown) lines.push(`       … and ${differences.length - maxShown} more`)
        }
        removedCalls = await countRemovedCalls(db, scope)
      })
      const { before } = scope
      output.answer(
        {
          ok: found.length === 0,
          from,
          before,
          checks: made,
          removedCalls,
          ...(repair && { repaired }),
          differences: found,
        },
        [
          ...says,
          ...lines,
          ...(removedCalls === 0 ? [] : [saysRemoved(removedCalls)]),
          found.length === 0 ? 'Everything adds up.' : `${found.length} differences.`,
        ],
      )
      if (found.length > 0) throw new CommandFailed('', exitCodes.found)
    })
}

function saysInvoices(invoices: readonly RepairedInvoice[]): string[] {
  if (invoices.length === 0) return ['No invoice was wrong.']
  return invoices.map(
    ({ number, before, after }) =>
      `set  invoice ${number} said that ${before} is due, its settlements leave ${after}`,
  )
}

function saysCounters(counters: readonly RepairedCounter[]): string[] {
  if (counters.length === 0) return ['No counter of running calls was wrong.']
  return counters.map(
    ({ of, id, before, after }) =>
      `set  ${of} ${id} counted ${before} running calls, its calls hold ${after}`,
  )
}

function saysRemoved(calls: number): string {
  return (
    `Of ${calls} calls the details were removed after their retention: the sums hold with what is kept of them (I5, I6), ` +
    'their prices (I8) and the days of their answers (I6) cannot be computed again.'
  )
}

function collect(name: string, before: string[] = []): string[] {
  if (!checks.some((check) => check.name === name || check.id === name)) {
    throw new InvalidArgumentError(
      `There is ${checks.map((check) => `${check.id} ${check.name}`).join(', ')}.`,
    )
  }
  return [...before, name]
}

function readDay(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('Write a day as YYYY-MM-DD.')
}

function readCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a whole number.')
}
