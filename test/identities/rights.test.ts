import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { access, listRights } from '../../src/api/access.ts'
import { lockedUntil } from '../../src/identities/login-lock.ts'
import { hashPassword, isPassword } from '../../src/identities/password.ts'
import { hasRight, toScope } from '../../src/identities/rights.ts'

const test = suite('rights')

const rightText = (line: string) => {
  const right = access.get(line)?.right
  return right && `${right.resource} ${right.letter} ${toScope(right)}`
}

for (const [line, expected] of [
  ['GET /v1/clients', 'clients r clients:read'],
  ['POST /v1/clients', 'clients c clients:write'],
  ['PATCH /v1/clients/:id', 'clients u clients:write'],
  ['DELETE /v1/clients/:id', 'clients d clients:write'],
  ['GET /v1/clients/:clientId/balance', 'balance r balance:read'],
  ['POST /v1/clients/:clientId/balance-movements', 'balance-movements c balance-movements:write'],
  ['GET /v1/clients/:clientId/calls', 'calls r calls:read'],
  ['POST /v1/calls/:clientId/:callId/waive', 'calls u calls:write'],
  ['PUT /v1/rate-decks/:id/rates', 'rates u rates:write'],
  ['POST /v1/invoices/:id/issue', 'invoices u invoices:write'],
  ['GET /v1/invoices/:id.pdf', 'invoices r invoices:read'],
  ['POST /v1/price-simulations', 'price-simulations r price-simulations:read'],
  ['PUT /v1/sessions/password', 'sessions u sessions:write'],
  ['GET /v1/reports/calls.csv', 'reports r reports:read'],
  ['GET /v1/nothing', undefined],
] as const) {
  test(`${line} takes ${expected ?? 'a right that nobody has'}`, () => assert.is(rightText(line), expected))
}

test('a name that every object has is no right', () => {
  for (const resource of ['constructor', '__proto__', 'toString']) {
    assert.is(hasRight({}, { resource, letter: 'r' }), false)
  }
})

test('a resource is what its routes name', () => {
  for (const [line, { right }] of access) {
    // Admins of a brand have another scope than those of its clients.
    const named = right.resource === 'brand-admins' ? 'brands admins' : right.resource
    const words = line.split(/[/.]/)
    assert.ok(
      named.split(' ').every((word) => words.includes(word)),
      `${line} is of ${right.resource}`,
    )
  }
})

test('an admin can be given what a client’s users can do, and nothing of operators', () => {
  const rights = listRights('client')
  assert.is(rights.get('calls'), 'r')
  assert.is(rights.get('admins'), 'crud')
  for (const resource of ['rate-decks', 'api-keys', 'audit-log', 'sessions'] as const) {
    assert.is(rights.get(resource), undefined)
  }
})

test('four wrong passwords are free, then a lock doubles from half a minute to an hour', () => {
  const seconds = [1, 4, 5, 6, 7, 11, 12, 1000].map((failures) => {
    const until = lockedUntil(failures, { free: 4, now: 0 })
    return until === null ? null : until / 1000
  })
  assert.equal(seconds, [null, null, 30, 60, 120, 1920, 3600, 3600])
})

test('a password that two keyboards write differently is one, and no password opens an admin without one', async () => {
  const asker = { from: '192.0.2.1', account: 'ana' }
  const stored = await hashPassword('contrase\u00f1a segura', asker)
  assert.is(await isPassword('contrasen\u0303a segura', stored, asker), true)
  assert.is(await isPassword('contrasena segura', stored, asker), false)
  assert.is(await isPassword('', null, asker), false)
})

test.run()
