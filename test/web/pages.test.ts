/**
 * What is served as pages: how large, under which policy, and what is not there.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildPages, pagesFolder } from '../../web/build.ts'
import { openTestApi, type TestApi, testSettings } from '../api/test-api.ts'

const test = suite('pages of the service')
let api: TestApi

test.before(async () => {
  await buildPages({ always: false })
  api = await openTestApi({ settings: { ...testSettings, pagesDir: pagesFolder } })
})
test.after(() => api.close())

const get = (url: string, headers: Record<string, string> = {}) =>
  api.app.inject({ method: 'GET', url, headers })

test('pages that are built from these sources are not built again', async () => {
  assert.is(await buildPages({ always: false }), 'kept')
})

test('everything together is at most 200 KB packed', () => {
  const assets = readdirSync(join(pagesFolder, 'assets')).filter((name) => /\.(js|css|svg)$/.test(name))
  assert.ok(assets.length > 5)
  const bytes = assets.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(pagesFolder, 'assets', name))).length,
    0,
  )
  assert.ok(bytes <= 200 * 1024, `${bytes} bytes`)
})

test('a page lets nothing in from elsewhere and nothing inline, and no frame around it', async () => {
  for (const path of ['/portal', '/portal/calls/one', '/console', '/console/anything']) {
    const { statusCode, headers, body } = await get(path)
    assert.is(statusCode, 200, path)
    const policy = String(headers['content-security-policy'])
    assert.match(
      policy,
      /default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'/,
    )
    assert.not.match(policy, /unsafe|https?:|\*|data:/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.is(headers['referrer-policy'], 'same-origin')
    assert.is(headers['cache-control'], 'no-cache')
    assert.not.match(body, /<script>|<style>|style=|\son\w+=|https?:\/\//)
  }
})

test('assets are packed and kept by browsers for good', async () => {
  const [path] = /\/assets\/[\w-]+\.js/.exec((await get('/portal')).body) ?? []
  const { statusCode, headers } = await get(path ?? '', { 'accept-encoding': 'br, gzip' })
  assert.equal([statusCode, headers['content-encoding']], [200, 'br'])
  assert.is(headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.is((await get('/assets/../portal.html')).statusCode, 404)
  assert.is((await get('/assets/none.js')).statusCode, 404)
})

test('the bare address leads to the portal', async () => {
  const { statusCode, headers } = await get('/')
  assert.equal([statusCode, headers.location], [302, '/portal'])
})

test('without pages there are none', async () => {
  const without = await openTestApi()
  try {
    for (const url of ['/', '/portal', '/console', '/assets/portal.js']) {
      assert.is((await without.app.inject({ method: 'GET', url })).statusCode, 404, url)
    }
  } finally {
    await without.close()
  }
})

test.run()
