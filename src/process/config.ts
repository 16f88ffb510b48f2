/**
 * What does the environment say, and is it right?
 *
 * The only reader of `process.env`. The schema in `environment.ts` gives the types, the checks, the text of
 * `--help` and `.env.example`. An empty variable counts as not set. A bad one throws `InvalidConfiguration`, which names
 * every variable at fault, its fault and the remedy; the caller prints it and exits with 1.
 */
import { accessSync, constants } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { envSchema } from 'env-schema'
import { findDatabaseUrlFault } from '../database-url.ts'
import { failPointPattern } from '../fail-points.ts'
import { findProgram } from '../find-program.ts'
import { type Environment, environment, listVariables } from './environment.ts'

export interface Config {
  readonly port: number
  readonly host: string
  /** Without a slash at its end. */
  readonly publicUrl: string | null
  /** null: run an embedded one; so for every variable that may be absent. */
  readonly databaseUrl: string | null
  readonly databaseReadUrl: string | null
  readonly databaseReadMaxLagSeconds: number
  readonly natsUrl: string | null
  /** PEM file of the authorities whose certificates of NATS servers are believed. */
  readonly natsCaFile: string | null
  /** May a NATS server of another machine let in who names no user? */
  readonly natsAllowAnonymous: boolean
  /** Absolute path. */
  readonly natsServerBin: string | null
  /** Absolute path. */
  readonly dataDir: string
  /** Absolute path. */
  readonly reportsDir: string
  readonly smtpUrl: string | null
  readonly mailFrom: string
  readonly bootstrapApiKey: string | null
  readonly isWebOn: boolean
  readonly metricsPort: number | null
  readonly logLevel: Environment['LOG_LEVEL']
  readonly geoipDb: string | null
  readonly tariffLeadSeconds: number
  /** Whether busy clients are answered from money and slots that are set aside. */
  readonly leases: 'on' | 'off'
  readonly callsHotMonths: number
  readonly recordsMaxAgeDays: number
  readonly emergencyNumbers: readonly string[]
  /** CIDR ranges. */
  readonly trustedProxies: readonly string[]
  /** As a browser writes them: no path, lower case. */
  readonly corsOrigins: readonly string[]
  /** As URLs name them, lower case, or addresses. */
  readonly webhookPrivateHosts: ReadonlySet<string>
  /** null: no traces. */
  readonly tracesEndpoint: string | null
  readonly jwtIssuers: readonly JwtIssuer[]
  /** For tests alone. */
  readonly failPoint: string | null
}

/** null: no limit. */
export interface JwtIssuer {
  readonly issuer: string
  readonly jwksUrl: string
  /** Names of roles that its tokens may have. */
  readonly roles: readonly string[] | null
  /** Ids of the brands that its tokens may name, in lower case; a token of all brands is not among them. */
  readonly brands: readonly string[] | null
  /** From a token's issue to its end. */
  readonly maxTokenSeconds: number | null
}

export class InvalidConfiguration extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.name = 'InvalidConfiguration'
    this.faults = faults
  }
}

