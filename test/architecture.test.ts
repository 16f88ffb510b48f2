/**
 * Who may import whom, as data. A line of this table changes in the commit that carries the reason.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('architecture')
const root = fileURLToPath(new URL('..', import.meta.url))

/** Folder or file of `src/` → what of `src/` its values may come from. Types may also come from `typesFrom`. */
const mayImport: Record<string, { from: string[]; typesFrom?: string[] }> = {
  // What a process does around the service: its settings, its start and end, its health, what it does by the clock.
  process: {
    from: [
      'api',
      'calls',
      'database-url.ts',
      'db',
      'errors.ts',
      'fail-points.ts',
      'find-program.ts',
      'invoices',
      'logging',
      'rating',
      'repeat.ts',
      'reports',
      'tariffs',
      'version.ts',
      'within-time.ts',
    ],
  },
  logging: { from: ['errors.ts'] },
  quotas: { from: ['errors.ts'] },
  'money.ts': { from: ['errors.ts', 'registers'] },
  // One format for all that people read: documents and mails show the digits of the books.
  'currency-format.ts': { from: ['money.ts'] },
  // What registers outside say exists: codes, tax numbers, accounts.
  registers: { from: [] },
  'errors.ts': { from: [] },
  'uuid.ts': { from: [] },
  // One way to defuse formulas for all files that people open.
  'spreadsheet-text.ts': { from: [] },
  'database-url.ts': { from: [] },
  // Where a test lets the service die: data, and whoever passes such a place is given what to call.
  'fail-points.ts': { from: [] },
  'find-program.ts': { from: [] },
  'bounded-cache.ts': { from: [] },
  'group-by.ts': { from: [] },
  'problem.ts': { from: ['errors.ts'] },
  'within-time.ts': { from: [] },
  // Answers that are known at once, at both doors of authorizations.
  'when-known.ts': { from: [] },
  // What is counted with every call, cheaper than prom-client does.
  'call-rate-metrics.ts': { from: [] },
  // Whether a leg is a new one, in front of maps of thousands.
  'text-filter.ts': { from: [] },
  'repeat.ts': { from: ['logging'] },
  'version.ts': { from: [] },
  'geoip.ts': { from: ['errors.ts'] },
  // Who reads which words: documents and mails alike.
  'languages.ts': { from: [] },
  'mailer.ts': { from: ['errors.ts'] },
  threads: { from: ['errors.ts'] },
  rating: { from: ['bounded-cache.ts', 'money.ts', 'errors.ts'] },
  limits: { from: ['rating', 'money.ts', 'errors.ts', 'text-filter.ts'] },
  // How values are written in JSON: the same for who takes them, keeps them and publishes them.
  shapes: { from: ['limits', 'rating'], typesFrom: ['errors.ts'] },
  // limits, shapes: the closed lists and forms of settings, checked as rows are read; rating: the clock that days are told by.
  db: {
    from: [
      'database-url.ts',
      'bounded-cache.ts',
      'registers',
      'group-by.ts',
      'money.ts',
      'errors.ts',
      'uuid.ts',
      'limits',
      'rating',
      'shapes',
      'within-time.ts',
    ],
    typesFrom: ['ledger', 'calls', 'invoices', 'tariffs', 'identities'],
  },
  // Spans, and the only place that knows of OpenTelemetry.
  tracing: { from: ['version.ts'] },
  // The books: nobody else moves money, holds slots, counts days, appends facts and mails.
  ledger: { from: ['rating', 'limits', 'db', 'tracing', 'money.ts', 'errors.ts', 'uuid.ts'] },
  // shapes: how the terms of a rate are stored.
  tariffs: {
    from: [
      'shapes',
      'bounded-cache.ts',
      'logging',
      'rating',
      'limits',
      'db',
      'threads',
      'money.ts',
      'errors.ts',
      'uuid.ts',
      'quotas',
      'spreadsheet-text.ts',
    ],
  },
  calls: {
    from: [
      'call-rate-metrics.ts',
      'fail-points.ts',
      'text-filter.ts',
      'tracing',
      'shapes',
      'logging',
      'within-time.ts',
      'rating',
      'limits',
      'ledger',
      'db',
      'tariffs',
      'money.ts',
      'errors.ts',
      'uuid.ts',
      'geoip.ts',
    ],
  },
  // identities: what a client's portal hides.
  webhooks: { from: ['identities', 'db', 'errors.ts', 'logging', 'repeat.ts'], typesFrom: ['ledger'] },
  accounts: { from: ['ledger', 'db', 'money.ts', 'errors.ts', 'uuid.ts'] },
  invoices: {
    from: [
      'fail-points.ts',
      'group-by.ts',
      'bounded-cache.ts',
      'currency-format.ts',
      'registers',
      'languages.ts',
      'rating',
      'limits',
      'ledger',
      'db',
      'tariffs',
      'calls',
      'threads',
      'money.ts',
      'errors.ts',
      'uuid.ts',
      'quotas',
      'spreadsheet-text.ts',
    ],
  },
  // invoices: the periods that schedules cut time into are the same for both.
  reports: {
    from: [
      'bounded-cache.ts',
      'rating',
      'limits',
      'ledger',
      'identities',
      'db',
      'invoices',
      'money.ts',
      'errors.ts',
      'uuid.ts',
      'quotas',
      'spreadsheet-text.ts',
    ],
  },
  notifications: {
    from: [
      'fail-points.ts',
      'languages.ts',
      'logging',
      'repeat.ts',
      'within-time.ts',
      'limits',
      'rating',
      'db',
      'threads',
      'currency-format.ts',
      'money.ts',
      'errors.ts',
      'uuid.ts',
      'mailer.ts',
      'quotas',
    ],
  },
  identities: { from: ['db', 'errors.ts', 'uuid.ts', 'quotas'] },
  events: {
    from: [
      'when-known.ts',
      'fail-points.ts',
      'tracing',
      'logging',
      'repeat.ts',
      'within-time.ts',
      'problem.ts',
      'calls',
      'ledger',
      'shapes',
      'rating',
      'limits',
      'db',
      'money.ts',
      'errors.ts',
      'uuid.ts',
    ],
  },
  api: {
    from: [
      'call-rate-metrics.ts',
      'when-known.ts',
      'tracing',
      'webhooks',
      'problem.ts',
      'spreadsheet-text.ts',
      'shapes',
      'db',
      'ledger',
      'threads',
      'tariffs',
      'calls',
      'accounts',
      'invoices',
      'reports',
      'tariff-migration',
      'notifications',
      'identities',
      'rating',
      'registers',
      'limits',
      'money.ts',
      'errors.ts',
      'uuid.ts',
      'quotas',
      'version.ts',
    ],
  },
  // cli: an operator's commands work beside the service, on the database it runs.
  cli: {
    from: [
      'database-url.ts',
      'verify',
      'ledger',
      'tariff-migration',
      'embedded',
      'geoip.ts',
      'process',
      'db',
      'tariffs',
      'calls',
      'accounts',
      'invoices',
      'reports',
      'identities',
      'rating',
      'limits',
      'money.ts',
      'errors.ts',
      'uuid.ts',
      'version.ts',
      'spreadsheet-text.ts',
    ],
  },
  // A check shares only shapes with what it checks.
  verify: { from: ['db'], typesFrom: ['rating'] },
  'tariff-migration': { from: ['tariffs', 'rating', 'limits', 'money.ts', 'errors.ts'] },
  embedded: { from: [] },
}

