import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { failPoints } from '../../src/fail-points.ts'
import { issueInvoice } from '../../src/invoices/issue-invoice.ts'
import { openOffice } from './office.ts'

const office = await openOffice()
const killed = suite('kill -9 during an issue')
killed.after(() => office.close())

const issuePoints = failPoints.filter((name) => name.startsWith('inv_') && name !== 'inv_mailed')
const script = fileURLToPath(new URL('./issuing-process.ts', import.meta.url))

async function issueAndDie(invoiceId: string, failPoint: string): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, office.databaseUrl, office.brandId, invoiceId, failPoint],
    { stdio: 'ignore' },
  )
  const [, signal] = await once(child, 'exit')
  assert.is(signal, 'SIGKILL')
}

killed('no number is lost, no call is on two invoices, and the next issue goes on', async () => {
  const rounds = Number(process.env.KILLS ?? 4)
  for (let i = 0; i < rounds; i++) {
    const client = await office.addClient()
    await office.call(client, { day: '2026-01-05', price: '10' })
    const failPoint = issuePoints[i % issuePoints.length] ?? 'inv_numbered'
    const draft = await office.draft(client, '2026-01-01', '2026-02-01')
    await issueAndDie(draft.id, failPoint)
    const [row] = await office.sql`select status, number from invoices where id = ${draft.id}`
    assert.is(row?.status === 'issued', failPoint === 'inv_committed', failPoint)
    assert.is(await office.balance(client), failPoint === 'inv_committed' ? '-12.1' : '-10')
    const again = await issueInvoice(office.context, { ...office.request, id: draft.id })
    assert.is(again.status, 'issued')
    assert.is(await office.balance(client), '-12.1')
  }
  const rows = await office.sql`
    select series_number from invoices where number_sequence_id = ${office.sequenceId} order by 1`
  assert.equal(
    rows.map((row) => Number(row.series_number)),
    Array.from({ length: rounds }, (_, i) => i + 1),
  )
})

killed.run()
