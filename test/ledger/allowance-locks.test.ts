/** Whoever changes a client's allowance and whoever opens its periods lock the account first: neither waits for the other in a ring. */
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from '../api/test-api.ts'

const locks = suite<{ api: TestApi; path: string; clientId: string }>('locks of allowances')

locks.before(async (context) => {
  context.api = await openTestApi()
  const { clientId, brandKey: key } = await makeTenant(context.api)
  context.clientId = clientId
  context.path = `/v1/clients/${clientId}/allowances`
  const plan = { name: 'Number', currency: 'EUR', period: 'month', fee: '1', items: [] }
  const { id } = await must(context.api.send('POST', '/v1/allowance-plans', { key, body: plan }))
  const body = { allowancePlanId: id, from: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10) }
  const allowance = await must(context.api.send('POST', context.path, { key, body }))
  context.path += `/${allowance.id}`
})
locks.after(({ api }) => api.close())

for (const [method, body] of [
  ['PATCH', { email: 'ana@example.com' }],
  ['DELETE', undefined],
] as const)
  locks(`${method} waits for the account without its own row in hand`, async ({ api, path, clientId }) => {
    const owner = postgres(api.databaseUrl, { max: 1 })
    const watcher = postgres(api.databaseUrl, { max: 1 })
    try {
      const answer = await owner.begin(async (tx) => {
        await tx`select 1 from accounts where client_id = ${clientId} for update`
        const changing = api.send(method, path, body ? { body } : {})
        const isWaiting = async () => {
          const rows = await watcher`select 1 from pg_locks where not granted`
          return rows.length > 0
        }
        while (!(await isWaiting())) await sleep(20)
        // As whoever opens a period does: where the other had the row, PostgreSQL would end one of the two.
        await tx`
          update client_allowances set next_period_at = next_period_at where id = ${path.split('/').at(-1) ?? ''}`
        return { changing }
      })
      const { status } = await answer.changing
      assert.ok(status < 300, `${status}`)
    } finally {
      await Promise.all([owner.end(), watcher.end()])
    }
  })

locks.run()
