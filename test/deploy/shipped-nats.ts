/**
 * A nats-server on the files that we ship, in a folder of its own: secrets and certificate made by
 * `deploy/make-secrets.sh`, on a free loopback port. Only paths, the port and what an older nats-server does not
 * know are changed.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findTestNatsServer, testFolder } from '../servers.ts'
import { until } from '../until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface ShippedNats {
  /** `host:port` */
  address: string
  folder: string
  caFile: string
  /** The variables of `.env`. */
  secrets: Record<string, string>
  stop(): Promise<void>
}

export async function startShippedNats(): Promise<ShippedNats> {
  const folder = mkdtempSync(join(testFolder(), 'shipped-'))
  cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true })
  execFileSync(join(folder, 'deploy/make-secrets.sh'))
  const secrets = readSecrets(folder)
  const program = await findTestNatsServer()
  const file = join(folder, 'deploy/nats-server.conf')
  writeFileSync(file, forHere(readFileSync(file, 'utf8'), { folder, version: versionOf(program) }))
  const child = spawn(program, ['-c', file, '--ports_file_dir', folder], {
    cwd: folder,
    env: { ...process.env, ...secrets },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (words += text))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const address = await until('it listens', () => {
    if (child.exitCode !== null) throw new Error(words)
    const ports = readdirSync(folder).find((name) => name.endsWith('.ports'))
    return ports && readAddress(join(folder, ports))
  })
  return {
    address,
    folder,
    caFile: join(folder, 'deploy/nats-tls/server.pem'),
    secrets,
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}

function forHere(text: string, { folder, version }: { folder: string; version: number }): string {
  const changes: [string, string][] = [
    ['port: 4222', 'listen: "127.0.0.1:-1"'],
    ['/etc/nats/tls/', `${folder}/deploy/nats-tls/`],
    ['"/data"', `"${folder}/store"`],
    ...(version < 210 ? [['sync_interval: always', ''] as [string, string]] : []),
  ]
  return changes.reduce((sofar, [from, to]) => {
    if (!sofar.includes(from)) throw new Error(`deploy/nats-server.conf has no ${from}`)
    return sofar.replaceAll(from, to)
  }, text)
}

/** 2.9.10 is 209, 2.12.15 is 212. */
function versionOf(program: string): number {
  const [, major, minor] =
    /v(\d+)\.(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' })) ?? []
  return Number(major) * 100 + Number(minor)
}

function readSecrets(folder: string): Record<string, string> {
  const lines = readFileSync(join(folder, '.env'), 'utf8').trim().split('\n')
  return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]))
}

function readAddress(file: string): string | undefined {
  try {
    const { nats, tls }: { nats?: string[]; tls?: string[] } = JSON.parse(readFileSync(file, 'utf8'))
    const url = nats?.[0] ?? tls?.[0]
    return url?.replace(/^\w+:\/\//, '')
  } catch {
    return undefined
  }
}
