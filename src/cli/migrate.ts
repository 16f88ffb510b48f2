/**
 * `tollgate migrate`: brings the database to this release's schema. The service does the same when it starts; this
 * is for whoever wants to see it done before.
 */
import type { Command } from 'commander'
import { migrate } from '../db/migrate.ts'
import { databaseOption, openCommandOutput } from './options.ts'
import type { Terminal } from './terminal.ts'
import { type DatabaseOption, withDatabaseUrl } from './with-database.ts'

export function addMigrate(program: Command, terminal: Terminal): void {
  program
    .command('migrate')
    .description("bring the database to this release's schema; harmless when it is there already")
    .addOption(databaseOption())
    .addHelpText('after', '\nExample:\n  $ DATABASE_URL=postgres://… tollgate migrate')
    .action(async (options: DatabaseOption, command: Command) => {
      await withDatabaseUrl(options, migrate)
      openCommandOutput(terminal, command).answer({ migrated: true }, [
        'The database has the schema of this release.',
      ])
    })
}
