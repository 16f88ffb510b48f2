import { randomUUID } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Call, newCall } from '../../src/calls/call.ts'
import { readAuthorizationMessage, readEventMessage } from '../../src/calls/call-messages.ts'
import { callRecord } from '../../src/calls/call-record.ts'
import { legFacts, saidLegFacts, takeLegFacts, takeMissingLegFacts } from '../../src/calls/leg-facts.ts'
import { type CallFieldType, callFields, shownCallFields } from '../../src/db/calls/call-fields.ts'
import { callKey, insertGrants, loadCalls, writeCalls } from '../../src/db/calls/calls.ts'
import { listCalls } from '../../src/db/calls/list-calls.ts'
import { Decimal } from '../../src/money.ts'
import { noLegFacts, openCallDesk } from '../calls/a-call-desk.ts'

const test = suite('callTable')
const desk = await openCallDesk()
test.after(() => desk.close())

const at = Date.parse('2026-01-14T10:00:00.125Z')
/** Another value than a new call has, one for each field. */
const values: Record<CallFieldType, (number: number) => unknown> = {
  uuid: () => randomUUID(),
  text: (number) => `text ${number}, "quoted" \\ {1}`,
  integer: (number) => 1000 + number,
  smallint: (number) => 100 + number,
  boolean: () => true,
  numeric: (number) => new Decimal(number).div(8),
  timestamptz: (number) => at + number * 1000,
  date: (number) => new Date(at + number * 86_400_000).toISOString().slice(0, 10),
  jsonb: (number) => ({ trunk: `blue "${number}"` }),
  'text[]': (number) => ['unauthorized', `flag_${number}`],
}

async function aFullCall(): Promise<Call> {
  const { clientId } = await desk.aCaller({ balance: '5' })
  const call = aBareCall(clientId)
  for (const [number, { name, type }] of callFields.entries()) {
    if (['clientId', 'callId', 'direction', 'status'].includes(name)) continue
    Object.assign(call, { [name]: values[type](number) })
  }
  call.status = 'priced'
  return call
}

function aBareCall(clientId: string): Call {
  const [callId, brandId] = [randomUUID(), randomUUID()]
  return newCall({ clientId, callId, brandId, direction: 'inbound', to: '+34600111222', createdAt: at })
}

test('a call whose every field is set is written and read as it is, and so is a bare one', async () => {
  const full = await aFullCall()
  const bare = aBareCall(full.clientId)
  await writeCalls(desk.sql, [full, bare])
  const stored = await loadCalls(desk.sql, [full, bare])
  assert.equal(new Map(stored.map((call) => [callKey(call), call])).get(callKey(full)), full)
  assert.equal(new Map(stored.map((call) => [callKey(call), call])).get(callKey(bare)), bare)
})

test('an old call, and the view of all calls, have every field', async () => {
  for (const table of ['old_calls', 'all_calls']) {
    const rows = await desk.sql`
      select column_name from information_schema.columns where table_name = ${table} order by column_name`
    assert.equal(
      rows.map(({ column_name }) => column_name),
      callFields.map(({ column }) => column).sort(),
    )
  }
})

test('a call that is written again is replaced in every field', async () => {
  const full = await aFullCall()
  const { clientId, callId } = full
  await writeCalls(desk.sql, [{ ...aBareCall(clientId), callId }])
  await writeCalls(desk.sql, [full])
  assert.equal(await loadCalls(desk.sql, [full]), [full])
})

test('a grant writes its own fields; the others are those of a new call', async () => {
  const full = await aFullCall()
  full.status = 'authorized'
  await insertGrants(desk.sql, [full])
  const granted = Object.fromEntries(
    callFields.filter(({ isGranted }) => isGranted).map(({ name }) => [name, full[name]]),
  )
  assert.equal(await loadCalls(desk.sql, [full]), [{ ...aBareCall(full.clientId), ...granted }])
})

test('lists and single answers show the same of a call', async () => {
  const full = await aFullCall()
  await writeCalls(desk.sql, [full])
  const page = {
    filter: { clientId: full.clientId },
    after: null,
    direction: 'descending',
    limit: 5,
  } as const
  const record = callRecord(full)
  assert.equal(await listCalls(desk.sql, page), [record])
  assert.equal(
    Object.keys(record).filter((name) => !['invoiceId', 'destinationChanged'].includes(name)),
    shownCallFields.map(({ name }) => name),
  )
})

const said = {
  ...Object.fromEntries(Object.keys(legFacts).map((name) => [name, `the ${name}`])),
  labels: { trunk: 'blue' },
}
const about = { callId: 'call-1', client: 'acme', to: '+34600111222' }
const delivery = {
  subject: 'calls.start',
  body: '',
  subjectClient: null,
  brandId: null,
  receivedAt: at,
  deliveries: 1,
}

test('every fact of a leg that a message gives is kept, shown and recorded offline', () => {
  const startedAt = new Date(at).toISOString()
  const event = readEventMessage('start', { ...about, ...said, startedAt }, delivery)
  const request = readAuthorizationMessage({ ...about, ...said }, at)
  assert.ok(request && 'kind' in event)
  for (const facts of [event, request]) {
    const call = aBareCall(randomUUID())
    takeLegFacts(call, facts)
    const missing = aBareCall(randomUUID())
    takeMissingLegFacts(missing, facts)
    assert.equal(callRecord({ ...missing, clientId: call.clientId, callId: call.callId }), callRecord(call))
    const record: Record<string, unknown> = callRecord(call)
    assert.equal(Object.fromEntries(Object.keys(said).map((name) => [name, record[name]])), said)
    assert.equal(saidLegFacts(facts), said)
  }
})

test('what is said later adds to a leg; where nothing may be replaced, only what is missing', () => {
  const call = aBareCall(randomUUID())
  takeMissingLegFacts(call, { ...noLegFacts, engine: 'sbc1', labels: { trunk: 'red' } })
  takeMissingLegFacts(call, { ...noLegFacts, ...said, labels: { trunk: 'blue', floor: '2' } })
  assert.equal([call.engine, call.sipCallId], ['sbc1', 'the sipCallId'])
  assert.equal(call.labels, { floor: '2', trunk: 'red' })
  takeLegFacts(call, { ...noLegFacts, engine: 'sbc2', labels: { trunk: 'blue' } })
  assert.equal([call.engine, call.sipCallId, call.labels?.trunk], ['sbc2', 'the sipCallId', 'blue'])
  assert.equal(saidLegFacts(noLegFacts), {})
})

test.run()
