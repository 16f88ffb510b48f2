/**
 * `node --import tsx examples/kamailio/main.ts`: Tollgate, Kamailio and SIPp on loopback, real calls, and what each
 * came to. Ends with 0 only if every call has the expected answer, price and movement.
 *
 * `--without-http-async-client` runs Kamailio as Debian packages it.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import pino from 'pino'
import { openTerminal } from '../../demo/terminal.ts'
import { textTable } from '../../demo/text-table.ts'
import { loadConfig } from '../../src/process/config.ts'
import { findDifferences } from './differences.ts'
import { freeTcpPort } from './free-ports.ts'
import { type Played, playCalls } from './play-calls.ts'
import { findSipPrograms } from './sip-programs.ts'

const { withoutHttpAsyncClient, keep } = new Command()
  .name('node --import tsx examples/kamailio/main.ts')
  .description(
    'Places real calls through Kamailio against a service of its own, and shows what they come to.',
  )
  .option('--without-http-async-client', 'as Debian packages Kamailio', false)
  .option('--keep', 'leave the folder with all logs', false)
  .parse()
  .opts<{ withoutHttpAsyncClient: boolean; keep: boolean }>()

const { say, bold, dim, good, bad } = openTerminal(process.stdout)

async function main(): Promise<boolean> {
  const programs = findSipPrograms(process.env)
  if (typeof programs === 'string') throw new Error(programs)
  const withHttpAsyncClient = programs.hasHttpAsyncClient && !withoutHttpAsyncClient
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-kamailio-'))
  const key = `platform-${randomBytes(12).toString('hex')}`
  const config = loadConfig({
    PORT: `${await freeTcpPort()}`,
    DATA_DIR: folder,
    BOOTSTRAP_API_KEY: key,
    NATS_SERVER_BIN: process.env.NATS_SERVER_BIN,
    DATABASE_URL: process.env.DATABASE_URL,
    NATS_URL: process.env.NATS_URL,
    NATS_CA_FILE: process.env.NATS_CA_FILE,
    NATS_ALLOW_ANONYMOUS: process.env.NATS_ALLOW_ANONYMOUS,
  })
  const log = pino({ base: null }, pino.destination(join(folder, 'tollgate.log')))
  say()
  say(
    `  ${bold('Tollgate and Kamailio')}  ${dim(`questions by ${withHttpAsyncClient ? 'http_async_client' : 'http_client'}`)}`,
  )
  say()
  try {
    const played = await playCalls({
      config,
      key,
      log,
      programs,
      withHttpAsyncClient,
      say: (line) => say(`  ${dim(line)}`),
    })
    return report(played)
  } finally {
    if (keep) say(dim(`  Logs: ${folder}`))
    else rmSync(folder, { recursive: true, force: true })
  }
}

function report(played: Played): boolean {
  const columns = [
    { head: 'Call' },
    { head: 'Client' },
    { head: 'SIP', align: 'right' as const },
    { head: 'Status or reason' },
    { head: 'Seconds', align: 'right' as const },
    { head: 'Billed', align: 'right' as const },
    { head: 'Price', align: 'right' as const },
    { head: 'Movement', align: 'right' as const },
  ]
  const rows = played.calls.map(({ planned, placed, shown, movement }) => [
    planned.name,
    planned.client,
    `${placed.sip}`,
    shown?.status ?? /text="(.*)"/.exec(placed.headers.reason ?? '')?.[1] ?? '',
    `${shown?.durationSeconds ?? ''}`,
    `${shown?.billedSeconds ?? ''}`,
    shown?.price ?? '',
    movement?.amount ?? '',
  ])
  say()
  for (const line of textTable(columns, rows, { head: dim, rule: dim })) say(`  ${line}`)
  say()
  for (const [client, balance] of Object.entries(played.balances))
    say(`  ${dim(client.padEnd(12))}${balance} EUR`)
  say()
  const differences = findDifferences(played)
  for (const difference of differences) say(`  ${bad('✗')} ${difference}`)
  if (differences.length === 0)
    say(`  ${good('✓')} Every answer, price, movement and balance is the expected one.`)
  say(`  ${played.verified.ok ? good('✓') : bad('✗')} tollgate verify --all`)
  say()
  return differences.length === 0
}

main().then(
  (isRight) => process.exit(isRight ? 0 : 1),
  (error) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
