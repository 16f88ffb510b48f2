/**
 * Which variables does the service know, what is a right value of each, and what is it for?
 *
 * Source: "Starting it" of the contract. Data alone: `config.ts` reads the environment with it.
 */
import { type Static, Type } from 'typebox'

const roleName = '(platform|brand|client|engine|finance)'
const uuid = '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'
/** A `;` of an address is written %3B, so that no misspelt limit is taken for a part of it. */
const issuer = [
  '[^\\s,=;]+=https?://[^\\s,;]+',
  `(;(roles=${roleName}(\\|${roleName})*|brands=${uuid}(\\|${uuid})*|maxTokenSeconds=[1-9][0-9]{0,7}))*`,
].join('')

/** `title` says what a right value is, `writeOnly` that it is never printed. */
export const environment = Type.Object({
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
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/?#]+$',
      title: 'an origin, as in https://billing.example.com',
      description:
        'Where people reach this service, for links in mails; without it http:// with HOST and PORT.',
      examples: ['https://billing.example.com'],
    }),
  ),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      writeOnly: true,
      title: 'the URL of a PostgreSQL database',
      description:
        'PostgreSQL to use, of several hosts with commas between the one that can be written to; without it an embedded one runs under DATA_DIR.',
      examples: ['postgres://tollgate:secret@db.example.com:5432/tollgate'],
    }),
  ),
  DATABASE_READ_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      writeOnly: true,
      title: 'the URL of a standby of the database of DATABASE_URL',
      description:
        'Standby that reports, exports and lists of calls of past days are read from; without it they are read from DATABASE_URL.',
      examples: ['postgres://tollgate:secret@standby.example.com:5432/tollgate'],
    }),
  ),
  DATABASE_READ_MAX_LAG_SECONDS: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 3600,
    title: 'whole seconds from 1 to 3600',
    description: 'How far the standby of DATABASE_READ_URL may be behind to be read from.',
  }),
  NATS_URL: Type.Optional(
    Type.String({
      pattern: '^((nats|tls|wss?)://)?[^\\s,/]+(,((nats|tls|wss?)://)?[^\\s,/]+)*/?$',
      writeOnly: true,
      title: 'the URL of a NATS server, or several with commas between',
      description: 'NATS with JetStream to use; without it a nats-server is started under DATA_DIR.',
      examples: ['tls://tollgate:secret@nats.example.com:4222'],
    }),
  ),
  NATS_CA_FILE: Type.Optional(
    Type.String({
      title: 'the path of a readable PEM file',
      description:
        'Certificate authorities of the NATS servers of NATS_URL (tls://); without it those that Node.js trusts.',
      examples: ['/etc/tollgate/nats-ca.pem'],
    }),
  ),
  LEASES: Type.Enum(['on', 'off'], {
    default: 'on',
    title: 'on or off',
    description:
      'Whether this replica sets money and slots of busy clients aside, so that it answers authorizations from memory. With off every grant that holds something waits for the database; leases of other replicas are called back all the same.',
  }),
  NATS_ALLOW_ANONYMOUS: Type.Optional(
    Type.Enum(['0', '1'], {
      title: '0 or 1',
      description:
        '1 allows a NATS_URL of another machine whose server lets anybody in without a user; without it that is refused.',
      examples: ['1'],
    }),
  ),
  NATS_SERVER_BIN: Type.Optional(
    Type.String({
      title: 'the path of a nats-server program, or its name on PATH',
      description: 'nats-server to start when NATS_URL is not set; without it one is found or fetched.',
      examples: ['/usr/sbin/nats-server'],
    }),
  ),
  DATA_DIR: Type.String({
    default: './data',
    title: 'a folder this process may write to',
    description: 'Folder of the embedded servers, of mail without SMTP_URL, and of the first API key.',
  }),
  REPORTS_DIR: Type.Optional(
    Type.String({
      title: 'a folder this process may write to',
      description: 'Folder that scheduled reports are written to; without it DATA_DIR/reports.',
      examples: ['/var/lib/tollgate/reports'],
    }),
  ),
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
  WEB: Type.Enum(['on', 'off'], {
    default: 'on',
    title: 'on or off',
    description: 'Whether the portal and the console are served.',
  }),
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
  CALLS_HOT_MONTHS: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 1200,
    title: 'whole months from 1 to 1200',
    description:
      'Whole months before the current one whose calls stay in the table calls; older ones move to partitions of a month.',
  }),
  RECORDS_MAX_AGE_DAYS: Type.Integer({
    default: 365,
    minimum: 1,
    maximum: 36_500,
    title: 'whole days from 1 to 36500',
    description:
      'Days after which dead letters, denials and imports are removed, unless the retentionDays of their brand are fewer.',
  }),
  EMERGENCY_NUMBERS: Type.String({
    default: '112,911',
    pattern: '^ *\\+?[0-9*#]{1,18} *(, *\\+?[0-9*#]{1,18} *)*$',
    title: 'numbers with commas between',
    description:
      'Numbers that every client may always call, unpriced, beside the special numbers of its brand.',
    examples: ['112,911,999'],
  }),
  TRUSTED_PROXIES: Type.Optional(
    Type.String({
      pattern: '^ *[0-9A-Fa-f.:/]+ *(, *[0-9A-Fa-f.:/]+ *)*$',
      title: 'addresses or CIDR ranges with commas between',
      description:
        'Proxies whose X-Forwarded-For is believed; without it the address of the connection counts.',
      examples: ['10.0.0.0/8,192.0.2.7'],
    }),
  ),
  CORS_ORIGINS: Type.Optional(
    Type.String({
      pattern: '^ *https?://[^\\s,/]+ *(, *https?://[^\\s,/]+ *)*$',
      title: 'origins with commas between',
      description: 'Origins whose pages may call the API from a browser; without it none.',
      examples: ['https://portal.example.com'],
    }),
  ),
  WEBHOOK_PRIVATE_HOSTS: Type.Optional(
    Type.String({
      pattern: '^ *[^\\s,/]+ *(, *[^\\s,/]+ *)*$',
      title: 'hosts or addresses with commas between',
      description:
        'Hosts, as URLs name them, or addresses that webhooks may be sent to although the internet cannot reach them; without it none.',
      examples: ['crm.internal,10.0.0.17'],
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s]+$',
      title: 'an http or https URL',
      description:
        'Where traces are sent by OTLP over HTTP, without its /v1/traces; without it nothing is traced.',
      examples: ['http://127.0.0.1:4318'],
    }),
  ),
  JWT_ISSUERS: Type.Optional(
    Type.String({
      pattern: `^ *${issuer} *(, *${issuer} *)*$`,
      title:
        'pairs issuer=JWKS address with commas between, https except on loopback, each followed by none or some of ;roles=…|… ;brands=id|… ;maxTokenSeconds=…',
      description:
        'Issuers whose tokens are taken, each with the address of its keys, and where wanted the roles and brands that its tokens may name, and how long they may live; claims: aud "tollgate", role, brandId, clientId, scopes.',
      examples: [
        'https://id.example.com=https://id.example.com/.well-known/jwks.json;roles=brand|finance;maxTokenSeconds=3600',
      ],
    }),
  ),
})
export type Environment = Static<typeof environment>

export interface VariableText {
  name: string
  title: string
  description: string
  isSecret: boolean
  example: string | undefined
  defaultText: string | undefined
}

/** The variables in the order of the schema, for help, examples and refusals. */
export function listVariables(): VariableText[] {
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
