/**
 * Runs every `*.test.ts` below `test/`, two at a time, on one PostgreSQL.
 *
 * `npm test -- limits calls` runs the files whose path holds one of the words. A file fails when a test fails,
 * when it reports no test at all (uvu says nothing of a forgotten `.run()`, and takes a broken `before` for
 * success), when it leaves a test out without a reason, or when it takes longer than two minutes. With TEST_RETRIES=1
 * files that failed run once more at the end, one at a time: what passes then counts as passed and is listed as
 * unstable, so that a stall of the machine fails no build and stays visible. Many files are bundled first
 * (`bundle-tests.ts`), and a dozen share a process (`run-files.ts`); a few, and those that run again, run from their
 * sources, each in a process of its own. The last line is `N passed, N failed, N skipped`; the exit code is 0 only if
 * nothing failed.
 */
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleTests, removeBundles } from './bundle-tests.ts'
import { findTestNatsServer } from './servers.ts'
import { makeTemplate, openTestCluster } from './test-cluster.ts'
import { type ProcessOptions, type Ran, runAlone, SharedProcess } from './test-process.ts'

const timeLimitMs = Number(process.env.TEST_TIME_LIMIT_SECONDS ?? 120) * 1000
/** Files that share a broker take turns, else each would delete the other's streams. */
const filesAtOnce = process.env.TEST_NATS_URL ? 1 : 2
const retriesFailures = process.env.TEST_RETRIES === '1'
/** More failures than these are no stall of the machine. */
const maxRetriedFiles = 5
/** Fewer load faster than they are bundled. */
const minBundledFiles = 12
/** What tests start as processes. */
const programs = ['src/main.ts', 'src/cli/main.ts']
const sharedProgram = 'test/run-files.ts'

interface Result {
  passed: number
  failed: number
  skipped: number
}

const root = fileURLToPath(new URL('..', import.meta.url))
const words = process.argv.slice(2)
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name.replaceAll('\\', '/')}`)
  .filter(
    (name) => name.endsWith('.test.ts') && (words.length === 0 || words.some((word) => name.includes(word))),
  )
  .sort()

const total: Result = { passed: 0, failed: 0, skipped: 0 }
if (files.length === 0) {
  console.log(`No test file has ${words.map((word) => `"${word}"`).join(' or ')} in its path.`)
  total.failed = 1
} else {
  await runAll()
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0

async function runAll(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-run-'))
  const cluster = await openTestCluster()
  try {
    const bundles =
      files.length < minBundledFiles
        ? new Map<string, string>()
        : await bundleTests(root, [...files, ...programs, sharedProgram])
    const options: ProcessOptions = {
      cwd: root,
      timeLimitMs,
      env: {
        ...process.env,
        TEST_DATABASE_URL: cluster.url,
        TEST_TEMPLATE: await makeTemplate(cluster.url),
        TEST_FOLDER: folder,
        NATS_SERVER_BIN: await findTestNatsServer(),
        FORCE_COLOR: '0',
        TEST_PROGRAMS: JSON.stringify(Object.fromEntries(programs.map((name) => [name, bundles.get(name)]))),
      },
    }
    const results = new Map<string, Result>()
    const waiting = [...files]
    const work = async () => {
      const shared = new SharedProcess(bundles.get(sharedProgram) ?? '', options)
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        const name = file
        const bundle = bundles.get(name)
        results.set(name, await runFile(name, () => (bundle ? shared.run(bundle) : runAlone(name, options))))
      }
      const left = await shared.close()
      if (left !== '') {
        console.log(`FAIL  ${left}`)
        total.failed++
      }
    }
    await Promise.all(Array.from({ length: filesAtOnce }, work))
    const failures = files.filter((file) => (results.get(file)?.failed ?? 0) > 0)
    if (retriesFailures && failures.length <= maxRetriedFiles) {
      for (const file of failures) {
        const again = await runFile(file, () => runAlone(file, options))
        results.set(file, again)
        if (again.failed === 0) console.log(`unstable: ${file} failed, and passed when it ran again`)
      }
    }
    for (const { passed, failed, skipped } of results.values()) {
      total.passed += passed
      total.failed += failed
      total.skipped += skipped
    }
  } finally {
    endLeftovers(folder)
    await cluster.close()
    removeBundles(root)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `runs`: in a process of its own, or in a shared one. */
async function runFile(file: string, runs: () => Promise<Ran>): Promise<Result> {
  const startedAt = performance.now()
  const { output, ending } = await runs()
  const { faults, ...result } = judge(output, ending)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : ''
  if (faults.length === 0) {
    console.log(`ok    ${file}  ${result.passed} passed${skipped}  ${seconds} s`)
    for (const line of output.match(/^skipped: .*$/gm) ?? []) console.log(`      ${line}`)
  } else {
    console.log(`FAIL  ${file}  ${faults.join('; ')}  ${seconds} s\n${output.trimEnd()}\n`)
  }
  return result
}

/** What uvu's last lines and the end of the process say together. */
function judge(output: string, ending: string): Result & { faults: string[] } {
  const count = (label: string) =>
    Number([...output.matchAll(new RegExp(`^ *${label}: +(\\d+)$`, 'gm'))].at(-1)?.[1])
  const [all, passed, skipped] = [count('Total'), count('Passed'), count('Skipped')]
  const faults: string[] = []
  const isAllSkipped = all === 0 && skipped !== undefined && skipped > 0
  if (Number.isNaN(all) || (all === 0 && !isAllSkipped)) faults.push('reported no test: is `.run()` missing?')
  else if (passed < all) faults.push(`${all - passed} of ${all} failed`)
  const reasons = output.match(/^skipped: .*$/gm)?.length ?? 0
  if (skipped > reasons)
    faults.push(`${skipped - reasons} left out without a reason: use skipTest, and no .only`)
  if (ending !== '' && (faults.length === 0 || !ending.startsWith('exit code'))) faults.push(ending)
  const failed = (all || 0) - (passed || 0)
  return {
    passed: passed || 0,
    failed: faults.length > 0 ? Math.max(1, failed) : 0,
    skipped: skipped || 0,
    faults,
  }
}

/** Servers of a test file that was killed still stand in its folder (Linux tells). */
function endLeftovers(folder: string): void {
  if (process.platform !== 'linux') return
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`)) process.kill(Number(pid), 'SIGKILL')
    } catch {
      // Gone meanwhile, or of another user.
    }
  }
}
