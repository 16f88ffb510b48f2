/** Starts `owner-process.ts` and waits for its first line. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findTestNatsServer } from '../servers.ts'

export async function spawnOwner(
  kind: 'postgres' | 'nats-server',
  { dataDir, uid }: { dataDir: string; uid?: number },
) {
  const bin = await findTestNatsServer()
  const program = fileURLToPath(new URL('./owner-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program, kind, dataDir], {
    env: { ...process.env, NATS_SERVER_BIN: bin },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, to which a test sends what a terminal's Ctrl-C sends.
    detached: true,
    ...(uid !== undefined && { uid, gid: uid }),
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const lines: string[] = []
  const first = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      resolve()
    })
  })
  await Promise.race([first, ended])
  const told: { url?: string; pid?: number; refused?: string } = JSON.parse(lines[0] ?? '{}')
  const signal = async (name: NodeJS.Signals) => {
    if (child.pid !== undefined) process.kill(-child.pid, name)
    await ended
  }
  return { url: told.url ?? '', pid: told.pid ?? 0, refused: told.refused, lines, ended, signal }
}

/** Linux: the process group as `/proc/PID/stat` has it, third behind the name. */
export function processGroupOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
}
