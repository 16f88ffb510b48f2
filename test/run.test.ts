import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isAlive } from '../src/embedded/processes.ts'

const test = suite('test/run.ts')
const here = fileURLToPath(new URL('.', import.meta.url))
const begin = `import { suite } from 'uvu'\nimport * as assert from 'uvu/assert'\nconst test = suite('trial')\n`

/** What a run of the test file with this text prints last, all it prints, and its exit code. */
function run(text: string, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(here, 'trial-'))
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'trial.test.ts'), begin + text)
    const pattern = folder.slice(here.length)
    const { stdout, status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(here, 'run.ts'), pattern],
      { encoding: 'utf8', env: { ...process.env, TEST_RETRIES: '', ...env } },
    )
    return { last: stdout.trimEnd().split('\n').at(-1), stdout, status }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('tests that pass are counted and the run ends with 0', () => {
  const { last, status } = run(`test('a', () => {})\ntest('b', () => {})\ntest.run()`)
  assert.equal({ last, status }, { last: '2 passed, 0 failed, 0 skipped', status: 0 })
})

test('a failure is shown in full and the run ends with 1', () => {
  const { last, stdout, status } = run(`test('sums', () => assert.is(1, 2))\ntest('b', () => {})\ntest.run()`)
  assert.equal({ last, status }, { last: '1 passed, 1 failed, 0 skipped', status: 1 })
  assert.match(
    stdout,
    /FAIL {2}test\/trial-.*1 of 2 failed[\s\S]*"sums"[\s\S]*Expected values to be strictly equal/,
  )
})

for (const [fault, text] of [
  ['a forgotten .run()', `test('a', () => assert.is(1, 2))`],
  ['a file without tests', `test.run()`],
  ['a broken import', `import './no-such-file.ts'\ntest.run()`],
  ['a before that throws', `test.before(() => { throw new Error('no') })\ntest('a', () => {})\ntest.run()`],
  ['a rejection that nobody awaits', `test('a', () => { void Promise.reject(new Error('no')) })\ntest.run()`],
] as const) {
  test(`${fault} is a failure`, () => {
    const { last, status } = run(text)
    assert.match(last ?? '', /^\d passed, [1-9] failed, 0 skipped$/)
    assert.is(status, 1)
  })
}

test('a test left out in silence is a failure, one with a reason is not', () => {
  assert.is(
    run(`test.skip('a', () => {})\ntest('b', () => {})\ntest.run()`).last,
    '1 passed, 1 failed, 1 skipped',
  )
  const text = `test('b', () => {})\nskipTest(test, 'a', 'no moon today')\ntest.run()`
  const { last, stdout } = run(`import { skipTest } from '../servers.ts'\n${text}`)
  assert.is(last, '1 passed, 0 failed, 1 skipped')
  assert.match(stdout, /skipped: a: no moon today/)
})

test('a file all of whose tests are left out passes with reasons alone', () => {
  const skipped = `import { skipTest } from '../servers.ts'\nskipTest(test, 'a', 'no moon today')\ntest.run()`
  assert.equal(
    [run(skipped), run(`test.skip('a', () => {})\ntest.run()`)].map(({ last }) => last),
    ['0 passed, 0 failed, 1 skipped', '0 passed, 1 failed, 1 skipped'],
  )
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
    const { last, stdout, status } = run(text, { TEST_RETRIES: '1' })
    assert.equal({ last, status }, { last: '1 passed, 0 failed, 0 skipped', status: 0 })
    assert.match(stdout, /unstable: test\/trial-.* failed, and passed when it ran again/)
    rmSync(marker)
    assert.is(run(text, { TEST_RETRIES: '' }).status, 1)
    assert.is(run(`test('a', () => assert.ok(false))\ntest.run()`, { TEST_RETRIES: '1' }).status, 1)
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
  const { last, stdout, status } = run(text, { TEST_TIME_LIMIT_SECONDS: '4' })
  assert.equal({ last, status }, { last: '1 passed, 1 failed, 0 skipped', status: 1 })
  assert.match(stdout, /no end within 4 s/)
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
