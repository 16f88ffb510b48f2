import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { migrate } from '../../src/db/migrate.ts'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { openCallDesk } from './a-call-desk.ts'

const test = suite('PostgreSQL stops while calls come')

test('emergency numbers go through, the others get their failure policy', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-stopped-'))
  const postgres = await startPostgres({ dataDir, log: () => {} })
  try {
    await migrate(postgres.url)
    const desk = await openCallDesk('2026-01-14T10:00:00Z', postgres.url)
    const denies = (await desk.aCaller({ billingMethod: 'prepaid', balance: '1' })).clientId
    const allows = (await desk.aCaller({ billingMethod: 'prepaid', balance: '1', failurePolicy: 'allow' }))
      .clientId
    assert.is((await desk.authorize({ client: denies, callId: 'before' })).allowed, true)
    await postgres.stop()
    const ask = async (client: string, to: string) => {
      const answer = await desk.authorize({ client, callId: `while away to ${to}`, to })
      return answer.allowed ? 'granted' : answer.reason
    }
    assert.is(await ask(denies, '112'), 'granted')
    assert.is(await ask(denies, '+34600111222'), 'service_unavailable')
    assert.is(await ask(allows, '+34600111222'), 'granted')
    assert.is(await ask('nobody.example.com', '+34600111222'), 'unknown_client')
    assert.is(desk.offlineCalls.length, 1)
    await desk.close()
  } finally {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
})

test.run()
