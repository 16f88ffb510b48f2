/**
 * What commands share of their options, and what they make of them.
 */
import { type Command, Option } from 'commander'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { ServiceApi, type ServiceOptions } from './service-api.ts'
import { type Output, openOutput, type Terminal } from './terminal.ts'

export function openCommandOutput(terminal: Terminal, command: Command): Output {
  return openOutput(terminal, command.optsWithGlobals<{ json?: boolean }>())
}

/** For commands on the database. */
export const databaseOption = () =>
  new Option(
    '--database <url>',
    'PostgreSQL to work on; else DATABASE_URL, else the embedded one under DATA_DIR',
  )

/** For commands on the HTTP API. `sometimes`: `openService` asks for the key once the service is needed. */
export function withService(command: Command, needed: 'always' | 'sometimes' = 'always'): Command {
  const key = new Option('--key <key>', 'API key; better in the variable, where `ps` does not show it').env(
    'TOLLGATE_API_KEY',
  )
  return command
    .addOption(
      new Option('--url <url>', 'where the service answers')
        .env('TOLLGATE_URL')
        .default('http://127.0.0.1:8080'),
    )
    .addOption(key.makeOptionMandatory(needed === 'always'))
}

export function openService(command: Command): ServiceApi {
  const { url, key } = command.optsWithGlobals<Partial<ServiceOptions>>()
  if (key === undefined)
    throw new CommandFailed('Give an API key: --key, or TOLLGATE_API_KEY.', exitCodes.misused)
  return new ServiceApi({ url: url ?? '', key })
}
