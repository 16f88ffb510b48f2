import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkHost, checkName, NotReachable } from '../../src/webhooks/guarded-agent.ts'
import { isReachableAddress } from '../../src/webhooks/reachable-address.ts'
import { nextAttemptAt } from '../../src/webhooks/retry-schedule.ts'

const test = suite('webhooks: addresses and retries')

for (const address of [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'ff02::1',
  'example.com',
  '',
]) {
  test(`${address || 'nothing'} cannot be reached by everybody`, () =>
    assert.is(isReachableAddress(address), false))
}

for (const address of [
  '1.1.1.1',
  '100.63.255.255',
  '172.32.0.1',
  '192.0.1.1',
  '193.0.0.1',
  '223.255.255.255',
  '2606:4700::1111',
  '2a00::1',
  '::ffff:1.1.1.1',
  '64:ff9b::1.1.1.1',
]) {
  test(`${address} can`, () => assert.is(isReachableAddress(address), true))
}

for (const url of [
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://017700000001/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'https://10.0.0.17:8443/x',
]) {
  test(`${url} is refused, in whatever spelling`, () => {
    assert.throws(
      () => checkHost(new URL(url), new Set()),
      (error: unknown) => error instanceof NotReachable,
    )
  })
}

test('a host or an address that is named may be reached', () => {
  checkHost(new URL('https://10.0.0.17/'), new Set(['10.0.0.17']))
  checkHost(new URL('https://[::1]/'), new Set(['::1']))
  assert.throws(() => checkHost(new URL('https://10.0.0.18/'), new Set(['10.0.0.17'])))
})

test('a name that means such an address is refused', async () => {
  const error = await checkName(new URL('http://localhost/'), new Set()).catch((caught) => caught)
  assert.instance(error, NotReachable)
  await checkName(new URL('http://LOCALHOST/'), new Set(['localhost']))
})

test('the schedule: 5 s, 30 s, 2 min, 10 min, 1 h, 3 h, 6 h, then every 12 h, for three days', () => {
  const start = 1_768_384_800_000
  const waits: number[] = []
  let now = start
  for (let attempts = 1; ; attempts++) {
    const next = nextAttemptAt({ attempts, triesSince: start }, now, 0)
    if (next === null) break
    waits.push((next - now) / 1000)
    now = next
  }
  assert.equal(waits, [5, 30, 120, 600, 3600, 10_800, 21_600, 43_200, 43_200, 43_200, 43_200, 43_200])
  assert.ok(now - start <= 3 * 86_400_000)
  assert.is(nextAttemptAt({ attempts: 1, triesSince: start }, start, 1), start + 5500)
})

test.run()
