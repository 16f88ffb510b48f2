import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { describeConfig, envExample, InvalidConfiguration, loadConfig } from '../../src/process/config.ts'

const test = suite('loadConfig')

/** The sentences with which a start in this environment is refused. */
function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.faults
    throw error
  }
  return []
}

test('an empty environment gives the defaults of the contract', () => {
  const { dataDir, reportsDir, ...rest } = loadConfig({})
  assert.match(dataDir, /^\/.*\/data$|^[A-Z]:\\.*\\data$/)
  assert.is(reportsDir, join(dataDir, 'reports'))
  assert.equal(rest, {
    port: 8080,
    host: '127.0.0.1',
    publicUrl: null,
    databaseUrl: null,
    databaseReadUrl: null,
    databaseReadMaxLagSeconds: 10,
    natsUrl: null,
    natsCaFile: null,
    natsAllowAnonymous: false,
    leases: 'on',
    natsServerBin: null,
    smtpUrl: null,
    mailFrom: 'Tollgate <tollgate@localhost>',
    bootstrapApiKey: null,
    isWebOn: true,
    metricsPort: null,
    logLevel: 'info',
    geoipDb: null,
    tariffLeadSeconds: 5,
    callsHotMonths: 1,
    recordsMaxAgeDays: 365,
    emergencyNumbers: ['112', '911'],
    trustedProxies: [],
    corsOrigins: [],
    jwtIssuers: [],
    webhookPrivateHosts: new Set(),
    tracesEndpoint: null,
    failPoint: null,
  })
})

test('an empty variable counts as not set', () => {
  assert.is(loadConfig({ PORT: '', DATABASE_URL: ' ' }).port, 8080)
  assert.is(loadConfig({ PORT: '', DATABASE_URL: ' ' }).databaseUrl, null)
})

test('several PostgreSQL servers stand with commas between, and what cannot be read is refused without its password', () => {
  const url = 'postgres://u:secret@a:5432,b:5433/tollgate?target_session_attrs=primary'
  const config = loadConfig({ DATABASE_URL: url, DATABASE_READ_URL: 'postgres://u:secret@b:5433/tollgate' })
  assert.is(config.databaseUrl, url)
  assert.is(config.databaseReadUrl, 'postgres://u:secret@b:5433/tollgate')
  for (const [wrong, fault] of [
    ['postgres://u:secret@a:5432,[::1]:5432/tollgate', 'has a host that is not a name or an IPv4 address'],
    ['postgres://u:secret@a:port,b:5433/tollgate', 'has a host that is not a name or an IPv4 address'],
    ['postgres://u:secret@a:99999/tollgate', 'cannot be read as a URL'],
    ['postgres://u:secret@a/tollgate?target_session_attrs=any', 'has target_session_attrs=any, which is not'],
  ] as const) {
    for (const name of ['DATABASE_URL', 'DATABASE_READ_URL']) {
      const faults = faultsOf({ DATABASE_URL: 'postgres://a/b', [name]: wrong })
      assert.is(faults.length, 1, wrong)
      assert.match(faults[0] ?? '', `${name} ${fault}`)
      assert.not.match(faults[0] ?? '', 'secret')
    }
  }
  assert.equal(faultsOf({ DATABASE_READ_URL: 'postgres://a/b' }), [
    'DATABASE_READ_URL is set without DATABASE_URL: set both, or leave it out.',
  ])
})

test('several NATS servers and emergency numbers stand with commas between', () => {
  const config = loadConfig({ NATS_URL: 'nats://a:4222,nats://b:4222', EMERGENCY_NUMBERS: '112, 999' })
  assert.is(config.natsUrl, 'nats://a:4222,nats://b:4222')
  assert.equal(config.emergencyNumbers, ['112', '999'])
})

test('an issuer is named with its keys alone as before, or with limits in any order behind them', () => {
  const brand = '01946000-0000-7000-8000-00000000000B'
  const { jwtIssuers } = loadConfig({
    JWT_ISSUERS: `https://a.example.com=https://a.example.com/jwks?a=b, b=https://b.example.com/jwks;maxTokenSeconds=900;brands=${brand}|${brand};roles=brand|finance`,
  })
  assert.equal(jwtIssuers, [
    {
      issuer: 'https://a.example.com',
      jwksUrl: 'https://a.example.com/jwks?a=b',
      roles: null,
      brands: null,
      maxTokenSeconds: null,
    },
    {
      issuer: 'b',
      jwksUrl: 'https://b.example.com/jwks',
      roles: ['brand', 'finance'],
      brands: [brand.toLowerCase(), brand.toLowerCase()],
      maxTokenSeconds: 900,
    },
  ])
})

