/**
 * `npx tollgate …`: runs the command that was typed and ends with its exit code.
 */
import { runCommand } from './run-command.ts'
import { processTerminal } from './terminal.ts'

process.exitCode = await runCommand(process.argv.slice(2), processTerminal)
