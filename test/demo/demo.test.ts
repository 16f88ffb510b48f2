/**
 * The whole demo with few calls, as `npm run demo -- --once` runs it.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findTestNatsServer, testFolder } from '../servers.ts'

const test = suite('npm run demo')
const root = fileURLToPath(new URL('../..', import.meta.url))

async function runDemo(args: string[], dataDir: string): Promise<{ code: number | null; output: string }> {
  const environment: NodeJS.ProcessEnv = { ...process.env }
  for (const name of ['DATABASE_URL', 'NATS_URL', 'SMTP_URL', 'BOOTSTRAP_API_KEY']) delete environment[name]
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts', ...args], {
    cwd: root,
    env: {
      ...environment,
      PORT: '0',
      DATA_DIR: dataDir,
      NATS_SERVER_BIN: await findTestNatsServer(),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, output }
}

test('it imports the world, plays calls, adds everything up and ends with 0', async () => {
  const { code, output } = await runDemo(['--once', '--calls', '150'], join(testFolder(), 'demo'))
  assert.is(code, 0, output)
  assert.match(output, /Import EUR {2}29\d \d{3} rows added/)
  assert.match(output, /150 asked for/)
  assert.match(output, /Bundles +Portugal and France 300 for \d clients/)
  assert.is(output.match(/✓/g)?.length, 6, output)
  assert.not.match(output, /✗/)
})

test('a number of calls that is none is refused with a sentence', async () => {
  const { code, output } = await runDemo(['--calls', 'many'], join(testFolder(), 'demo'))
  assert.is(code, 1)
  assert.match(output, /whole number/)
})

test.run()
