/** What an operator can alert on: every event of the log, as docs/operations.md lists it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('events of the log')
const root = fileURLToPath(new URL('../..', import.meta.url))

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, 'src', file), 'utf8') }))

/** `event: 'name'`, its default `event = 'name'`, and `logOnce(log, 'name'`. */
const patterns = [/\bevent(?:: | = )'([^']*)'/g, /\blogOnce\(\s*[^,]+,\s*'([^']*)'/g]

const inCode = [
  ...new Set(
    sources.flatMap(({ text }) => patterns.flatMap((one) => [...text.matchAll(one)].map(([, name]) => name))),
  ),
].sort()

test('each has a line in docs/operations.md, and each line an event', () => {
  const text = readFileSync(join(root, 'docs/operations.md'), 'utf8')
  const section = text.slice(text.indexOf('## Events of the log')).split('\n## ')[0] ?? ''
  const listed = [...section.matchAll(/^\| `([^`]*)` \| (?:[a-z, ]+) \| \S.* \| \S.* \|$/gm)].map(
    ([, name]) => name,
  )
  assert.ok(inCode.length > 50)
  assert.equal(listed, inCode)
})

test('each is in snake_case', () => {
  assert.equal(
    inCode.filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name ?? '')),
    [],
  )
})

test('each line of the log is written with one', () => {
  const calls = /\blog\??\.(?:info|warn|error|fatal|debug|trace)\((?!\s*\{\s*event\b)(.{0,40})/g
  assert.equal(
    sources.flatMap(({ file, text }) => [...text.matchAll(calls)].map(([, rest]) => `${file}: ${rest}`)),
    [],
  )
})

test.run()
