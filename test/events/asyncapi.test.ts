/**
 * After a change of a message: `UPDATE_DOCS=1 node --import tsx test/events/asyncapi.test.ts`, and read the
 * difference as one who depends on it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { callStatuses } from '../../src/calls/call.ts'
import { callEventKinds, callEventSchemas } from '../../src/calls/call-messages.ts'
import { asyncApiDocument, yamlText } from '../../src/events/asyncapi.ts'
import { compileCheck } from '../../src/events/check-message.ts'
import { cloudEventSchema } from '../../src/events/fact-messages.ts'
import { makeFact } from '../../src/ledger/fact.ts'
import { denialReasons, hangupReasons } from '../../src/limits/reasons.ts'
import { rejectionReasons } from '../../src/shapes/reasons.ts'

const test = suite('asyncApiDocument')
const file = new URL('../../docs/asyncapi.yaml', import.meta.url)
const heading = '# Made from the schemas that check the traffic: see test/events/asyncapi.test.ts.\n'

test('docs/asyncapi.yaml says what the schemas check', () => {
  const text = heading + yamlText(asyncApiDocument())
  if (process.env.UPDATE_DOCS) writeFileSync(file, text)
  assert.fixture(readFileSync(file, 'utf8'), text)
})

test('every reference leads somewhere', () => {
  const document = asyncApiDocument()
  const references = JSON.stringify(document).match(/"#\/[^"]+"/g) ?? []
  assert.ok(references.length > 20)
  for (const reference of references) {
    let place: unknown = document
    for (const step of JSON.parse(reference).slice(2).split('/')) {
      place =
        typeof place === 'object' && place !== null ? new Map(Object.entries(place)).get(step) : undefined
    }
    assert.ok(place, reference)
  }
})

test('the fields of every event are described', () => {
  const text = readFileSync(file, 'utf8')
  // What a replica tells itself of offline grants is nobody else's to send.
  for (const kind of callEventKinds) {
    assert.match(text, `address: "calls.${kind}"`)
    for (const field of Object.keys(callEventSchemas[kind].properties)) assert.match(text, ` ${field}:`)
  }
})

test('the answer to an authorization is described whole, and its reasons are a closed list', () => {
  const { authorizationAnswer } = Object(asyncApiDocument()).components.messages
  const { properties, required } = authorizationAnswer.payload
  assert.equal(required, ['callId', 'clientId', 'allowed'])
  for (const field of ['rate', 'routing', 'sip', 'q850', 'expiresAt', 'maxDurationSeconds']) {
    assert.ok(properties[field], field)
  }
  assert.equal(properties.reason.enum, denialReasons)
  const { billing_calls_hangup: hangup, billing_calls_rejected: rejected } = Object(asyncApiDocument())
    .components.messages
  assert.equal(hangup.payload.properties.data.properties.reason.enum, hangupReasons)
  assert.equal(rejected.payload.properties.data.properties.reason.enum, [...rejectionReasons, null])
  assert.equal(rejected.payload.properties.data.properties.status.enum, callStatuses)
  assert.not.match(JSON.stringify(authorizationAnswer), 'additionalProperties')
})

test('a fact is what its description says', () => {
  const data = {
    clientId: '019b7e5c-1111-7000-8000-0000001f3a9c',
    day: '2026-01-02',
    timeZone: 'Europe/Madrid',
    percent: 80,
    amount: '4.1',
    limit: '5',
    currency: 'EUR',
  }
  const check = compileCheck(cloudEventSchema('billing.usage.warning'))
  const { body } = makeFact('billing.usage.warning', data.clientId, data, Date.UTC(2026, 0, 2))
  assert.is(check(JSON.parse(body)).valid, true)
  assert.is(check({ ...JSON.parse(body), type: 'billing.usage.warned' }).valid, false)
})

test.run()
