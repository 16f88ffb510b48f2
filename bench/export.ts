/**
 * How fast do many calls leave the service, and does its memory stay flat? Exports over HTTP, beside a bare cursor
 * whose rows are joined to a string, on the same query; and reports over a year from the rollup.
 */
import { closeDatabase, type Db, openDatabase } from '../src/db/connection.ts'
import { callsReportColumns, reportCalls } from '../src/db/reports/report-calls.ts'
import { streamBatches, streamReadOnly } from '../src/db/stream-batches.ts'
import { openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import type { Figure } from './figures.ts'
import { seedYear } from './seed-year.ts'

export async function benchExport({ calls }: { calls: number }): Promise<Figure[]> {
  const servers = await openBenchServers({ clients: 50, deckSize: 1000 })
  const db = openDatabase(servers.databaseUrl, {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 900_000,
  })
  try {
    const brandId = await seedYear(db, { calls, clientIds: servers.books.unlimitedIds })
    const service = await servers.startService()
    const before = (await service.residentBytes()) / 2 ** 20
    const figures: Figure[] = []
    const csv = await read(service, `calls.csv?brandId=${brandId}`)
    const floor = await readBare(db, brandId)
    figures.push(
      {
        name: `CSV of ${calls} calls`,
        value: calls / csv.seconds,
        floor: calls / floor,
        ratio: floor / csv.seconds,
        unit: 'rows/s',
        target: { atLeast: 0.6 },
      },
      { name: 'resident memory before', value: before, unit: 'MiB' },
      { name: 'resident memory at most', value: csv.mostMiB, unit: 'MiB', target: { atMost: 200 } },
      { name: 'resident memory grown by', value: csv.mostMiB - before, unit: 'MiB' },
    )
    // The last days of the year hold a tenth of its calls.
    const tenth = `brandId=${brandId}&from=2025-11-26`
    const rows = Math.round(calls / 10)
    const xlsx = await read(service, `calls.xlsx?${tenth}`)
    figures.push({
      name: `XLSX of some ${rows} calls`,
      value: xlsx.seconds,
      unit: 's',
      target: { atMost: 3 },
    })
    for (const format of ['json', 'parquet']) {
      const { seconds } = await read(service, `calls.${format}?${tenth}`)
      figures.push({ name: `${format} of the same`, value: seconds, unit: 's' })
    }
    for (const groupBy of [
      'client',
      'day',
      'month',
      'destination',
      'day,destination',
      'month,client,destination',
    ]) {
      const { seconds } = await read(service, `usage?brandId=${brandId}&groupBy=${groupBy}`)
      figures.push({
        name: `a year by ${groupBy}`,
        value: seconds * 1000,
        unit: 'ms',
        target: { atMost: 1000 },
      })
    }
    for (const groupBy of ['carrier', 'client', 'month', 'month,client,carrier']) {
      const { seconds } = await read(service, `margins?brandId=${brandId}&groupBy=${groupBy}`)
      figures.push({
        name: `margins of a year by ${groupBy}`,
        value: seconds * 1000,
        unit: 'ms',
        target: { atMost: 1000 },
      })
    }
    return figures
  } finally {
    await closeDatabase(db)
    await servers.close()
  }
}

/** Reads a report to its end, watching the service's memory. */
async function read(service: ServiceUnderTest, path: string): Promise<{ seconds: number; mostMiB: number }> {
  let mostMiB = 0
  const watch = setInterval(async () => {
    mostMiB = Math.max(mostMiB, (await service.residentBytes()) / 2 ** 20)
  }, 500)
  try {
    const startedAt = performance.now()
    const answer = await fetch(`${service.url}/v1/reports/${path}`, {
      headers: { authorization: `Bearer ${service.key}` },
    })
    if (!answer.ok || !answer.body)
      throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    let bytes = 0
    for await (const chunk of answer.body) bytes += chunk.length
    if (bytes === 0) throw new Error(`${path} is empty`)
    return { seconds: (performance.now() - startedAt) / 1000, mostMiB }
  } finally {
    clearInterval(watch)
  }
}

const columns = callsReportColumns.map(({ name }) => name)

/** The same rows, joined by commas and thrown away: no quotes, no zones, no tenant. */
async function readBare(db: Db, brandId: string): Promise<number> {
  const none = { clientId: null, from: null, to: null, timeZone: null, status: null, direction: null }
  const bounds = { keys: [], begins: [], ends: [], timeZones: [], moved: [] }
  const query = reportCalls({
    ...none,
    bounds,
    brandId,
    columns,
    toNormalized: null,
    destination: null,
    label: null,
  })
  const startedAt = performance.now()
  let length = 0
  const batches = streamReadOnly(db.$client, (tx) =>
    streamBatches<Record<string, unknown>>(tx, query(tx), { rows: 5000 }),
  )
  for await (const rows of batches) {
    let text = ''
    for (const row of rows) text += `${Object.values(row).join(',')}\n`
    length += Buffer.byteLength(text)
  }
  if (length === 0) throw new Error('no rows')
  return (performance.now() - startedAt) / 1000
}