export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const set = Object.fromEntries(
    listVariables().flatMap(({ name }) => {
      const value = env[name]?.trim()
      return value ? [[name, value]] : []
    }),
  )
  const values = checkShapes(set)
  const path = env.PATH ?? process.env.PATH
  const faults = [
    ...checkKeyLength(values),
    ...checkDatabases(values),
    ...checkServerProgram(values, path),
    ...checkFiles(values),
    ...checkProxies(values),
    ...checkIssuers(values),
    ...checkFailPoint(env),
  ]
  if (faults.length > 0) throw new InvalidConfiguration(faults)
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    databaseReadUrl: values.DATABASE_READ_URL ?? null,
    databaseReadMaxLagSeconds: values.DATABASE_READ_MAX_LAG_SECONDS,
    natsUrl: values.NATS_URL ?? null,
    natsCaFile: values.NATS_CA_FILE ?? null,
    natsAllowAnonymous: values.NATS_ALLOW_ANONYMOUS === '1',
    natsServerBin: findServerProgram(values, path) ?? null,
    dataDir: resolve(values.DATA_DIR),
    reportsDir: resolve(values.REPORTS_DIR ?? join(values.DATA_DIR, 'reports')),
    smtpUrl: values.SMTP_URL ?? null,
    mailFrom: values.MAIL_FROM,
    bootstrapApiKey: values.BOOTSTRAP_API_KEY ?? null,
    isWebOn: values.WEB === 'on',
    metricsPort: values.METRICS_PORT ?? null,
    logLevel: values.LOG_LEVEL,
    geoipDb: values.GEOIP_DB ?? null,
    tariffLeadSeconds: values.TARIFF_LEAD_SECONDS,
    leases: values.LEASES,
    callsHotMonths: values.CALLS_HOT_MONTHS,
    recordsMaxAgeDays: values.RECORDS_MAX_AGE_DAYS,
    emergencyNumbers: splitList(values.EMERGENCY_NUMBERS),
    trustedProxies: splitList(values.TRUSTED_PROXIES),
    corsOrigins: splitList(values.CORS_ORIGINS).map((origin) => new URL(origin).origin),
    webhookPrivateHosts: new Set(splitList(values.WEBHOOK_PRIVATE_HOSTS).map((host) => host.toLowerCase())),
    tracesEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    jwtIssuers: splitList(values.JWT_ISSUERS).map(readIssuer),
    failPoint: env.FAILPOINT || null,
  }
}

/** The variables as lines of text, for `--help`. */
export function describeConfig(): string {
  const width = Math.max(...listVariables().map(({ name }) => name.length))
  return listVariables()
    .map(
      ({ name, description, defaultText }) =>
        `  ${name.padEnd(width)}  ${description}${defaultText === undefined ? '' : ` Default: ${defaultText}`}`,
    )
    .join('\n')
}

/** The text of `.env.example`. */
export function envExample(): string {
  const blocks = listVariables().map(
    ({ name, description, example, defaultText }) =>
      `# ${description}\n#${name}=${defaultText ?? example ?? ''}\n`,
  )
  return [
    '# Every variable of Tollgate, with its default or an example. All may stay unset.\n' +
      '# Copy to .env, take away the # of what you set, then: node --env-file=.env --import tsx src/main.ts\n',
    ...blocks,
  ].join('\n')
}

/** Throws with one sentence per variable whose text has not the form it should have. */
function checkShapes(set: Record<string, string>): Environment {
  try {
    return envSchema<Environment>({ schema: structuredClone(environment), data: { ...set }, env: false })
  } catch (error) {
    const paths: string[] =
      error instanceof Error && 'errors' in error && Array.isArray(error.errors)
        ? error.errors.map(({ instancePath }) => String(instancePath))
        : []
    const atFault = listVariables().filter(({ name }) => paths.includes(`/${name}`))
    if (atFault.length === 0) throw error
    throw new InvalidConfiguration(
      atFault.map(({ name, title, isSecret, example, defaultText }) => {
        const shown = isSecret ? 'has a wrong value' : `is "${set[name]}"`
        return `${name} ${shown}: set it to ${title}, such as ${example ?? defaultText}, or leave it out.`
      }),
    )
  }
}

function checkKeyLength(values: Environment): string[] {
  const length = values.BOOTSTRAP_API_KEY?.length ?? 16
  if (length >= 16 || isLoopback(values.HOST)) return []
  return [
    `BOOTSTRAP_API_KEY has ${length} characters while HOST is "${values.HOST}": give it 16 or more, or set HOST to 127.0.0.1.`,
  ]
}

/** A URL holds a password: what is wrong is told without it. */
function checkDatabases({ DATABASE_URL, DATABASE_READ_URL }: Environment): string[] {
  const faults = Object.entries({ DATABASE_URL, DATABASE_READ_URL }).flatMap(([name, url]) => {
    const fault = url === undefined ? undefined : findDatabaseUrlFault(url)
    return fault === undefined ? [] : [`${name} ${fault}: correct it, or leave it out.`]
  })
  if (DATABASE_READ_URL !== undefined && DATABASE_URL === undefined)
    faults.push('DATABASE_READ_URL is set without DATABASE_URL: set both, or leave it out.')
  return faults
}

