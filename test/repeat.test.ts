import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLog } from '../src/logging/log.ts'
import { repeat } from '../src/repeat.ts'
import { until } from './until.ts'

const test = suite('repeat')

test('a tick that fails again and again is told once, and once when it works again', async () => {
  const lines: { event: string; tick?: string; count?: number }[] = []
  const write = (fields: object) => void lines.push(fields as (typeof lines)[number])
  let tries = 0
  const ticks = repeat(
    'meter_calls',
    { log: { info: write, warn: write, error: write }, everyMs: 1 },
    async () => {
      tries += 1
      if (tries <= 20) throw new Error('connect ECONNREFUSED')
      return 0
    },
  )
  await until('it works again', () => tries > 20)
  await ticks.close()
  assert.equal(
    lines.map(({ event, tick, count }) => [event, tick, count]),
    [
      ['tick_failed', 'meter_calls', 1],
      ['tick_failed_over', 'meter_calls', 20],
    ],
  )
})

test('work that has more to do runs again at once', async () => {
  const left = [3, 2, 1, 0]
  const ticks = repeat('expire_calls', { log: silentLog, everyMs: 60_000 }, async () => left.shift() ?? 0)
  await until('all is done', () => left.length === 0)
  await ticks.close()
})

test.run()
