/**
 * A disk of its own for a server, so small that it can be filled: a tmpfs in a mount namespace, which Linux gives to
 * everybody where user namespaces are allowed. It is there as long as this process.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface SmallDisk {
  /** The command that runs that one with the disk in place. */
  command(program: string, args: readonly string[]): [string, string[]]
  fill(): void
  free(): void
  close(): void
}

export function maySmallDisks(): boolean {
  try {
    execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export async function openSmallDisk(folder: string, megabytes: number): Promise<SmallDisk> {
  const mount = `mount -t tmpfs -o size=${megabytes}m tmpfs "$0" && echo there && exec cat`
  // It ends when we do: nobody writes to it any more.
  const keeper = spawn('unshare', ['-Urm', 'sh', '-c', mount, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(keeper.stdout, 'data')
  const ballast = join(`/proc/${keeper.pid}/root`, folder, 'ballast')
  return {
    command: (program, args) => [
      'nsenter',
      ['-t', String(keeper.pid), '--user', '--mount', '--preserve-credentials', program, ...args],
    ],
    fill() {
      const file = openSync(ballast, 'w')
      const piece = Buffer.alloc(64 * 1024)
      for (let size = piece.length; size > 0; ) {
        try {
          writeSync(file, piece, 0, size)
        } catch {
          size >>= 1
        }
      }
      closeSync(file)
    },
    free: () => rmSync(ballast, { force: true }),
    close: () => keeper.kill('SIGKILL'),
  }
}
