import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readClaims, TrustedIssuers } from '../../src/identities/trusted-issuers.ts'

const test = suite('TrustedIssuers')
const brandId = '01946000-0000-7000-8000-00000000000b'
const clientId = '01946000-0000-7000-8000-000000000001'
const issuer = 'https://id.example.com'
const [roles, brands, shortLived] = [
  'https://roles.example.com',
  'https://b.example.com',
  'https://s.example.com',
]
const noLimits = { roles: null, brands: null, maxTokenSeconds: null }
const now = Date.now()

const trusted = await generateKeyPair('ES256')
const stranger = await generateKeyPair('ES256')
let server: Server
let fetches = 0
let issuers: TrustedIssuers

test.before(async () => {
  const key = { ...(await exportJWK(trusted.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }
  server = createServer((request, response) => {
    fetches++
    if (request.url === '/moved') return response.writeHead(302, { location: '/jwks' }).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [key] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const at = `http://127.0.0.1:${port}`
  issuers = new TrustedIssuers([
    { issuer, jwksUrl: `${at}/jwks`, ...noLimits },
    { issuer: 'https://moved.example.com', jwksUrl: `${at}/moved`, ...noLimits },
    { issuer: 'https://gone.example.com', jwksUrl: 'http://127.0.0.1:9/jwks', ...noLimits },
    { issuer: roles, jwksUrl: `${at}/jwks`, ...noLimits, roles: ['brand', 'engine'] },
    { issuer: brands, jwksUrl: `${at}/jwks`, ...noLimits, brands: [brandId] },
    { issuer: shortLived, jwksUrl: `${at}/jwks`, ...noLimits, maxTokenSeconds: 60 },
  ])
})
test.after(() => {
  server.close()
})

function tokenOf(claims: JWTPayload, key = trusted.privateKey, kid = 'one'): Promise<string> {
  const whole = { iss: issuer, aud: 'tollgate', sub: 'ana', exp: Math.floor(now / 1000) + 60, ...claims }
  return new SignJWT(whole).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
}
const recognize = async (claims: JWTPayload, key?: typeof trusted.privateKey, kid?: string) =>
  issuers.recognize(await tokenOf(claims, key, kid), now)

test('a token of the issuer has the role, brand, client and scopes that it claims', async () => {
  assert.equal(await recognize({ role: 'client', brandId, clientId, scopes: ['calls:read'] }), {
    role: 'client',
    brandId,
    clientId,
    keyId: null,
    expiresAt: null,
    countedAs: 'https://id.example.com ana',
    actor: 'token:ana (https://id.example.com)',
    scopes: ['calls:read'],
    rights: null,
    session: null,
  })
  assert.equal((await recognize({ role: 'brand', brandId, scope: 'calls:read clients:read' }))?.scopes, [
    'calls:read',
    'clients:read',
  ])
  assert.is((await recognize({ role: 'platform' }))?.brandId, null)
})

test('claims that do not go together are nobody', async () => {
  for (const claims of [
    {},
    { role: 'king' },
    { role: 'brand' },
    { role: 'finance', brandId: 'x' },
    { role: 'platform', brandId },
    { role: 'brand', brandId, clientId },
    { role: 'client', brandId },
    { role: 'client', clientId },
    { role: 'brand', brandId, scopes: [1] },
    { role: 'brand', brandId, scopes: 'calls:read' },
  ] as JWTPayload[]) {
    assert.is(await recognize(claims), undefined, JSON.stringify(claims))
  }
})

test('a subject that no log or database could hold as it is, is nobody', async () => {
  for (const sub of ['a\u0000b', 'a\nb', 'a\ud800']) {
    const claims = { sub, role: 'brand', brandId: '01946000-0000-7000-8000-000000000002' }
    assert.is(readClaims(claims, 'https://id.example.com'), undefined)
    assert.ok(readClaims({ ...claims, sub: 'Ana Ñ 🙂' }, 'https://id.example.com'))
  }
})

test('another key, issuer or audience, and a token over its time, are nobody', async () => {
  const good = { role: 'platform' }
  assert.is(await recognize(good, stranger.privateKey), undefined)
  assert.is(await recognize(good, stranger.privateKey, 'unknown'), undefined)
  assert.is(await recognize({ ...good, iss: 'https://evil.example.com' }), undefined)
  assert.is(await recognize({ ...good, aud: 'another service' }), undefined)
  assert.is(await recognize({ ...good, exp: Math.floor(now / 1000) - 60 }), undefined)
  assert.is(await recognize({ ...good, nbf: Math.floor(now / 1000) + 60 }), undefined)
  for (const missing of ['exp', 'sub', 'aud']) {
    const claims: JWTPayload = { ...good, [missing]: undefined }
    assert.is(await recognize(claims), undefined, missing)
  }
})

test('a public key is never taken for a secret', async () => {
  const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(trusted.publicKey)))
  const token = await new SignJWT({
    role: 'platform',
    iss: issuer,
    aud: 'tollgate',
    sub: 'x',
    exp: 9_999_999_999,
  })
    .setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .sign(secret)
  assert.is(await issuers.recognize(token, now), undefined)
})

test('the keys are fetched once, and not again for each unknown key id', async () => {
  const before = fetches
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => recognize({ role: 'platform' }, undefined, `kid ${i}`)),
  )
  assert.ok(fetches - before <= 1, `${fetches - before} fetches`)
})

test('an issuer vouches for the roles and brands that the operator named, and for no others', async () => {
  const otherBrand = '01946000-0000-7000-8000-00000000000c'
  const cases: [JWTPayload, boolean][] = [
    [{ iss: roles, role: 'brand', brandId }, true],
    [{ iss: roles, role: 'engine' }, true],
    [{ iss: roles, role: 'platform' }, false],
    [{ iss: roles, role: 'client', brandId, clientId }, false],
    [{ iss: brands, role: 'brand', brandId: brandId.toUpperCase() }, true],
    [{ iss: brands, role: 'client', brandId, clientId }, true],
    [{ iss: brands, role: 'brand', brandId: otherBrand }, false],
    [{ iss: brands, role: 'platform' }, false],
    [{ iss: brands, role: 'engine' }, false],
  ]
  for (const [claims, isGood] of cases) {
    assert.is((await recognize(claims)) !== undefined, isGood, JSON.stringify(claims))
  }
})

test('a token that lives longer than its issuer may give, or does not say since when, is nobody', async () => {
  const second = Math.floor(now / 1000)
  const cases: [JWTPayload, boolean][] = [
    [{ iat: second, exp: second + 60 }, true],
    [{ iat: second - 30, exp: second + 30 }, true],
    [{ iat: second, exp: second + 61 }, false],
    [{ iat: second - 90, exp: second + 30 }, false],
    [{ iat: second + 30, exp: second + 60 }, false],
    [{ exp: second + 30 }, false],
  ]
  for (const [claims, isGood] of cases) {
    const found = await recognize({ iss: shortLived, role: 'platform', ...claims })
    assert.is(found !== undefined, isGood, JSON.stringify(claims))
  }
})

test('a redirect is not followed, and keys that cannot be had are our failure, not a wrong token', async () => {
  for (const iss of ['https://moved.example.com', 'https://gone.example.com']) {
    let code = ''
    await recognize({ role: 'platform', iss }).catch((error) => {
      code = error.code
    })
    assert.is(code, 'service_unavailable', iss)
  }
})

test.run()