/** No variable of an operator's: it stands in no help, and whoever has it set outside a test is told so. */
function checkFailPoint({ FAILPOINT, NODE_ENV }: Readonly<Record<string, string | undefined>>): string[] {
  if (!FAILPOINT) return []
  if (NODE_ENV !== 'test') return ['FAILPOINT makes this process fail on purpose, for tests: leave it out.']
  return failPointPattern.test(FAILPOINT) ? [] : [`FAILPOINT is "${FAILPOINT}", which is not a fail point.`]
}

function findServerProgram({ NATS_SERVER_BIN }: Environment, path?: string): string | undefined {
  return NATS_SERVER_BIN === undefined ? undefined : findProgram(NATS_SERVER_BIN, path)
}

function checkServerProgram(values: Environment, path?: string): string[] {
  const { NATS_SERVER_BIN } = values
  if (NATS_SERVER_BIN === undefined || findServerProgram(values, path) !== undefined) return []
  const fault = /[\\/]/.test(NATS_SERVER_BIN)
    ? 'which is not a program that may be run'
    : 'and no folder of PATH has such a program'
  return [`NATS_SERVER_BIN is "${NATS_SERVER_BIN}", ${fault}: set it to one, or leave it out.`]
}

function checkFiles({ GEOIP_DB, NATS_CA_FILE }: Environment): string[] {
  return Object.entries({ GEOIP_DB, NATS_CA_FILE }).flatMap(([name, path]) => {
    if (path === undefined) return []
    try {
      accessSync(path, constants.R_OK)
      return []
    } catch {
      return [`${name} is "${path}", which is not a readable file: set it to one, or leave it out.`]
    }
  })
}

function splitList(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').map((one) => one.trim())
}

/** An issuer's name holds no `=`, the address of its keys may; the schema has checked the limits behind it. */
function readIssuer(text: string): JwtIssuer {
  const [pair = '', ...limits] = text.split(';')
  const equals = pair.indexOf('=')
  const findLimit = (name: string) =>
    limits.find((limit) => limit.startsWith(`${name}=`))?.slice(name.length + 1) ?? null
  const maxTokenSeconds = findLimit('maxTokenSeconds')
  return {
    issuer: pair.slice(0, equals),
    jwksUrl: pair.slice(equals + 1),
    roles: findLimit('roles')?.split('|') ?? null,
    brands: findLimit('brands')?.toLowerCase().split('|') ?? null,
    maxTokenSeconds: maxTokenSeconds === null ? null : Number(maxTokenSeconds),
  }
}

function checkProxies({ TRUSTED_PROXIES }: Environment): string[] {
  return splitList(TRUSTED_PROXIES)
    .filter((range) => !isRange(range))
    .map(
      (range) =>
        `TRUSTED_PROXIES names "${range}", which is not an address or CIDR range: set it to such as 10.0.0.0/8, or leave it out.`,
    )
}

function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** Keys fetched over plain HTTP could be anybody's, and of two limits one would be forgotten. */
function checkIssuers({ JWT_ISSUERS }: Environment): string[] {
  const texts = splitList(JWT_ISSUERS)
  const issuers = texts.map(readIssuer)
  const unsafe = issuers
    .filter(({ jwksUrl }) => !URL.canParse(jwksUrl) || !isSafe(new URL(jwksUrl)))
    .map(
      ({ jwksUrl }) =>
        `JWT_ISSUERS names "${jwksUrl}", which is not an https address: set it to one, or leave it out.`,
    )
  const twice = issuers
    .filter(({ issuer }, index) => issuers.findIndex((other) => other.issuer === issuer) < index)
    .map(
      ({ issuer }) =>
        `JWT_ISSUERS names the issuer "${issuer}" twice: set it to one entry for each, or leave it out.`,
    )
  const repeated = texts
    .filter((text) => {
      const names = text
        .split(';')
        .slice(1)
        .map((limit) => limit.split('=')[0])
      return new Set(names).size < names.length
    })
    .map(
      (text) =>
        `JWT_ISSUERS has a limit twice in "${text}": set it to each once with | between values, or leave it out.`,
    )
  return [...unsafe, ...twice, ...repeated]
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host.toLowerCase() === 'localhost'
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
