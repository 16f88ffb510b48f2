import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { delimiter, join, relative } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findNatsServer } from '../../src/embedded/find-nats-server.ts'
import { installFromRelease } from '../../src/embedded/install-nats-from-release.ts'
import { testFolder } from '../servers.ts'

const test = suite('findNatsServer')

/** A program that answers as nats-server does when asked for its version. */
const program = '#!/bin/sh\necho "nats-server: v9.9.9"\n'
const newFolder = () => mkdtempSync(join(testFolder(), 'bin-'))
const nowhere = ['no-such-nats-server', '/nowhere/nats-server']

async function refusal(options: Parameters<typeof findNatsServer>[0]): Promise<string> {
  return findNatsServer(options).then(
    (found) => `found ${found}`,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

test('the one the operator names comes first', async () => {
  const bin = join(newFolder(), 'my-nats')
  writeFileSync(bin, program, { mode: 0o755 })
  assert.is(await findNatsServer({ bin, cacheDir: newFolder() }), bin)
})

test('a name is looked up on PATH, a path is made whole: the server starts in another folder', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'nats-of-path'), program, { mode: 0o755 })
  const before = process.env.PATH
  process.env.PATH = `${folder}${delimiter}${before}`
  try {
    assert.is(await findNatsServer({ bin: 'nats-of-path', cacheDir: newFolder() }), 'nats-of-path')
  } finally {
    process.env.PATH = before
  }
  const bin = relative('.', join(folder, 'nats-of-path'))
  assert.is(await findNatsServer({ bin, cacheDir: newFolder() }), join(folder, 'nats-of-path'))
})

test('one that is named and missing is refused, not replaced', async () => {
  assert.is(
    await refusal({ bin: '/nowhere/nats-server', cacheDir: newFolder() }),
    'NATS_SERVER_BIN is "/nowhere/nats-server", which does not run (not there): name a nats-server program, or leave it out.',
  )
})

test('a program of another kind is not taken for a nats-server', async () => {
  assert.match(await refusal({ bin: process.execPath, cacheDir: newFolder() }), /says "v\d+/)
})

test('an installed one comes before the cached one, the cached one before a fetched one', async () => {
  const [system, cacheDir] = [newFolder(), newFolder()]
  const installed = [...nowhere, join(system, 'nats-server')]
  const sources = [{ name: 'never', install: () => Promise.reject(new Error('asked')) }]
  writeFileSync(join(cacheDir, 'nats-server'), program, { mode: 0o755 })
  assert.is(await findNatsServer({ cacheDir, installed, sources }), join(cacheDir, 'nats-server'))
  writeFileSync(join(system, 'nats-server'), program, { mode: 0o755 })
  assert.is(await findNatsServer({ cacheDir, installed, sources }), join(system, 'nats-server'))
})

test('the first source that can gives one, which the next start finds', async () => {
  const cacheDir = newFolder()
  const sources = [
    { name: 'empty', install: () => Promise.reject(new Error('nothing here')) },
    { name: 'full', install: async (target: string) => writeFileSync(target, program, { mode: 0o755 }) },
  ]
  assert.is(await findNatsServer({ cacheDir, installed: nowhere, sources }), join(cacheDir, 'nats-server'))
  assert.is(
    await findNatsServer({ cacheDir, installed: nowhere, sources: [] }),
    join(cacheDir, 'nats-server'),
  )
})

test('without any, one sentence says what was tried and what to do', async () => {
  const cacheDir = newFolder()
  const sources = [{ name: 'the moon', install: () => Promise.reject(new Error('too far')) }]
  assert.is(
    await refusal({ cacheDir, installed: nowhere, sources }),
    `No nats-server was found (no-such-nats-server: not there; /nowhere/nats-server: not there; ${cacheDir}/nats-server: not there; the moon: too far): install one ("apt-get install nats-server", "brew install nats-server" or from github.com/nats-io/nats-server/releases), name it in NATS_SERVER_BIN, or set NATS_URL to a running one.`,
  )
})

/** A release archive as the project makes them, served on loopback. */
async function serveArchive() {
  const folder = newFolder()
  mkdirSync(join(folder, 'nats-server-v9.9.9-linux-amd64'))
  writeFileSync(join(folder, 'nats-server-v9.9.9-linux-amd64/nats-server'), program, { mode: 0o755 })
  execFileSync('tar', ['-czf', 'archive.tar.gz', 'nats-server-v9.9.9-linux-amd64'], { cwd: folder })
  const bytes = readFileSync(join(folder, 'archive.tar.gz'))
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/archive.tar.gz' ? 200 : 404
    response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const close = () => server.close()
  return { base: `http://127.0.0.1:${port}`, sha256: createHash('sha256').update(bytes).digest('hex'), close }
}

test('a release archive with the right sum is unpacked', async () => {
  const { base, sha256, close } = await serveArchive()
  const target = join(newFolder(), 'nats-server')
  await installFromRelease(target, { url: `${base}/archive.tar.gz`, sha256 })
  assert.is(execFileSync(target, ['--version'], { encoding: 'utf8' }), 'nats-server: v9.9.9\n')
  close()
})

test('a release archive with another sum is not unpacked', async () => {
  const { base, close } = await serveArchive()
  const folder = newFolder()
  const archive = { url: `${base}/archive.tar.gz`, sha256: '0'.repeat(64) }
  const words = await installFromRelease(join(folder, 'nats-server'), archive).then(String, String)
  assert.match(words, /is not the file it should be \(SHA-256 [0-9a-f]{64}\)/)
  assert.equal(readdirSync(folder), [])
  close()
})

test('an archive that is not there is named', async () => {
  const { base, sha256, close } = await serveArchive()
  const target = join(newFolder(), 'nats-server')
  const words = await installFromRelease(target, { url: `${base}/other.tar.gz`, sha256 }).then(String, String)
  assert.match(words, /other\.tar\.gz answers 404/)
  assert.not.ok(existsSync(target))
  close()
})

test.run()
