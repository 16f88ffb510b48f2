/** What strangers do is counted by the network they come from. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { networkOf } from '../../src/identities/network-of.ts'
import { WrongKeyThrottle } from '../../src/identities/wrong-key-throttle.ts'

const test = suite('networks')

test('an IPv4 address stands for itself, of IPv6 the first 64 bits count, in every spelling', () => {
  const cases: [string, string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['not:an:address', 'not:an:address'],
    ['', ''],
  ]
  for (const [address, network] of cases) assert.is(networkOf(address), network, address)
})

test('wrong keys from all addresses of an IPv6 network are counted together, and no other network with them', () => {
  const throttle = new WrongKeyThrottle()
  for (let i = 0; i < 600; i++) throttle.noteWrong(`2001:db8:1:2::${i.toString(16)}`, 0)
  const allowed = Array.from({ length: 30 }, (_, i) => throttle.mayLookUp(`2001:db8:1:2:5::${i}`, 1))
  assert.is(allowed.filter(Boolean).length, 10, 'ten look-ups a second')
  assert.is(throttle.mayLookUp('2001:db8:1:3::1', 1), true)
  assert.is(throttle.mayLookUp('2001:db8:1:2::1', 60_000), true, 'a minute later')
})

test('many networks push out the oldest count, not the latest', () => {
  const throttle = new WrongKeyThrottle()
  const addressOf = (network: number) => `2001:db8:0:${network.toString(16)}::1`
  const mayOftenLookUp = (network: number) =>
    Array.from({ length: 11 }, () => throttle.mayLookUp(addressOf(network), 1)).every(Boolean)
  for (let i = 0; i < 600; i++) throttle.noteWrong(addressOf(0), 0)
  for (let network = 1; network < 10_000; network++) throttle.noteWrong(addressOf(network), 0)
  assert.not(mayOftenLookUp(0), 'ten thousand are kept')
  for (let i = 0; i < 600; i++) throttle.noteWrong(addressOf(10_000), 0)
  assert.ok(mayOftenLookUp(0), 'the oldest has gone')
  assert.not(mayOftenLookUp(10_000))
})

test.run()
