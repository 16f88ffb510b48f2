import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { routingFacts } from '../../src/calls/authorize/routing-facts.ts'
import type { ApplicationServer, Client } from '../../src/limits/client.ts'
import { aClient } from '../limits/a-client.ts'

const test = suite('routingFacts')

const serversOf = (...names: string[]): ApplicationServer[] =>
  names.map((name) => ({ id: `server-${name}`, name, address: `${name}.example.com` }))

const relays = { id: 'set', name: 'Madrid', relays: [{ name: 'one', address: '192.0.2.10' }] }
const configured = (applicationServers: readonly ApplicationServer[]) => ({
  applicationServers,
  findMediaRelaySet: (id: string) => (id === 'set' ? relays : undefined),
})
const facts = (client: Partial<Client>, servers: readonly ApplicationServer[] = []) =>
  routingFacts(aClient(client), configured(servers))

test('DDI as E.164, relay set with its relays, null where nothing is set', () => {
  assert.equal(facts({ outgoingDdi: '34911000111', mediaRelaySetId: 'set' }), {
    outgoingDdi: '+34911000111',
    mediaRelaySet: relays,
    applicationServer: null,
    recording: { onDemand: 'off', serviceCode: null, clientMayRemove: true },
  })
  assert.is(facts({ mediaRelaySetId: 'deleted' }).mediaRelaySet, null)
})

test('recording settings count with the recordings feature alone', () => {
  const recording = { onDemand: 'serviceCode', serviceCode: '95', clientMayRemove: false } as const
  assert.equal(facts({ recording, features: new Set(['recordings'] as const) }).recording, recording)
  assert.equal(facts({ recording }).recording, { onDemand: 'off', serviceCode: null, clientMayRemove: true })
})

test('static: the server chosen', () => {
  const client = { distributeMethod: 'static', applicationServerId: 'server-b' } as const
  assert.is(facts(client, serversOf('a', 'b', 'c')).applicationServer?.name, 'b')
  assert.is(facts({ ...client, applicationServerId: null }, serversOf('a')).applicationServer, null)
})

test('roundRobin: each client takes the servers in turn, all equally often', () => {
  const servers = serversOf('a', 'b', 'c')
  const client = { id: 'turning', distributeMethod: 'roundRobin' } as const
  const chosen = Array.from({ length: 300 }, () => facts(client, servers).applicationServer?.name)
  assert.equal(chosen.slice(0, 4), ['a', 'b', 'c', 'a'])
  for (const name of ['a', 'b', 'c']) assert.is(chosen.filter((one) => one === name).length, 100)
})

test('hash: the same client gets the same server, and clients are spread', () => {
  const servers = serversOf('a', 'b', 'c', 'd')
  const ids = Array.from({ length: 1000 }, (_, i) => `client ${i}`)
  const chosen = ids.map((id) => facts({ id }, servers).applicationServer?.name)
  assert.equal(
    chosen,
    ids.map((id) => facts({ id }, serversOf('a', 'b', 'c', 'd')).applicationServer?.name),
  )
  for (const name of ['a', 'b', 'c', 'd']) {
    const share = chosen.filter((one) => one === name).length
    assert.ok(share > 200 && share < 300, `${name}: ${share} of 1000`)
  }
})

test('hash: a server that is added moves only the clients it takes, a fifth of them', () => {
  const four = serversOf('a', 'b', 'c', 'd')
  const five = serversOf('a', 'b', 'c', 'd', 'e')
  let moved = 0
  for (let i = 0; i < 1000; i++) {
    const before = facts({ id: `client ${i}` }, four).applicationServer?.name
    const after = facts({ id: `client ${i}` }, five).applicationServer?.name
    if (before === after) continue
    moved++
    assert.is(after, 'e')
  }
  assert.ok(moved > 140 && moved < 260, `${moved} of 1000 moved`)
})

test.run()
