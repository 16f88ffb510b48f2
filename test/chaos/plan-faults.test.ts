import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { failPoints } from '../../src/fail-points.ts'
import { planBatch } from './plan-calls.ts'
import { listFailPoints, planFaults } from './plan-faults.ts'

const plans = suite('plans of chaos')
const wanted = { random: 100, points: 107, failOverBehind: 138 }

plans('the same seed is the same plan, another one is another', () => {
  assert.equal(planFaults(7, wanted), planFaults(7, wanted))
  assert.not.equal(planFaults(7, wanted), planFaults(8, wanted))
})

plans(
  'each point of a batch is passed with ordered and shuffled events in three rounds, each other point once',
  () => {
    const count = (name: string, shape: string) =>
      listFailPoints().filter(
        (one) => one.shape === shape && one.failPoint.split(',').at(-1)?.split(':')[0] === name,
      ).length
    assert.is(listFailPoints().length, 107)
    assert.equal([count('commit_sent', 'ordered'), count('commit_sent', 'shuffled')], [3, 3])
    for (const name of failPoints) assert.ok(count(name, 'ordered') > 0, name)
    assert.equal([count('inv_mailed', 'ordered'), count('inv_mailed', 'shuffled')], [1, 0])
  },
)

plans('of a hundred faults each kind has its share, and the standby is promoted once', () => {
  const kinds = planFaults(7, wanted).map(({ kind }) => kind)
  const count = (kind: string) => kinds.filter((one) => one === kind).length
  assert.equal(
    ['kill replica', 'kill nats-server', 'cut a commit', 'fill disks of NATS', 'fail point', 'fail over'].map(
      count,
    ),
    [30, 15, 6, 3, 107, 1],
  )
  assert.is(kinds[138], 'fail over')
})

plans('a shuffled batch has repeats, a contradicting end and a text that is no event', () => {
  const of = (shape: 'ordered' | 'shuffled') => planBatch('a', { shape, calls: 12, clients: 5 })
  const { calls, sent } = of('shuffled')
  const events = calls.flatMap((call) => call.events)
  assert.is(events.length, 26)
  assert.ok(sent.length > events.length)
  assert.is(sent.filter(({ event }) => event.isPoison).length, 1)
  assert.is(
    calls.filter(({ events: own }) => own.some(({ seconds }) => seconds !== own[0]?.seconds)).length,
    1,
  )
  assert.equal(
    of('ordered').sent.map(({ event }) => event.kind),
    Array.from({ length: 24 }, (_, n) => (n % 2 === 0 ? 'start' : 'end')),
  )
})

plans.run()
