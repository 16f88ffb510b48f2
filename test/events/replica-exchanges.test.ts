/** What replicas tell and ask each other, on a real nats-server. */
import { connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { GrantedLegFacts } from '../../src/calls/granted-leg-facts.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import { type LeaseHolder, openLeaseCallBacks } from '../../src/events/lease-call-backs.ts'
import { startLegFactsExchange } from '../../src/events/leg-facts-exchange.ts'
import type { LeaseOwners } from '../../src/ledger/leases-in-the-way.ts'
import { noLegFacts } from '../calls/a-call-desk.ts'
import { type BrokerDoor, openBrokerDoor, until } from './broker-door.ts'

const test = suite('what replicas tell each other')

let door: BrokerDoor
let brokers: Broker[]
let stranger: NatsConnection

test.before(async () => {
  door = await openBrokerDoor()
  brokers = await Promise.all([1, 2].map(() => openBroker({ url: door.url, reconnectWaitMs: 50 })))
  stranger = await connect({ servers: door.url })
})
test.after(async () => {
  await stranger.close()
  for (const broker of brokers) await broker.close()
  await door.close()
})

const owners: LeaseOwners = { clientIds: ['client-1'], brandIds: ['brand-1'] }

function openTwo(giveBack: LeaseHolder['giveBack']) {
  const [first, second] = brokers.map((broker) => openLeaseCallBacks({ broker }))
  if (!first || !second) throw new Error('two brokers')
  second.answer({ replica: 'second', giveBack })
  const isThere = () =>
    first.ask('second', { clientIds: [], brandIds: [] }).then(
      () => true,
      () => false,
    )
  return {
    first,
    whenThere: () => until('the other replica answers', isThere),
    close: () => {
      first.close()
      second.close()
    },
  }
}

test('a replica is asked to give back, and answers when it has', async () => {
  const asked: LeaseOwners[] = []
  let isBack = false
  const two = openTwo(async (given) => {
    if (given.clientIds.length === 0) return
    asked.push(given)
    await new Promise((resolve) => setImmediate(resolve))
    isBack = true
  })
  await two.whenThere()
  await two.first.ask('second', owners)
  assert.ok(isBack)
  assert.equal(asked, [owners])
  two.close()
})

test('who cannot give back does not answer, and nobody is nobody', async () => {
  const two = openTwo(async (given) => {
    if (given.clientIds.length > 0) throw new Error('PostgreSQL is away')
  })
  await two.whenThere()
  const failed = (replica: string) =>
    two.first.ask(replica, owners).then(
      () => 'answered',
      () => 'not answered',
    )
  assert.equal(await Promise.all([failed('second'), failed('third')]), ['not answered', 'not answered'])
  two.close()
})

test('what is not a call-back is not obeyed, and the next one is', async () => {
  const asked: LeaseOwners[] = []
  const two = openTwo(async (given) => {
    asked.push(given)
  })
  await two.whenThere()
  asked.length = 0
  for (const text of ['', 'null', '{', '[1]', '{"clientIds":7}']) {
    stranger.publish('tollgate.leases.second', Buffer.from(text))
  }
  await stranger.flush()
  await two.first.ask('second', owners)
  // What names nobody gives nothing back.
  assert.equal(
    asked.filter(({ clientIds, brandIds }) => clientIds.length + brandIds.length > 0),
    [owners],
  )
  two.close()
})

test('what was said of a leg at one replica is known at the other', async () => {
  const now = Date.now()
  const [here, there] = [new GrantedLegFacts(() => now), new GrantedLegFacts(() => now)]
  const exchanges = [here, there].map((grantedLegFacts, i) =>
    startLegFactsExchange({ broker: brokers[i] as Broker, grantedLegFacts, replica: `replica-${i}` }),
  )
  const leg = () => ({ clientId: 'client-1', callId: 'one', ...noLegFacts })
  const known = (facts: GrantedLegFacts) => {
    const completed = leg()
    facts.complete(completed)
    return completed
  }
  // A subscription may take a moment.
  await until('the other replica has heard of it', () => {
    here.note('client-1', 'one', { ...noLegFacts, engine: 'sbc1', labels: { trunk: 'north' } }, now + 180_000)
    return known(there).engine === 'sbc1'
  })
  assert.equal(known(there), { ...leg(), engine: 'sbc1', labels: { trunk: 'north' } })
  assert.equal(there.takeNews(1), [])
  for (const exchange of exchanges) exchange.close()
})

test('nothing is told while nobody listens, and a replica that appears is told what is kept', async () => {
  const now = Date.now()
  const [here, there] = [new GrantedLegFacts(() => now), new GrantedLegFacts(() => now)]
  const told: string[] = []
  stranger.subscribe('tollgate.leg-facts.first', {
    callback: (_, message) => {
      told.push(message.string())
    },
  })
  await stranger.flush()
  const first = startLegFactsExchange({
    broker: brokers[0] as Broker,
    grantedLegFacts: here,
    replica: 'first',
  })
  here.note('client-1', 'early', { ...noLegFacts, engine: 'sbc1' }, now + 180_000)
  await until('it has said twice that it is there', () => told.length >= 2)
  assert.equal([...new Set(told)], ['[]'])
  const second = startLegFactsExchange({
    broker: brokers[1] as Broker,
    grantedLegFacts: there,
    replica: 'second',
  })
  await until('the other replica knows it', () => {
    const leg = { clientId: 'client-1', callId: 'early', ...noLegFacts }
    there.complete(leg)
    return leg.engine === 'sbc1'
  })
  first.close()
  second.close()
})

test.run()