for (const [name, value] of [
  ['PORT', 'eighty'],
  ['PORT', '65536'],
  ['PORT', '80.5'],
  ['HOST', 'no host'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['NATS_URL', 'nats://a:4222, and more'],
  ['NATS_SERVER_BIN', '/nowhere/nats-server'],
  ['NATS_SERVER_BIN', 'no-such-nats-server'],
  ['NATS_CA_FILE', '/nowhere/ca.pem'],
  ['NATS_ALLOW_ANONYMOUS', 'yes'],
  ['SMTP_URL', 'mail.example.com'],
  ['MAIL_FROM', 'a@example.com\r\nBcc: b@example.com'],
  ['METRICS_PORT', '-1'],
  ['LOG_LEVEL', 'loud'],
  ['GEOIP_DB', '/nowhere/country.mmdb'],
  ['TARIFF_LEAD_SECONDS', '5 minutes'],
  ['EMERGENCY_NUMBERS', 'police'],
  ['TRUSTED_PROXIES', 'proxy.example.com'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['CORS_ORIGINS', '*'],
  ['CORS_ORIGINS', 'https://portal.example.com/path'],
  ['JWT_ISSUERS', 'https://id.example.com'],
  ['JWT_ISSUERS', 'me=http://id.example.com/jwks'],
  ['JWT_ISSUERS', 'me=https://id.example.com/jwks;role=brand'],
  ['JWT_ISSUERS', 'me=https://id.example.com/jwks;roles=king'],
  ['JWT_ISSUERS', 'me=https://id.example.com/jwks;roles='],
  ['JWT_ISSUERS', 'me=https://id.example.com/jwks;roles=brand;roles=platform'],
  ['JWT_ISSUERS', 'me=https://id.example.com/jwks;brands=acme'],
  ['JWT_ISSUERS', 'me=https://id.example.com/jwks;maxTokenSeconds=0'],
  ['JWT_ISSUERS', 'me=https://id.example.com/jwks;maxTokenSeconds=1h'],
  ['JWT_ISSUERS', 'me=https://id.example.com/a;roles=brand,me=https://id.example.com/a'],
] as const) {
  test(`${name}=${JSON.stringify(value)} is refused in one sentence that names it and the remedy`, () => {
    const faults = faultsOf({ [name]: value })
    assert.is(faults.length, 1)
    assert.match(faults[0] ?? '', new RegExp(`^${name} .*: set it to .*, or leave it out\\.$`, 's'))
  })
}

test('NATS_SERVER_BIN may be a name on PATH, or a path from here: the program is named in full', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-path-'))
  const program = join(folder, 'my-nats')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(join(folder, 'notes'), '')
  mkdirSync(join(folder, 'deeper'))
  const PATH = [join(folder, 'deeper'), folder].join(delimiter)
  assert.is(loadConfig({ NATS_SERVER_BIN: 'my-nats', PATH }).natsServerBin, program)
  assert.is(loadConfig({ NATS_SERVER_BIN: relative('.', program) }).natsServerBin, program)
  for (const name of ['notes', 'deeper', 'my-nat']) {
    assert.match(
      faultsOf({ NATS_SERVER_BIN: name, PATH }).join(),
      /^NATS_SERVER_BIN is "[a-z-]+", and no folder of PATH has such a program: set it to one/,
    )
  }
  rmSync(folder, { recursive: true })
})

test('all variables at fault are named at once', () => {
  assert.is(faultsOf({ PORT: 'x', LOG_LEVEL: 'y', SMTP_URL: 'z' }).length, 3)
})

test('a refusal does not print a password', () => {
  assert.not.match(faultsOf({ DATABASE_URL: 'mysql://u:hunter2@db/x' }).join(), /hunter2/)
})

test('a bootstrap key under 16 characters is taken on loopback only', () => {
  for (const HOST of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
    assert.is(loadConfig({ HOST, BOOTSTRAP_API_KEY: 'short' }).bootstrapApiKey, 'short')
  }
  for (const HOST of ['0.0.0.0', '::', '192.0.2.1', 'db.example.com']) {
    assert.match(
      faultsOf({ HOST, BOOTSTRAP_API_KEY: 'fifteen-letters' })[0] ?? '',
      /^BOOTSTRAP_API_KEY has 15 characters/,
    )
    assert.equal(faultsOf({ HOST, BOOTSTRAP_API_KEY: 'sixteen-letters!' }), [])
  }
})

test('a fail point is taken in tests alone, and is never told of', () => {
  for (const setting of [
    'after_commit:1',
    'commit_sent:3:kill',
    'auth_locked:2:infra',
    'relay_puback:1:pause,nak_half:2',
  ]) {
    assert.is(loadConfig({ FAILPOINT: setting, NODE_ENV: 'test' }).failPoint, setting)
    for (const NODE_ENV of ['production', 'development', '']) {
      assert.equal(faultsOf({ FAILPOINT: setting, NODE_ENV }), [
        'FAILPOINT makes this process fail on purpose, for tests: leave it out.',
      ])
    }
  }
  for (const wrong of ['after_commit', 'after_commit:0', 'after_commit:1:burn', 'nowhere:1', ' :1']) {
    assert.equal(faultsOf({ FAILPOINT: wrong, NODE_ENV: 'test' }), [
      `FAILPOINT is "${wrong}", which is not a fail point.`,
    ])
  }
  assert.not.match(describeConfig(), 'FAILPOINT')
})

test('each variable has one line of help', () => {
  assert.is(describeConfig().split('\n').length, 29)
})

test('.env.example says what environment.ts says', () => {
  assert.is(
    readFileSync('.env.example', 'utf8'),
    envExample(),
    `write it anew: node --import tsx -e "import('./src/process/config.ts').then(c => process.stdout.write(c.envExample()))" > .env.example`,
  )
})

test('.env.example is read by node as it stands', () => {
  const { status } = spawnSync(process.execPath, ['--env-file=.env.example', '-e', ''])
  assert.is(status, 0)
})

test.run()
