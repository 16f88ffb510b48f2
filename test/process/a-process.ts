/**
 * A service in a process of its own, as an operator starts it: its log, its health, its end.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer, connect as dial, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { program, testFolder } from '../servers.ts'
import { until } from '../until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Ended with the test file, whatever became of it. */
const started = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})

export interface LogLine {
  event?: string
  msg?: string
  count?: number
  pid?: number
  error?: string
  [field: string]: unknown
}

export interface TestProcess {
  child: ChildProcess
  port: number
  /** Lines of the log with this event, so far. */
  told(event: string): LogLine[]
  /** Waits for a line of the log. */
  tells(event: string): Promise<LogLine>
  get(path: string): Promise<{ status: number; body: Record<string, unknown> } | undefined>
  output(): string
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string>
  signal(name: NodeJS.Signals): void
}

/** `command`: what is run instead of the service's own file. */
export async function startProcess(
  variables: Record<string, string>,
  command: string[] = program('src/main.ts'),
): Promise<TestProcess> {
  const port = await freePort()
  const [path = '', ...words] = command
  const { BOOTSTRAP_API_KEY: _key, ...env } = process.env
  const child = spawn(path, words, {
    cwd: root,
    env: {
      ...env,
      PORT: String(port),
      DATA_DIR: mkdtempSync(join(testFolder(), 'process-')),
      BOOTSTRAP_API_KEY: processKey,
      ...variables,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
  started.add(child)
  child.once('exit', () => started.delete(child))
  const told = (event: string) =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine)
      .filter((line) => line.event === event || line.msg === event)
  return {
    child,
    port,
    told,
    tells: (event) =>
      until(`the log says ${event}`, () => told(event)[0], 60_000).catch((error) => {
        throw new Error(`${error.message}\n${output}`)
      }),
    async get(path) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined)
      if (!response) return undefined
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
    output: () => output,
    ended,
    signal: (name) => void child.kill(name),
  }
}

export const processKey = 'a-platform-key-for-a-process'

/** The same server by way of another port. */
export function behind(url: string, port: number): string {
  const moved = new URL(url)
  moved.port = String(port)
  return moved.href
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

export interface Door {
  port: number
  /** Until then nobody listens there. */
  open(): Promise<void>
  /** Connections stand, and nothing passes any more in either way. */
  swallow(): void
  close(): Promise<void>
}

/** A port that leads to a server when it is opened. */
export async function aDoor(toPort: number): Promise<Door> {
  const port = await freePort()
  const sockets = new Set<Socket>()
  let isSwallowing = false
  const server = createServer((near) => {
    sockets.add(near)
    near.on('error', () => {})
    if (isSwallowing) return
    const far = dial(toPort, '127.0.0.1')
    sockets.add(far)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('data', (bytes) => {
        if (!isSwallowing) other.write(bytes)
      })
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        if (!isSwallowing) other.destroy()
      })
    }
  })
  return {
    port,
    open: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
    swallow() {
      isSwallowing = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}
