/**
 * How long does a month take to invoice? Ten million calls over 2,000 clients in one run, a draft over 200,000 calls of
 * one client, and a PDF that lists 5,000. Every tenth call of the run stands in `calls`, the others in the rollup
 * alone, which is what invoices read; the calls of the draft and of the PDF all stand there.
 */
import { closeDatabase, openDatabase } from '../src/db/connection.ts'
import { openBenchServers } from './bench-servers.ts'
import type { Figure } from './figures.ts'
import { invoiceInChild, prepareMonth } from './invoice-month.ts'
import { seedMonth } from './seed-month.ts'

const period = { from: '2025-10-01', to: '2025-11-01' }

export async function benchInvoices({
  calls,
  clients,
}: {
  calls: number
  clients: number
}): Promise<Figure[]> {
  const servers = await openBenchServers({ clients: clients + 2, deckSize: 100 })
  const db = openDatabase(servers.databaseUrl, {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 900_000,
  })
  try {
    const sql = db.$client
    const [large = '', printed = '', ...many] = servers.books.unlimitedIds
    const brandId = await seedMonth(sql, { clientIds: many, calls, listed: calls / 10 })
    await seedMonth(sql, { clientIds: [large], calls: 200_000, listed: 200_000 })
    await seedMonth(sql, { clientIds: [printed], calls: 5000, listed: 5000 })
    const order = await prepareMonth(servers.databaseUrl, { brandId, period })
    const draft = await invoiceInChild({ ...order, work: 'draft', clientId: large })
    const pdf = await invoiceInChild({ ...order, work: 'pdf', clientId: printed })
    const run = await invoiceInChild({ ...order, work: 'run' })
    const [issued] = await sql`select count(*)::integer as invoices from invoices where number is not null`
    if (issued?.invoices !== clients + 2) throw new Error(`${issued?.invoices} invoices were issued`)
    return [
      { name: 'draft over 200,000 calls', value: draft.seconds, unit: 's', target: { atMost: 3 } },
      { name: 'PDF of 5,000 calls', value: pdf.seconds, unit: 's', target: { atMost: 2 } },
      { name: 'memory it took beside the idle process', value: pdf.mostMiB - pdf.idleMiB, unit: 'MiB' },
      {
        name: `${calls} calls of ${clients} clients issued`,
        value: run.seconds,
        unit: 's',
        target: { atMost: 180 },
      },
      { name: 'resident memory at most', value: run.mostMiB, unit: 'MiB', target: { atMost: 300 } },
    ]
  } finally {
    await closeDatabase(db)
    await servers.close()
  }
}
