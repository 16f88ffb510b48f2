/**
 * What does the environment say, and is it right?
 *
 * The only reader of `process.env`. One schema gives the types, the checks, the text of `--help` and
 * `.env.example`. An empty variable counts as not set. A bad one throws `InvalidConfiguration`, which names
 * every variable at fault, its fault and the remedy; the caller prints it and exits with 1.
 */
import { accessSync, constants } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { resolve } from 'node:path'
import { envSchema } from 'env-schema'
import { type Static, Type } from 'typebox'

/** `title` says what a right value is, `writeOnly` that it is never printed. */
const environment = Type.Object({
  PORT: Type.Integer({
    default: 8080,
    minimum: 0,
    maximum: 65535,
    title: 'a port from 0 (any free one) to 65535',
    description: 'Port of the HTTP API.',
  }),
  HOST: Type.String({
    default: '127.0.0.1',
    pattern: '^[A-Za-z0-9.:_-]+$',
    title: 'an address or host name of this machine',
    description: 'Address the HTTP API listens on; 0.0.0.0 for all.',
    examples: ['0.0.0.0'],
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      writeOnly: true,
      title: 'the URL of a PostgreSQL database',
      description: 'PostgreSQL to use; without it an embedded one runs under DATA_DIR.',
      examples: ['postgres://tollgate:secret@db.example.com:5432/tollgate'],
    }),
  ),
  NATS_URL: Type.Optional(
    Type.String({
      pattern: '^((nats|tls|wss?)://)?[^\\s,/]+(,((nats|tls|wss?)://)?[^\\s,/]+)*/?$',
      writeOnly: true,
      title: 'the URL of a NATS server, or several with commas between',
      description: 'NATS with JetStream to use; without it a nats-server is started under DATA_DIR.',
      examples: ['nats://nats.example.com:4222'],
    }),
  ),
  NATS_SERVER_BIN: Type.Optional(
    Type.String({
      title: 'the path of a nats-server program',
      description: 'nats-server to start when NATS_URL is not set; without it one is found or fetched.',
      examples: ['/usr/sbin/nats-server'],
    }),
  ),
  DATA_DIR: Type.String({
    default: './data',
    title: 'a folder this process may write to',
    description: 'Folder of the embedded servers, of mail without SMTP_URL, and of the first API key.',
  }),
  SMTP_URL: Type.Optional(
    Type.String({
      pattern: '^smtps?://[^\\s]+$',
      writeOnly: true,
      title: 'the URL of a mail server',
      description: 'Mail server to send through; without it each mail becomes a file DATA_DIR/mail/*.eml.',
      examples: ['smtp://user:secret@mail.example.com:587'],
    }),
  ),
  MAIL_FROM: Type.String({
    default: 'Tollgate <tollgate@localhost>',
    pattern: '^[^\\r\\n\\u0000<>]*(<[^\\s<>@]+@[^\\s<>@]+>|[^\\s<>@]+@[^\\s<>@]+)$',
    title: 'a mail address, with a name or without',
    description: 'Sender of the mails.',
    examples: ['Billing <billing@example.com>'],
  }),
  BOOTSTRAP_API_KEY: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      writeOnly: true,
      title: 'at most 255 printable ASCII characters without blanks',
      description:
        'A platform key that always works, at least 16 characters unless HOST is loopback; without it one is made at first start and printed once.',
      examples: ['a-long-secret-of-your-own'],
    }),
  ),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65535,
      title: 'a port from 0 (any free one) to 65535',
      description: 'Port of /metrics alone; without it /metrics is on PORT.',
      examples: [9090],
    }),
  ),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    title: 'one of trace, debug, info, warn, error, fatal, silent',
    description: 'Least level of the log lines written.',
  }),
  GEOIP_DB: Type.Optional(
    Type.String({
      title: 'the path of a readable MMDB file',
      description: 'Country database in MMDB format; without it the bundled one is used.',
      examples: ['/var/lib/GeoIP/GeoLite2-Country.mmdb'],
    }),
  ),
  TARIFF_LEAD_SECONDS: Type.Integer({
    default: 5,
    minimum: 0,
    maximum: 86_400,
    title: 'whole seconds from 0 to 86400',
    description:
      'Seconds between a change of prices and the instant it takes effect, so that all replicas know it.',
  }),
  EMERGENCY_NUMBERS: Type.String({
    default: '112,911',
    pattern: '^ *\\+?[0-9*#]{1,18} *(, *\\+?[0-9*#]{1,18} *)*$',
    title: 'numbers with commas between',
    description:
      'Numbers that every client may always call, unpriced, beside the special numbers of its brand.',
    examples: ['112,911,999'],
  }),
})
type Environment = Static<typeof environment>

