/**
 * Runs a command as typed, in this process, and catches what it writes.
 */
import { Writable } from 'node:stream'
import { runCommand } from '../../src/cli/run-command.ts'

export async function tollgate(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const written = { out: '', error: '' }
  const into = (name: 'out' | 'error') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk)
        done()
      },
    })
  const code = await runCommand(args, { out: into('out'), error: into('error') })
  return { code, ...written }
}
