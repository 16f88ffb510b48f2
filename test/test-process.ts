/**
 * The processes that test files run in: one of its own, or one that several bundled files share (`run-files.ts`).
 */
import { spawn } from 'node:child_process'

/** `ending`: how the process ended, unless it ended well or lives on. */
export interface Ran {
  output: string
  ending: string
}

export interface ProcessOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  timeLimitMs: number
}

/** With more, what the files keep in memory adds up. */
const maxFilesInProcess = 12
/** For what the files have not closed. */
const closeLimitMs = 15_000
const endOfFile = '\n--- end of file ---\n'

/** Runs a test file from its source, in a process of its own. */
export async function runAlone(file: string, options: ProcessOptions): Promise<Ran> {
  const child = new Child(['--import', 'tsx', file], options)
  const ending = await child.within(options.timeLimitMs, child.exited)
  return { output: child.output, ending }
}

/** Runs bundled files one after the other in one process; after a bad ending, or enough files, in the next. */
export class SharedProcess {
  readonly #program: string
  readonly #options: ProcessOptions
  #child: Child | undefined
  #files = 0

  constructor(program: string, options: ProcessOptions) {
    this.#program = program
    this.#options = options
  }

  async run(bundle: string): Promise<Ran> {
    const child = this.#child ?? new Child([this.#program], this.#options)
    this.#child = child
    child.output = ''
    const ending = await child.within(this.#options.timeLimitMs, child.order(bundle))
    this.#files++
    if (ending !== '') this.#child = undefined
    else if (this.#files >= maxFilesInProcess) return { output: child.output, ending: await this.close() }
    return { output: child.output, ending }
  }

  /** The process must end by itself: answers why it did not. */
  async close(): Promise<string> {
    const child = this.#child
    this.#child = undefined
    this.#files = 0
    if (!child) return ''
    child.disconnect()
    const ending = await child.within(closeLimitMs, child.exited)
    return ending.startsWith('no end')
      ? 'this file, or one before it in its process, left something open'
      : ''
  }
}

class Child {
  output = ''
  readonly exited: Promise<string>
  readonly #process
  #finishFile = () => {}

  constructor(words: string[], { cwd, env }: ProcessOptions) {
    const child = spawn(process.execPath, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
        if (this.output.endsWith(endOfFile)) this.#finishFile()
      })
    }
    // "exit", not "close": a server that a test left behind may hold the pipes open for ever.
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code, signal) =>
        setImmediate(() => resolve(code === 0 ? '' : signal ? `ended by ${signal}` : `exit code ${code}`)),
      )
    })
    this.#process = child
  }

  /** Runs a file in `run-files.ts`; the answer is empty, or how the process ended meanwhile. */
  order(bundle: string): Promise<string> {
    const finished = new Promise<string>((resolve) => {
      this.#finishFile = () => resolve('')
    })
    this.#process.send(bundle, () => {})
    return Promise.race([finished, this.exited.then((ending) => ending || 'ended before its tests')])
  }

  disconnect(): void {
    if (this.#process.connected) this.#process.disconnect()
  }

  async within(limitMs: number, ending: Promise<string>): Promise<string> {
    let isLate = false
    const limit = setTimeout(() => {
      isLate = true
      this.#process.kill('SIGTERM')
      setTimeout(() => this.#process.kill('SIGKILL'), 3_000).unref()
    }, limitMs)
    const how = await ending
    clearTimeout(limit)
    return isLate ? `no end within ${limitMs / 1000} s` : how
  }
}
