/**
 * A process that issues a draft and dies at a given point: what `kill -9` leaves behind.
 * Arguments: database URL, brand, invoice, fail point.
 */
import { openDatabase } from '../../src/db/connection.ts'
import { issueInvoice } from '../../src/invoices/issue-invoice.ts'

const [url = '', brandId = '', ids = '', failPoint = ''] = process.argv.slice(2)
const db = openDatabase(url, { role: 'tollgate_worker', connections: 2 })
const context = {
  sql: db.$client,
  clock: () => Date.parse('2026-02-03T09:00:00Z'),
  onCommitted: () => {},
  atFailPoint: (name: string) => {
    if (name === failPoint) process.kill(process.pid, 'SIGKILL')
  },
}
for (const id of ids.split(','))
  await issueInvoice(context, { id, scope: { brandId, clientId: null }, actor: 'child' })
process.exit(0)
