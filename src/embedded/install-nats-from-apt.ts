/**
 * nats-server out of the Debian or Ubuntu package, without installing the package.
 *
 * `apt-get download` checks the archive's signature and needs no rights; the program is taken out of the
 * package and moved to `target`. Where the machine has no package lists yet, root fetches them, anybody else
 * fetches private ones for this one time. Throws what apt says, or that there is no apt.
 */
import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const timeouts = [
  '-o',
  'Acquire::Retries=1',
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::https::Timeout=20',
]

export async function installFromApt(target: string): Promise<void> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg'))
    throw new Error('no apt on this machine')
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-nats-'))
  try {
    await download(folder, []).catch(() => fetchLists(folder).then((options) => download(folder, options)))
    const archive = readdirSync(folder).find((name) => name.endsWith('.deb'))
    if (archive === undefined) throw new Error('apt-get left no package')
    await run('dpkg', ['-x', join(folder, archive), join(folder, 'root')], { timeout: 60_000 })
    // Copied beside its place first: /tmp is often another file system, and a rename shows it whole or not.
    const draft = join(dirname(target), `nats-server.${process.pid}`)
    copyFileSync(join(folder, 'root/usr/sbin/nats-server'), draft)
    renameSync(draft, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function download(folder: string, options: string[]): Promise<void> {
  await run('apt-get', ['-q', ...timeouts, ...options, 'download', 'nats-server'], {
    cwd: folder,
    timeout: 120_000,
  })
}

/** The options under which apt finds the lists just fetched. */
async function fetchLists(folder: string): Promise<string[]> {
  const isRoot = process.getuid?.() === 0
  const options = isRoot
    ? []
    : ['-o', `Dir::State::Lists=${join(folder, 'lists')}`, '-o', `Dir::Cache=${join(folder, 'cache')}`]
  mkdirSync(join(folder, 'lists/partial'), { recursive: true })
  mkdirSync(join(folder, 'cache/archives/partial'), { recursive: true })
  await run('apt-get', ['-q', ...timeouts, ...options, 'update'], { timeout: 180_000 })
  return options
}
