/**
 * The operator's command line: which commands there are, and what all of them share.
 *
 * Commands on the database (migrate, check, keys, verify, invoice) need no running service; the others talk to the HTTP API.
 */
import { Command } from 'commander'
import { version } from '../version.ts'
import { addCheck } from './check.ts'
import { exitCodes } from './command-failed.ts'
import { addExport } from './export.ts'
import { addImport } from './import.ts'
import { addInvoice } from './invoice.ts'
import { addKeys } from './keys.ts'
import { addMigrate } from './migrate.ts'
import { addPrice } from './price.ts'
import { addRedrive } from './redrive.ts'
import type { Terminal } from './terminal.ts'
import { addVerify } from './verify.ts'

const help = `
Exit codes:
  ${exitCodes.done}  done, nothing to tell
  ${exitCodes.found}  something was found: differences, rejected rows, a part out of order, a refusal
  ${exitCodes.misused}  called wrongly, nothing was done
  ${exitCodes.unreachable}  PostgreSQL or the service cannot be reached

Examples:
  $ tollgate migrate
  $ tollgate keys create operations --role platform
  $ TOLLGATE_API_KEY=tg_… tollgate import "Retail" rates.csv
  $ tollgate verify --json | jq '.differences[].detail'`

export function buildProgram(terminal: Terminal): Command {
  const program = new Command('tollgate')
    .description('Operates a Tollgate: authorization, rating and billing of telephone calls.')
    .version(version)
    .option('--json', 'answer with one JSON document, for programs')
    .addHelpText('after', help)
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.error.write(text),
    })
    .showHelpAfterError('(--help tells more)')
    .exitOverride()
  for (const add of [
    addMigrate,
    addCheck,
    addKeys,
    addVerify,
    addInvoice,
    addImport,
    addPrice,
    addRedrive,
    addExport,
  ]) {
    add(program, terminal)
  }
  return program
}
