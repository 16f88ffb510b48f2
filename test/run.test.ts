import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isAlive } from '../src/embedded/processes.ts'

const test = suite('test/run.ts')
const here = fileURLToPath(new URL('.', import.meta.url))
const begin = `import { suite } from 'uvu'\nimport * as assert from 'uvu/assert'\nconst test = suite('trial')\n`

/** What a run of these test files prints last, all it prints, and its exit code. */
function run(texts: readonly string[], env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(here, 'trial-'))
  try {
    for (const [at, text] of texts.entries()) writeFileSync(join(folder, `${at}.test.ts`), begin + text)
    const pattern = folder.slice(here.length)
    const { stdout, status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(here, 'run.ts'), pattern],
      { encoding: 'utf8', env: { ...process.env, TEST_RETRIES: '', ...env } },
    )
    const failed = [...stdout.matchAll(/^FAIL {2}test\/trial-\w+\/(\d+)/gm)].map(([, at]) => Number(at))
    return { last: stdout.trimEnd().split('\n').at(-1), stdout, status, failed: failed.sort((a, b) => a - b) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const good = `test('a', () => {})\ntest('b', () => {})\ntest.run()`
const skipping = `import { skipTest } from '../servers.ts'\nskipTest(test, 'a', 'no moon today')\n`

test('what passes or is left out with a reason is counted, and the run ends with 0', () => {
  const { last, stdout, status } = run([
    good,
    `${skipping}test('b', () => {})\ntest.run()`,
    `${skipping}test.run()`,
  ])
  assert.equal({ last, status }, { last: '3 passed, 0 failed, 2 skipped', status: 0 })
  assert.match(stdout, /skipped: a: no moon today/)
})

const faults = [
  `test('sums', () => assert.is(1, 2))\ntest('b', () => {})\ntest.run()`,
  // A forgotten .run(), a file without tests, a broken import, a before that throws, a rejection that nobody awaits.
  `test('a', () => assert.is(1, 2))`,
  `test.run()`,
  `import './no-such-file.ts'\ntest.run()`,
  `test.before(() => { throw new Error('no') })\ntest('a', () => {})\ntest.run()`,
  `test('a', () => { void Promise.reject(new Error('no')) })\ntest.run()`,
  // Left out in silence, one of two and all.
  `test.skip('a', () => {})\ntest('b', () => {})\ntest.run()`,
  `test.skip('a', () => {})\ntest.run()`,
]
test('a failure is shown in full, every kind of it fails its file, and the run ends with 1', () => {
  const { stdout, status, failed } = run([...faults, good])
  assert.equal(failed, [...faults.keys()])
  assert.is(status, 1)
  assert.match(
    stdout,
    /FAIL {2}test\/trial-.*1 of 2 failed[\s\S]*"sums"[\s\S]*Expected values to be strictly equal/,
  )
})

test('files that share a process are judged alike, one by one', () => {
  // A broken import ends the bundling of all files, and all of them run from their sources.
  const bundled = faults.filter((text) => !text.includes('no-such-file'))
  const { stdout, status, failed } = run([...bundled, ...Array(6).fill(good)])
  assert.equal(failed, [...bundled.keys()])
  assert.is(status, 1)
  assert.match(stdout, /1 of 2 failed[\s\S]*"sums"[\s\S]*Expected values to be strictly equal/)
})

test('what files in one process leave open fails the run', () => {
  const open = `setInterval(() => {}, 1000)\n${good}`
  const { stdout, status } = run([open, ...Array(12).fill(good)])
  assert.is(status, 1)
  assert.match(stdout, /this file, or one before it in its process, left something open/)
})

test('with TEST_RETRIES=1 a failed file runs once more; what passes then is listed as unstable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-retry-'))
  const marker = join(folder, 'ran')
  const text = `import { existsSync, writeFileSync } from 'node:fs'
    const ranBefore = existsSync(${JSON.stringify(marker)})
    writeFileSync(${JSON.stringify(marker)}, '')
    test('a', () => assert.ok(ranBefore))
    test.run()`
  try {
    const { last, stdout, status } = run([text], { TEST_RETRIES: '1' })
    assert.equal({ last, status }, { last: '1 passed, 0 failed, 0 skipped', status: 0 })
    assert.match(stdout, /unstable: test\/trial-.* failed, and passed when it ran again/)
    rmSync(marker)
    assert.is(run([text], { TEST_RETRIES: '' }).status, 1)
    assert.is(run([`test('a', () => assert.ok(false))\ntest.run()`], { TEST_RETRIES: '1' }).status, 1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a file that does not end is ended with its servers, and is a failure', () => {
  const text = `import { startTestNats } from '../servers.ts'
    const { pid } = await startTestNats()
    console.log('nats-server is', pid)
    setInterval(() => {}, 1000)
    test('a', () => {})
    test.run()`
  const { last, stdout, status } = run([text], { TEST_TIME_LIMIT_SECONDS: '6' })
  assert.equal({ last, status }, { last: '1 passed, 1 failed, 0 skipped', status: 1 })
  assert.match(stdout, /no end within 6 s/)
  assert.not.ok(isAlive(Number(/nats-server is (\d+)/.exec(stdout)?.[1])))
})

test('a word that no path holds is a failure', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(here, 'run.ts'), 'no-such-path'],
    {
      encoding: 'utf8',
    },
  )
  assert.match(stdout, /No test file has "no-such-path" in its path\.\n0 passed, 1 failed, 0 skipped\n$/)
  assert.is(status, 1)
})

test.run()
