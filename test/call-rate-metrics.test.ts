/** Metrics of what happens with every call show what prom-client's own would. */
import { Counter, Histogram, Registry } from 'prom-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { RowCounter, RowHistogram } from '../src/call-rate-metrics.ts'

const test = suite('call-rate metrics')

test('a histogram of rows is shown as prom-client shows its own', async () => {
  const described = { name: 'took_seconds', help: 'Time.', buckets: [0.001, 0.01, 1] }
  const [ours, theirs] = [new Registry(), new Registry()]
  const labelNames = ['transport', 'path'] as const
  const rows = new RowHistogram({ ...described, labelNames, registers: [ours] })
  const own = new Histogram({ ...described, labelNames, registers: [theirs] })
  const seen: [number, string, string][] = [
    [0.0004, 'nats', 'lease'],
    [0.001, 'nats', 'lease'],
    [0.5, 'http', 'memory'],
    [7, 'nats', 'lease'],
    [0.02, 'nats', 'memory'],
  ]
  for (const [value, transport, path] of seen) {
    rows.observe(value, transport, path)
    own.observe({ transport, path }, value)
  }
  assert.equal(linesOf(await ours.metrics()), linesOf(await theirs.metrics()))
  assert.match(await ours.metrics(), 'took_seconds_bucket{transport="nats",path="lease",le="0.001"} 2')
})

test('a counter of rows, too', async () => {
  const described = { name: 'asked_total', help: 'Asked.' }
  const [ours, theirs] = [new Registry(), new Registry()]
  const labelNames = ['outcome', 'reason', 'path'] as const
  const rows = new RowCounter({ ...described, labelNames, registers: [ours] })
  const own = new Counter({ ...described, labelNames, registers: [theirs] })
  for (const [outcome, reason, path] of [
    ['granted', '', 'lease'],
    ['denied', 'unknown_client', 'memory'],
    ['granted', '', 'lease'],
  ] as const) {
    rows.inc(outcome, reason, path)
    own.inc({ outcome, reason, path })
  }
  // Shown twice: what is shown is not counted again.
  await ours.metrics()
  assert.equal(linesOf(await ours.metrics()), linesOf(await theirs.metrics()))
  assert.match(await ours.metrics(), 'asked_total{outcome="granted",reason="",path="lease"} 2')
})

/** The order of labels in a line says nothing. */
function linesOf(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').sort().join()}}`))
    .sort()
}

test.run()
