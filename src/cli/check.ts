/**
 * `tollgate check`: is everything there that the service needs? Reads the environment as the service would, knocks
 * at PostgreSQL, NATS and the mail server, and says of each what is wrong and what to do.
 */
import { accessSync, constants, existsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import type { Sql } from '../db/connection.ts'
import { countMigrations } from '../db/migrate.ts'
import { findRunningPostgres } from '../embedded/running-postgres.ts'
import { openGeoIp } from '../geoip.ts'
import { type Config, loadConfig } from '../process/config.ts'
import { oldTimeZoneDays, timeZoneAgeDays } from '../process/watch-time-zone-age.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import { openCommandOutput } from './options.ts'
import type { Terminal } from './terminal.ts'
import { withDatabase } from './with-database.ts'

interface Finding {
  name: string
  ok: boolean
  detail: string
}

const knockMs = 5_000
const dayMs = 86_400_000

export function addCheck(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('check environment, database, broker and mail server before the service starts')
    .addHelpText('after', '\nExample:\n  $ tollgate check && npm start')
    .action(async (_options: object, command: Command) => {
      const config = loadConfig()
      const findings = await Promise.all([
        aPart('data folder', () => checkFolder(config)),
        aPart('PostgreSQL', () => checkDatabase(config)),
        aPart('NATS', () => checkNats(config)),
        aPart('mail', () => checkMail(config)),
        aPart('countries', () => checkCountries(config)),
        aPart('time zones', () => checkTimeZones(process.versions.tz ?? '')),
      ])
      openCommandOutput(terminal, command).answer(
        { ok: findings.every(({ ok }) => ok), checks: findings },
        findings.map(({ name, ok, detail }) => `${ok ? 'ok ' : 'BAD'} ${name.padEnd(12)} ${detail}`),
      )
      if (findings.some(({ ok }) => !ok)) throw new CommandFailed('', exitCodes.found)
    })
}

/** What `look` throws is wrong, what it answers is how things are. */
async function aPart(name: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, detail: await look() }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { name, ok: false, detail: cause instanceof Error ? cause.message : String(cause) }
  }
}

function checkFolder({ dataDir }: Config): string {
  const existing = existsSync(dataDir) ? dataDir : dirname(dataDir)
  try {
    accessSync(existing, constants.W_OK | constants.X_OK)
  } catch {
    throw new Error(`${existing} cannot be written to: make it writable for this user, or set DATA_DIR`)
  }
  return existing === dataDir ? dataDir : `${dataDir}, which will be made`
}

async function checkDatabase({ databaseUrl, dataDir }: Config): Promise<string> {
  const url = databaseUrl ?? findRunningPostgres(dataDir)
  if (url === undefined) return `none runs; an embedded one is started under ${dataDir}`
  const wanted = countMigrations()
  // The role is taken on when the connection opens: on a database without schema it does not exist yet.
  try {
    return await withDatabase({ database: url, role: 'tollgate_worker' }, (db) =>
      lookAround(db.$client, wanted),
    )
  } catch (error) {
    if (error instanceof Error && /role "tollgate_worker" does not exist/.test(error.message)) {
      return 'reachable and empty: `tollgate migrate` or the first start makes the schema'
    }
    throw error
  }
}

async function lookAround(sql: Sql, wanted: number): Promise<string> {
  const [row] = await sql`
    select current_setting('server_version') as version, extract(epoch from clock_timestamp()) as now,
           to_regclass('public.configuration_version') is not null as "hasSchema",
           (select count(*) from pg_stat_activity where application_name = 'tollgate') as connections,
           current_setting('max_connections') as most`
  if (!row) throw new Error('PostgreSQL did not answer')
  const skewSeconds = Math.abs(Date.now() / 1000 - Number(row.now))
  if (skewSeconds > 5) {
    throw new Error(
      `its clock is ${Math.round(skewSeconds)} s from ours: set both by NTP, limits depend on it`,
    )
  }
  if (Number(row.version.split('.')[0]) < 15) throw new Error(`it is ${row.version}: take 15 or newer`)
  const schema = row.hasSchema
    ? `this release has ${wanted} migrations`
    : '`tollgate migrate` makes the schema'
  return `${row.version.split(' ')[0]}, ${schema}, ${row.connections} of ${row.max} connections are Tollgate's`
}

async function checkNats({ natsUrl, natsAllowAnonymous, dataDir }: Config): Promise<string> {
  if (natsUrl === null) return `none is named; a nats-server is started under ${dataDir}`
  const answers = await Promise.all(
    natsUrl.split(',').map(async (server) => {
      const { host, port } = new URL(server.includes('://') ? server : `nats://${server}`)
      const hostname = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
      if (/^wss?:/.test(server)) return `${hostname}: not asked, it speaks WebSocket`
      // The protocol begins with INFO and a JSON document from the server.
      const greeting = await knock(hostname, Number(port) || 4222)
      const info = JSON.parse(/^INFO (\{.*\})/.exec(greeting)?.[1] ?? 'null') as {
        version: string
        jetstream?: boolean
        auth_required?: boolean
      } | null
      if (!info) throw new Error(`${hostname} is not a NATS server`)
      if (!info.jetstream) throw new Error(`${hostname} runs without JetStream: start it with -js`)
      const isOfThisMachine = /^(localhost|::1|127\..*)$/i.test(hostname)
      const isOpen = info.auth_required !== true && !isOfThisMachine
      if (isOpen && !natsAllowAnonymous) {
        throw new Error(
          `${hostname} accepts clients without a user: give it users as in deploy/nats-server.conf, or set NATS_ALLOW_ANONYMOUS=1`,
        )
      }
      return `${hostname} ${info.version} with JetStream`
    }),
  )
  return answers.join(', ')
}

async function checkMail({ smtpUrl, dataDir }: Config): Promise<string> {
  if (smtpUrl === null) return `no server is named; mail goes to ${dataDir}/mail`
  const { hostname, port, protocol } = new URL(smtpUrl)
  if (protocol === 'smtps:') return `${hostname}, not asked, it speaks TLS from the start`
  const greeting = await knock(hostname, Number(port) || 587)
  if (!greeting.startsWith('220'))
    throw new Error(`${hostname} greets with "${greeting.trim().slice(0, 80)}"`)
  return greeting.trim().slice(4, 84)
}

function checkCountries({ geoipDb }: Config): string {
  const days = Math.floor((Date.now() - openGeoIp(geoipDb).builtAt) / dayMs)
  const file = geoipDb ?? 'the bundled file'
  return days <= 90
    ? `${file}, ${days} days old`
    : `${file} is ${days} days old: name a newer one in GEOIP_DB`
}

function checkTimeZones(version: string): string {
  const days = timeZoneAgeDays(version, Date.now())
  return days <= oldTimeZoneDays
    ? `${version}, ${days} days old`
    : `${version} are ${days} days old: take a newer release of Node`
}

/** The first line that the server sends. */
function knock(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    let text = ''
    socket.setTimeout(knockMs, () => socket.destroy(new Error(`${host}:${port} does not answer`)))
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8')
      if (!text.includes('\n') && text.length < 65_536) return
      socket.destroy()
      resolve(text)
    })
    socket.on('error', (error) => reject(new Error(`${host}:${port} cannot be reached: ${error.message}`)))
    socket.on('close', () => reject(new Error(`${host}:${port} hung up`)))
  })
}