/** Libraries with one owner; whatever stands in no list is free. */
const libraryOwners: Record<string, string[]> = {
  fastify: ['api'],
  '@fastify': ['api'],
  nats: ['events'],
  'drizzle-orm': ['db', 'api', 'identities', 'invoices', 'tariffs'],
  postgres: ['db'],
  'postgres-array': ['db'],
  nodemailer: ['mailer.ts'],
  liquidjs: ['notifications', 'invoices'],
  pdfkit: ['invoices'],
  'csv-stringify': ['reports', 'tariffs', 'invoices', 'tariff-migration', 'api'],
  'csv-parse': ['tariffs', 'cli'],
  fflate: ['reports'],
  saxes: ['tariffs'],
  yauzl: ['tariffs'],
  numfmt: ['tariffs'],
  'hyparquet-writer': ['reports'],
  'mmdb-lib': ['geoip.ts'],
  'env-schema': ['process'],
  jose: ['identities'],
  pino: ['logging', 'service.ts'],
}

interface Import {
  file: string
  target: string
  isType: boolean
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'))
const sourceOf = (file: string) => readFileSync(join(root, 'src', file), 'utf8')
const placeOf = (file: string) => file.split('/')[0] ?? file

const importPattern = /^(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]*?from\s+)?'([^']+)'/gm
const dynamicPattern = /import\('([^']+)'\)/g

