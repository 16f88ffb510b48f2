/**
 * What commands share of their options, and what they make of them.
 */
import { type Command, Option } from 'commander'
import { ServiceApi, type ServiceOptions } from './service-api.ts'
import { type Output, openOutput, type Terminal } from './terminal.ts'

export function outputOf(terminal: Terminal, command: Command): Output {
  return openOutput(terminal, command.optsWithGlobals<{ json?: boolean }>())
}

/** For commands on the database. */
export const databaseOption = () =>
  new Option(
    '--database <url>',
    'PostgreSQL to work on; else DATABASE_URL, else the embedded one under DATA_DIR',
  )

/** For commands on the HTTP API. */
export function withService(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'where the service answers')
        .env('TOLLGATE_URL')
        .default('http://127.0.0.1:8080'),
    )
    .addOption(
      new Option('--key <key>', 'API key; better in the variable, where `ps` does not show it')
        .env('TOLLGATE_API_KEY')
        .makeOptionMandatory(),
    )
}

export function serviceOf(command: Command): ServiceApi {
  return new ServiceApi(command.optsWithGlobals<ServiceOptions>())
}
