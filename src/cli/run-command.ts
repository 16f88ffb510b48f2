/**
 * Runs one command; every failure becomes one sentence and an exit code here.
 */
import { CommanderError } from 'commander'
import { InvalidConfiguration } from '../process/config.ts'
import { CommandFailed, exitCodes, isUnreachable } from './command-failed.ts'
import { buildProgram } from './program.ts'
import type { Terminal } from './terminal.ts'

/** Arguments as typed, without node and script. Answers the exit code. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = buildProgram(terminal)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misused
    if (error instanceof CommandFailed) {
      if (error.message) terminal.error.write(`${error.message}\n`)
      return error.exitCode
    }
    if (error instanceof InvalidConfiguration) {
      terminal.error.write(`${error.faults.join('\n')}\n`)
      return exitCodes.misused
    }
    // `tollgate … | head`: who reads the answer has seen enough.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return exitCodes.done
    terminal.error.write(`${describeError(error)}\n`)
    return isUnreachable(error) ? exitCodes.unreachable : exitCodes.found
  }
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { message } = error.cause instanceof Error ? error.cause : error
  return isUnreachable(error)
    ? `PostgreSQL cannot be used (${message}): start it, or correct its URL.`
    : message
}