function importsOf(file: string): Import[] {
  const source = sourceOf(file)
  const found = [...source.matchAll(importPattern)].map(([text, type, target = '']) => ({
    file,
    target,
    // `import { type A, type B }` brings no value either.
    isType: type !== undefined || /\{(\s*type\s+\w+(\s+as\s+\w+)?\s*,?)+\s*\}/.test(text),
  }))
  for (const [, target = ''] of source.matchAll(dynamicPattern)) found.push({ file, target, isType: false })
  return found
}

/** The place in `src/` that a relative import leads to. */
function placeOfTarget({ file, target }: Import): string {
  return placeOf(
    relative(join(root, 'src'), resolve(root, 'src', dirname(file), target)).replaceAll('\\', '/'),
  )
}

test('every folder imports only what the table allows', () => {
  const breaches: string[] = []
  for (const file of files) {
    const place = placeOf(file)
    if (['main.ts', 'service.ts', 'service'].includes(place)) continue
    const rule = mayImport[place]
    if (!rule) {
      breaches.push(`${file}: src/${place} stands in no line of the table`)
      continue
    }
    for (const found of importsOf(file)) {
      if (!found.target.startsWith('.')) continue
      const target = placeOfTarget(found)
      const allowed = [place, ...rule.from, ...(found.isType ? (rule.typesFrom ?? []) : [])]
      if (!allowed.includes(target)) breaches.push(`${file} imports ${found.target}`)
    }
  }
  assert.equal(breaches, [])
})

test('only the ledger reaches its store', () => {
  const breaches = files
    .filter((file) => placeOf(file) !== 'ledger')
    .flatMap(importsOf)
    .filter(({ target }) => target.includes('ledger/store/'))
    .map(({ file, target }) => `${file} imports ${target}`)
  assert.equal(breaches, [])
})

test('every library has its owner', () => {
  const breaches: string[] = []
  for (const file of files) {
    for (const { target, isType } of importsOf(file)) {
      if (target.startsWith('.') || target.startsWith('node:') || builtinModules.includes(target) || isType)
        continue
      const name = Object.keys(libraryOwners).find(
        (library) => target === library || target.startsWith(`${library}/`),
      )
      const owners = name && libraryOwners[name]
      if (owners && !owners.includes(placeOf(file))) breaches.push(`${file} imports ${target}`)
    }
  }
  assert.equal(breaches, [])
})

test('rating and limits neither wait nor ask a clock or a die', () => {
  const forbidden = /\bawait\b|Date\.now|new Date\b|DateTime\.now|Math\.random/
  const breaches = files
    .filter((file) => /^(rating|limits)\//.test(file))
    .filter((file) => forbidden.test(sourceOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')))
  assert.equal(breaches, [])
})

test('only process/config.ts reads the environment', () => {
  assert.equal(
    files.filter((file) => file !== 'process/config.ts' && sourceOf(file).includes('process.env')),
    [],
  )
})

test('every file says in its first lines what it is for', () => {
  assert.equal(
    files.filter((file) => !sourceOf(file).startsWith('/**')),
    [],
  )
})

test('every test file runs its suite', () => {
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  )
  assert.equal(
    tests.filter((file) => !/\.run\(\)/.test(readFileSync(join(root, 'test', file), 'utf8'))),
    [],
  )
})

test.run()
