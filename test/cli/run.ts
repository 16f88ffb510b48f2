/**
 * Runs a command as typed, in this process, and catches what it writes.
 */
import { Readable, Writable } from 'node:stream'
import { runCommand } from '../../src/cli/run-command.ts'

interface Ran {
  code: number
  out: string
  error: string
}

export function tollgate(...args: string[]): Promise<Ran> {
  return tollgateAsking([], ...args)
}

/** With these answers to what it asks, one a line. */
export async function tollgateAsking(answers: readonly string[], ...args: string[]): Promise<Ran> {
  const written = { out: '', error: '' }
  const into = (name: 'out' | 'error') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk)
        done()
      },
    })
  const input = Readable.from(answers.map((answer) => `${answer}\n`))
  const code = await runCommand(args, { out: into('out'), error: into('error'), input })
  return { code, ...written }
}
