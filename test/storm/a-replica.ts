/**
 * A replica as an operator runs it: a process of its own, told by variables. What it logs is kept.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { program } from '../servers.ts'
import { until } from '../until.ts'

export interface Replica {
  url: string
  /** Undefined while it runs. */
  exitCode(): number | string | null | undefined
  /** Lines that say `crashed` or are no JSON. */
  complaints: readonly string[]
  stop(): Promise<number | string | null>
}

export async function startReplica(env: Record<string, string>): Promise<Replica> {
  const [path = '', ...words] = program('src/main.ts')
  const child = spawn(path, words, {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const complaints: string[] = []
  let url: string | undefined
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
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
  await until('the replica is ready', () => url !== undefined || exit !== undefined, 60_000)
  if (url === undefined) throw new Error(`the replica ended (${exit}): ${complaints.join('\n')}`)
  return { url, exitCode: () => exit, complaints, stop: () => stop(child, ended) }
}

async function stop(child: ChildProcess, ended: Promise<number | string | null>) {
  child.kill('SIGTERM')
  return ended
}

function readLog(line: string): { event?: unknown; url?: unknown } | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