export interface Config {
  readonly port: number
  readonly host: string
  /** null: run an embedded one; so for every variable that may be absent. */
  readonly databaseUrl: string | null
  readonly natsUrl: string | null
  readonly natsServerBin: string | null
  /** Absolute path. */
  readonly dataDir: string
  readonly smtpUrl: string | null
  readonly mailFrom: string
  readonly bootstrapApiKey: string | null
  readonly metricsPort: number | null
  readonly logLevel: Environment['LOG_LEVEL']
  readonly geoipDb: string | null
  readonly tariffLeadSeconds: number
  readonly emergencyNumbers: readonly string[]
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
    variables().flatMap(({ name }) => {
      const value = env[name]?.trim()
      return value ? [[name, value]] : []
    }),
  )
  const values = checkShapes(set)
  const faults = [...checkKeyLength(values), ...checkFiles(values)]
  if (faults.length > 0) throw new InvalidConfiguration(faults)
  return {
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL ?? null,
    natsUrl: values.NATS_URL ?? null,
    natsServerBin: values.NATS_SERVER_BIN ?? null,
    dataDir: resolve(values.DATA_DIR),
    smtpUrl: values.SMTP_URL ?? null,
    mailFrom: values.MAIL_FROM,
    bootstrapApiKey: values.BOOTSTRAP_API_KEY ?? null,
    metricsPort: values.METRICS_PORT ?? null,
    logLevel: values.LOG_LEVEL,
    geoipDb: values.GEOIP_DB ?? null,
    tariffLeadSeconds: values.TARIFF_LEAD_SECONDS,
    emergencyNumbers: values.EMERGENCY_NUMBERS.split(',').map((number) => number.trim()),
  }
}

/** The variables as lines of text, for `--help`. */
export function describeConfig(): string {
  const width = Math.max(...variables().map(({ name }) => name.length))
  return variables()
    .map(
      ({ name, description, defaultText }) =>
        `  ${name.padEnd(width)}  ${description}${defaultText === undefined ? '' : ` Default: ${defaultText}`}`,
    )
    .join('\n')
}

/** The text of `.env.example`. */
export function envExample(): string {
  const blocks = variables().map(
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
    const atFault = variables().filter(({ name }) => paths.includes(`/${name}`))
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

function checkFiles(values: Environment): string[] {
  const files = [
    {
      name: 'NATS_SERVER_BIN',
      path: values.NATS_SERVER_BIN,
      mode: constants.X_OK,
      what: 'a program that may be run',
    },
    { name: 'GEOIP_DB', path: values.GEOIP_DB, mode: constants.R_OK, what: 'a readable file' },
  ]
  return files.flatMap(({ name, path, mode, what }) => {
    if (path === undefined) return []
    try {
      accessSync(path, mode)
      return []
    } catch {
      return [`${name} is "${path}", which is not ${what}: set it to one, or leave it out.`]
    }
  })
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host.toLowerCase() === 'localhost'
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

interface VariableText {
  name: string
  title: string
  description: string
  isSecret: boolean
  example: string | undefined
  defaultText: string | undefined
}

function variables(): VariableText[] {
  return Object.entries<object>(environment.properties).map(([name, property]) => {
    const {
      title = '',
      description = '',
      writeOnly,
      examples,
      default: byDefault,
    }: SchemaText = { ...property }
    const example: unknown = Array.isArray(examples) ? examples[0] : undefined
    return {
      name,
      title,
      description,
      isSecret: writeOnly === true,
      example: example === undefined ? undefined : String(example),
      defaultText: byDefault === undefined ? undefined : String(byDefault),
    }
  })
}

interface SchemaText {
  title?: string
  description?: string
  writeOnly?: boolean
  examples?: unknown
  default?: unknown
}
