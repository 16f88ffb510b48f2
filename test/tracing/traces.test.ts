/** One trace from an authorization or an event to the facts that follow, as a collector and a reader of facts see it. */
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { headers } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { addTraceparent, findTraceparent } from '../../src/tracing/tracer.ts'
import { aService, type RunningService } from '../contract/a-service.ts'
import { until } from '../until.ts'

const test = suite('traces')

interface Span {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  links?: { traceId: string; spanId: string }[]
}

let collector: Server
let service: RunningService
let client: string
const spans: Span[] = []

test.before(async () => {
  collector = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      for (const { scopeSpans } of JSON.parse(body).resourceSpans) {
        for (const { spans: sent } of scopeSpans) spans.push(...sent)
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const { port } = collector.address() as AddressInfo
  service = await aService({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` } })
  const brand = await service.must('POST', '/v1/brands', { name: 'Traced', currency: 'EUR' })
  const made = { brandId: brand.id, name: 'Acme', sipDomain: 'traced.example.com' }
  client = (await service.must('POST', '/v1/clients', made)).id
})
test.after(async () => {
  await service.close()
  collector.closeAllConnections()
  collector.close()
})

const traceId = (digit: string) => digit.repeat(32)
const parent = (digit: string) => `00-${traceId(digit)}-${'ab'.repeat(8)}-01`
const spanOf = (digit: string, name: string) =>
  until(`a span ${name}`, () => spans.find((span) => span.traceId === traceId(digit) && span.name === name))

test('an authorization over HTTP is a span of the trace that it came with', async () => {
  await service.send(
    'POST',
    '/v1/authorizations',
    { callId: 'http', client, to: '112' },
    { traceparent: parent('1') },
  )
  assert.is((await spanOf('1', 'authorize')).parentSpanId, 'ab'.repeat(8))
})

test('so is one over NATS', async () => {
  const given = headers()
  given.set('traceparent', parent('2'))
  const asked = Buffer.from(JSON.stringify({ callId: 'nats', client, to: '112' }))
  await service.broker.request('billing.authorize', asked, { headers: given, timeout: 5000 })
  assert.is((await spanOf('2', 'authorize')).parentSpanId, 'ab'.repeat(8))
})

test('facts that follow from an event bear its trace, in their header and in their body', async () => {
  const told: { body: string; header: string | undefined }[] = []
  service.broker.subscribe(`billing.calls.rejected.${client}`, {
    callback: (_error, msg) => {
      told.push({ body: Buffer.from(msg.data).toString(), header: msg.headers?.get('traceparent') })
    },
  })
  await service.broker.flush()
  const times = { startedAt: '2026-01-02T10:00:00Z', answeredAt: '2026-01-02T10:00:05Z' }
  const end = { client, callId: 'rejected', from: '+34911000111', to: '+34600111222', ...times }
  const event = { kind: 'end', ...end, endedAt: '2026-01-02T10:01:05Z', cause: 16 }
  const { status } = await service.send('POST', '/v1/call-events', event, { traceparent: parent('3') })
  assert.is(status, 202)
  const [fact] = await until('a fact', () => (told.length > 0 ? told : undefined))
  const settled = await spanOf('3', 'settle end')
  const expected = `00-${traceId('3')}-${settled.spanId}-01`
  assert.is(fact?.header, expected)
  assert.is(JSON.parse(fact?.body ?? '{}').traceparent, expected)
})

test('a batch is a span of a trace of its own, linked to the spans of all its events', async () => {
  const digits = ['5', '6', '7']
  const times = { startedAt: '2026-01-02T11:00:00Z', endedAt: '2026-01-02T11:00:05Z' }
  for (const digit of digits) {
    const end = { client, callId: `batch-${digit}`, from: '+34911000111', to: '+34600111222', ...times }
    const event = { kind: 'end', ...end, cause: 17 }
    await service.send('POST', '/v1/call-events', event, { traceparent: parent(digit) })
  }
  for (const digit of digits) {
    const { spanId } = await spanOf(digit, 'settle end')
    const batch = await until('its batch', () =>
      spans.find(
        ({ name, links }) => name === 'settle batch' && links?.some((link) => link.spanId === spanId),
      ),
    )
    assert.is(batch.parentSpanId ?? '', '')
    assert.is.not(batch.traceId, traceId(digit))
    assert.ok(batch.links?.every((link) => digits.includes(link.traceId.charAt(0))))
  }
})

test('what is no traceparent begins a trace of its own', async () => {
  const before = spans.length
  await service.send('POST', '/v1/authorizations', { callId: 'odd', client, to: '112' }, { traceparent: 'x' })
  const span = await until('another span', () => spans.slice(before).find(({ name }) => name === 'authorize'))
  assert.is(span.parentSpanId ?? '', '')
})

test('a fact’s text gets the extension as its last member, and gives it back', () => {
  const body = addTraceparent('{"id":"1","data":{"a":"}"}}', parent('4'))
  assert.equal(JSON.parse(body), { id: '1', data: { a: '}' }, traceparent: parent('4') })
  assert.is(findTraceparent(body), parent('4'))
  assert.is(findTraceparent('{"id":"1"}'), undefined)
})

test('OpenTelemetry is loaded by one file, which is loaded where an endpoint is named', () => {
  const root = new URL('../../src/', import.meta.url)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const having = (text: RegExp) =>
    files.filter((name) => text.test(readFileSync(new URL(name, root), 'utf8')))
  assert.equal(having(/from '@opentelemetry\//), ['tracing/open-tracing.ts'])
  assert.equal(having(/^import(?! type).*\/open-tracing\.ts'/m), [])
  assert.match(
    readFileSync(new URL('service.ts', root), 'utf8'),
    /if \(endpoint === null\) return null\n.*await import\('\.\/tracing\/open-tracing\.ts'\)/,
  )
})

test.run()
