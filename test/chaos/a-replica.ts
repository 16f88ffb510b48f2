/**
 * A replica as an operator runs it: a process of its own, told by variables. With CHAOS_LOG what all of them log is kept in
 * that file.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { program } from '../servers.ts'
import { until } from '../until.ts'

/** Ended with the run, whatever became of it. */
const started = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})

export interface Replica {
  /** Empty while it is not ready. */
  readonly url: string
  /** Undefined while it runs. */
  exitCode(): number | string | null | undefined
  /** Lines that say `crashed` or are no JSON. */
  complaints: readonly string[]
  ended: Promise<number | string | null>
  signal(name: NodeJS.Signals): void
  stop(): Promise<number | string | null>
}

/** Throws where it ends instead. */
export async function startReplica(
  env: Record<string, string>,
  command: readonly string[] = program('src/main.ts'),
): Promise<Replica> {
  const replica = launchReplica(env, command)
  const { exitCode, complaints } = replica
  await until('the replica is ready', () => replica.url !== '' || exitCode() !== undefined, 120_000)
  if (replica.url === '') throw new Error(`the replica ended (${exitCode()}): ${complaints.join('\n')}`)
  return replica
}

/** Does not wait until it is ready: it may be meant to die before. */
export function launchReplica(env: Record<string, string>, command: readonly string[]): Replica {
  const [path = '', ...words] = command
  const child = spawn(path, words, {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  child.once('exit', () => started.delete(child))
  const complaints: string[] = []
  let url = ''
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (process.env.CHAOS_LOG) appendFileSync(process.env.CHAOS_LOG, `${child.pid} ${line}\n`)
      const log = readLog(line)
      if (log?.event === 'ready') url = String(log.url)
      if (log === undefined || log.event === 'crashed') complaints.push(line)
    })
  }
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
  let exit: number | string | null | undefined
  void ended.then((code) => {
    exit = code
  })
  return {
    get url() {
      return url
    },
    exitCode: () => exit,
    complaints,
    ended,
    signal: (name) => child.kill(name),
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function readLog(line: string): { event?: unknown; url?: unknown } | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
