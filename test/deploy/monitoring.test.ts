/** What operators see: alert rules and the dashboard, held to what a running service tells. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { aService, type RunningService } from '../contract/a-service.ts'
import { skipTest } from '../servers.ts'

const test = suite('monitoring')
const folder = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url))
const rules = readFileSync(folder('prometheus/tollgate.rules.yml'), 'utf8')
const dashboard = readFileSync(folder('grafana/tollgate.json'), 'utf8')
const docs = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')

/** Without what Prometheus adds to the names of a histogram. */
const namesIn = (text: string) =>
  [...new Set(text.match(/\b(?:tollgate|nodejs|process)_[a-z0-9_]+[a-z0-9]\b/g))]
    .map((name) => (name.includes('_seconds_') ? name.replace(/_(bucket|count|sum)$/, '') : name))
    .sort()

let service: RunningService
let scraped: string
test.before(async () => {
  service = await aService()
  scraped = (await service.send('GET', '/metrics')).text
})
test.after(() => service.close())

const isTold = (name: string) => scraped.includes(`# TYPE ${name} `)

for (const [what, text] of [
  ['the alert rules', rules],
  ['the dashboard', dashboard],
] as const) {
  test(`every metric that ${what} name is told by a running service`, () => {
    const expressions = what === 'the alert rules' ? text.replaceAll(/^ *#.*$/gm, '') : text
    const names = namesIn(expressions)
    assert.ok(names.length > 15, names.join(' '))
    assert.equal(
      names.filter((name) => !isTold(name)),
      [],
    )
  })
}

test('the time of an authorization is told by its transport and by what decided it', async () => {
  await service.send('POST', '/v1/authorizations', {
    callId: 'timed',
    client: 'nobody.example.com',
    to: '112',
  })
  const { text } = await service.send('GET', '/metrics')
  assert.match(text, /^tollgate_authorization_seconds_count\{transport="http",path="memory"\} 1$/m)
})

test('docs/operations.md has every metric of the service’s own', () => {
  const told = [...scraped.matchAll(/^# TYPE (tollgate_\w+) /gm)].map(([, name]) => String(name))
  assert.ok(told.includes('tollgate_build_info'))
  assert.equal(
    told.filter((name) => !docs.includes(`\`${name}\``)),
    [],
  )
})

test('names follow the conventions of Prometheus: counters end in _total, times are seconds', () => {
  for (const [, name, type] of scraped.matchAll(/^# TYPE (tollgate_\w+) (\w+)$/gm)) {
    assert.is(String(name).endsWith('_total'), type === 'counter', name)
    assert.not.match(String(name), /_(ms|millis|milliseconds|minutes)(_|$)/)
  }
})

test('the dashboard has its rows, and no panel without a query', () => {
  const { panels } = JSON.parse(dashboard) as {
    panels: { type: string; title: string; targets?: unknown[] }[]
  }
  const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title)
  assert.equal(rows, ['Overview', 'Authorizations', 'Settlement', 'Money', 'Infrastructure'])
  assert.equal(
    panels.filter(({ type, targets = [] }) => type !== 'row' && targets.length === 0),
    [],
  )
})

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined
for (const [what, command, file] of [
  ['takes the rules', 'check', 'tollgate.rules.yml'],
  ['runs their unit tests', 'test', 'tollgate.rules.test.yml'],
] as const) {
  if (!hasPromtool) {
    skipTest(test, `promtool ${what}`, "it is not installed; Debian's package prometheus has it")
    continue
  }
  test(`promtool ${what}`, () => {
    const { status, stdout, stderr } = spawnSync('promtool', [command, 'rules', file], {
      cwd: folder('prometheus'),
      encoding: 'utf8',
    })
    assert.is(status, 0, stdout + stderr)
  })
}

test.run()
