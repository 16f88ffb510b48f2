import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { connect } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeOldFiles, makeDataFolder } from '../../src/embedded/data-folder.ts'
import { natsOptions } from '../../src/events/nats-url.ts'
import { openLog } from '../../src/logging/open-log.ts'
import { loadConfig } from '../../src/process/config.ts'
import { startService } from '../../src/service.ts'
import { findTestNatsServer, testFolder } from '../servers.ts'

const test = suite('the data folder')
/** What an owner with an open hand has set. */
const mask = process.umask(0)
test.after(() => {
  process.umask(mask)
})

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

/** What others may look into, below a folder; links are no files. */
function openTo(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => !lstatSync(path).isSymbolicLink() && (lstatSync(path).mode & 0o077) !== 0)
    .map((path) => `${relative(folder, path)} ${modeOf(path)}`)
}

test('a new folder is its owner’s alone, with the folders above it that are made', () => {
  const above = join(testFolder(), 'above')
  assert.is(makeDataFolder(join(above, 'data')), join(above, 'data'))
  assert.equal([modeOf(above), modeOf(join(above, 'data'))], ['700', '700'])
})

test('a folder that is there is closed, with what is ours in it and nothing else', () => {
  const folder = mkdtempSync(join(testFolder(), 'old-'))
  mkdirSync(join(folder, 'nats/jetstream'), { recursive: true })
  mkdirSync(join(folder, 'mine'))
  for (const name of [
    'nats/jetstream/1.blk',
    'nats.log',
    'postgres.log.1',
    'blind-calls.ndjson',
    'mine/notes',
  ]) {
    writeFileSync(join(folder, name), '', { mode: 0o644 })
  }
  const elsewhere = join(testFolder(), 'elsewhere')
  writeFileSync(elsewhere, '', { mode: 0o644 })
  symlinkSync(elsewhere, join(folder, 'nats/link'))
  chmodSync(folder, 0o755)
  closeOldFiles(makeDataFolder(folder))
  assert.is(modeOf(folder), '700')
  assert.equal(openTo(folder), ['mine 777', 'mine/notes 644'])
  assert.is(modeOf(elsewhere), '644')
  assert.is(modeOf(join(folder, 'nats/jetstream')), '700')
})

test('a folder that all share stays open to all', () => {
  const shared = mkdtempSync(join(testFolder(), 'shared-'))
  chmodSync(shared, 0o1777)
  makeDataFolder(shared)
  assert.is(modeOf(shared), '1777')
})

test('what the service writes is its own, whatever the mask and however open the folder was', async () => {
  const dataDir = mkdtempSync(join(testFolder(), 'service-'))
  chmodSync(dataDir, 0o755)
  const config = loadConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'silent',
    NATS_SERVER_BIN: await findTestNatsServer(),
    BOOTSTRAP_API_KEY: 'a-key-of-the-tests',
  })
  const service = startService(config, openLog(config.logLevel))
  try {
    const { url, natsUrl } = await service.ready
    const headers = { authorization: 'Bearer a-key-of-the-tests', 'content-type': 'application/json' }
    const post = async (path: string, body: unknown, type = 'application/json') => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const answer = await fetch(`${url}/v1${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body: text,
      })
      assert.ok(answer.status < 300, `${path} ${answer.status}`)
      return answer.json() as Promise<{ id: string }>
    }
    const brand = await post('/brands', { name: 'Telco', currency: 'EUR', timeZone: 'Europe/Madrid' })
    const deck = await post('/rate-decks', { brandId: brand.id, name: 'Deck', currency: 'EUR' })
    const sent = await post(`/rate-decks/${deck.id}/imports`, 'prefix,rate\nx,y\n', 'text/csv')
    const faults = join(dataDir, 'imports', 'faults', brand.id, `${sent.id}.errors.csv`)
    const deadline = Date.now() + 30_000
    while (!statSync(faults, { throwIfNoEntry: false })?.size && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const broker = await connect(natsOptions(natsUrl))
    await broker.jetstream().publish('calls.end', 'no event')
    await broker.close()
    assert.is(modeOf(dataDir), '700')
    assert.is(modeOf(faults), '600')
    assert.equal(
      openTo(dataDir).filter((line) => !line.startsWith('bin')),
      [],
    )
    const names = readdirSync(dataDir)
    for (const name of ['nats', 'nats.log', 'nats.owner', 'postgres', 'postgres.log', 'postgres-password']) {
      assert.ok(names.includes(name), name)
    }
  } finally {
    await service.close()
  }
})

test.run()
