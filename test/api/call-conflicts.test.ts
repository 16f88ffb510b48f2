import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { appendConflicts } from '../../src/db/calls/call-conflicts.ts'
import { newId } from '../../src/uuid.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/call-conflicts')
let api: TestApi

test.before(async () => {
  api = await openTestApi()
})
test.after(() => api.close())

const at = (minute: number) => `2026-01-14T10:0${minute}:00.000Z`

async function conflictOf(clientId: string, callId: string, minute: number): Promise<string> {
  const [id, receivedAt] = [newId(), Date.parse(at(minute))]
  const conflict = {
    id,
    clientId,
    callId,
    half: 'end',
    digest: id,
    body: `{"callId":"${callId}"}`,
    receivedAt,
  }
  await appendConflicts(api.context.worker.$client, [conflict])
  return id
}

test('contradicting halves are listed newest first, in pages, of a client or a callId, and of nobody else', async () => {
  const [own, foreign] = [await makeTenant(api), await makeTenant(api)]
  const [first, second, third] = [
    await conflictOf(own.clientId, 'a', 1),
    await conflictOf(own.clientId, 'b', 2),
    await conflictOf(own.clientId, 'a', 3),
  ]
  await conflictOf(foreign.clientId, 'a', 4)
  const list = async (query = '', key = own.brandKey) =>
    must(api.send('GET', `/v1/call-conflicts?${query}`, { key }))
  const ids = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)
  const all = await list()
  assert.equal(ids(all), [third, second, first])
  assert.equal(all.data[2], {
    id: first,
    clientId: own.clientId,
    callId: 'a',
    half: 'end',
    body: '{"callId":"a"}',
    receivedAt: at(1),
  })
  assert.equal(ids(await list('sort=receivedAt')), [first, second, third])
  assert.equal(ids(await list('callId=a')), [third, first])
  assert.equal(ids(await list(`clientId=${foreign.clientId}`)), [])
  const page = await list('limit=2')
  assert.equal(ids(page), [third, second])
  assert.equal(ids(await list(`limit=2&cursor=${page.nextCursor}`)), [first])
  const unknown = await api.send('GET', '/v1/call-conflicts?half=end', { key: own.brandKey })
  assert.is(unknown.status, 400)
  assert.is((await api.send('GET', '/v1/call-conflicts', { key: own.engineKey })).status, 403)
})

test.run()
