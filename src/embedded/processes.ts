/**
 * Does this process still live, is it the one that was written down, and how does it end?
 *
 * A pid alone proves nothing: after a crash or in a new container it belongs to somebody else. Linux tells
 * when a process began and where it works, so there both are compared; elsewhere only the pid is.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** A zombie, dead but not yet reaped (containers often run without an init), does not live. */
export function isAlive(pid: number): boolean {
  if (process.platform === 'linux') {
    const state = linuxStat(pid)?.[0]
    return state !== undefined && state !== 'Z' && state !== 'X'
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Text that differs when a pid is used again: start in clock ticks and boot. Empty where unknown. */
export function processStart(pid: number): string {
  const startTicks = linuxStat(pid)?.[19]
  if (startTicks === undefined) return ''
  return `${startTicks}@${readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}`
}

/** Does the process work in `dir`, or name it on its command line? True where that cannot be told. */
export function worksIn(pid: number, dir: string): boolean {
  if (process.platform !== 'linux') return true
  const commandLine = readText(`/proc/${pid}/cmdline`)?.split('\0') ?? []
  return commandLine.includes(dir) || workingFolder(pid) === dir
}

/** Ends a process politely, then by force. Returns when it is gone; false when it would not go. */
export async function endProcess(pid: number, limits: { politeMs: number }): Promise<boolean> {
  for (const [signal, timeoutMs] of [
    ['SIGINT', limits.politeMs],
    ['SIGKILL', 5_000],
  ] as const) {
    trySignal(pid, signal)
    const deadline = Date.now() + timeoutMs
    while (isAlive(pid) && Date.now() < deadline) await wait(10)
    if (!isAlive(pid)) return true
  }
  return false
}

/**
 * Starts a server as a child of its own process group, so that Ctrl-C in a terminal reaches us alone and
 * we end it in our order. It does not keep us running; when we leave without `stop`, it is told to go.
 * Who waits for `ended` calls `child.ref()` first.
 */
export function spawnServer(command: string, args: string[], options: SpawnOptions) {
  const child = spawn(command, args, { ...options, detached: true })
  child.unref()
  const farewell = () => child.kill('SIGINT')
  process.once('exit', farewell)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with ${code}`))
  })
  void ended.then(() => process.removeListener('exit', farewell))
  return { child, ended }
}

/** The last lines a server wrote, for an error message. */
export function lastLines(file: string, count = 3): string {
  const lines = (readText(file) ?? '').split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-count).join(' | ')
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined
}

/** The fields of `/proc/PID/stat` behind the name, which may hold blanks: state first, start time at 19. */
function linuxStat(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined
  const stat = readText(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Already gone, or not ours: the caller sees which by asking whether it lives.
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
