/**
 * What do e-invoices add to a run's documents? 2,000 invoices issued in one run, then fetched from the service: of one half the
 * PDF alone, of the other the PDF, UBL and Factur-X. Each document is drawn when it is first asked for, as after a run. By
 * the clock and by the service's processor time, in interleaved pieces; and the most memory that the service ever had.
 */
import { readFileSync } from 'node:fs'
import { closeDatabase, openDatabase, type Sql } from '../src/db/connection.ts'
import { newId } from '../src/uuid.ts'
import { type BenchServers, openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import type { Figure } from './figures.ts'
import { invoiceInChild, prepareMonth } from './invoice-month.ts'
import { seedMonth } from './seed-month.ts'

const period = { from: '2025-10-01', to: '2025-11-01' }
const callsPerClient = 40
/** As many of one kind as are fetched before the other kind has its turn. */
const piece = 25
/** Finance fetches one after another; a second request is on its way meanwhile. */
const inFlight = 2

const kinds = {
  plain: ['.pdf'],
  all: ['.pdf', '.xml', '.pdf?profile=factur-x'],
} as const
type Kind = keyof typeof kinds

export async function benchEInvoices({ clients }: { clients: number }): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 100 })
  try {
    const ids = await issueInvoices(servers, clients)
    const service = await servers.startService()
    const idleMiB = peakMiB(service.pid)
    const taken = await fetchDocuments(service, ids)
    return [
      beside(
        'PDF, UBL and Factur-X of an invoice, beside its PDF, by the clock',
        taken,
        ({ ms }) => ms,
        'ms',
      ),
      beside('the same by processor time', taken, ({ cpuMs }) => cpuMs, 'ms'),
      {
        name: 'resident memory of the service at most',
        ...{ value: peakMiB(service.pid), unit: 'MiB', target: { atMost: 300 } },
      },
      { name: 'of which before the first document', value: idleMiB, unit: 'MiB' },
    ]
  } finally {
    await servers.close()
  }
}

/** Milliseconds of one invoice. */
interface Taken {
  ms: number
  cpuMs: number
}

function beside(
  name: string,
  taken: Record<Kind, Taken>,
  read: (taken: Taken) => number,
  unit: string,
): Figure {
  const [value, floor] = [read(taken.all), read(taken.plain)]
  return { name, value, unit, floor, ratio: value / floor, target: { atMost: 2 } }
}

/** Answers their ids. All that EN 16931 asks for is there. */
async function issueInvoices({ databaseUrl, books }: BenchServers, clients: number): Promise<string[]> {
  const db = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 900_000,
  })
  try {
    const sql = db.$client
    const calls = clients * callsPerClient
    const brandId = await seedMonth(sql, { clientIds: books.unlimitedIds, calls, listed: calls })
    await completeParties(sql, brandId)
    const order = await prepareMonth(databaseUrl, { brandId, period })
    await invoiceInChild({ ...order, work: 'run' })
    const rows = await sql`select id from invoices where number is not null order by id`
    if (rows.length !== clients) throw new Error(`${rows.length} invoices were issued`)
    return rows.map(({ id }) => id)
  } finally {
    await closeDatabase(db)
  }
}

async function completeParties(sql: Sql, brandId: string): Promise<void> {
  const taxId = newId()
  const address = { postalCode: '28001', town: 'Madrid', country: 'ES' }
  const seller = {
    legalName: 'Telco, S.L.',
    taxId: 'ESB58378431',
    postalAddress: 'Calle Mayor 1',
    ...address,
  }
  const buyer = { legalName: 'Acme, S.A.', taxId: 'ESA58818501', postalAddress: 'Gran Vía 2', ...address }
  await sql`
    insert into taxes (id, brand_id, name, rate, category) values (${taxId}, ${brandId}, 'IVA 21 %', 21, 'S')`
  await sql`
    update brands
    set issuer = ${JSON.stringify({ ...seller, iban: 'ES9121000418450200051332' })}::text::jsonb
    where id = ${brandId}`
  await sql`
    update clients
    set tax_ids = array[${taxId}]::uuid[], country_code = 'ES', language = 'es', invoice_data = ${JSON.stringify(buyer)}::text::jsonb
    where brand_id = ${brandId}`
}

async function fetchDocuments(
  service: ServiceUnderTest,
  ids: readonly string[],
): Promise<Record<Kind, Taken>> {
  const taken = { plain: { ms: 0, cpuMs: 0 }, all: { ms: 0, cpuMs: 0 } }
  const counts = { plain: 0, all: 0 }
  // What is loaded for the first documents is the process's, not theirs.
  await fetchPiece(service, 'all', ids.slice(0, inFlight))
  let next = inFlight
  for (let turn = 0; next < ids.length; turn++) {
    const kind = turn % 2 === 0 ? 'plain' : 'all'
    const some = ids.slice(next, next + piece)
    next += piece
    const cpuBefore = await service.cpuSeconds()
    const startedAt = performance.now()
    await fetchPiece(service, kind, some)
    taken[kind].ms += performance.now() - startedAt
    taken[kind].cpuMs += ((await service.cpuSeconds()) - cpuBefore) * 1000
    counts[kind] += some.length
  }
  const perInvoice = (kind: Kind) => ({
    ms: taken[kind].ms / counts[kind],
    cpuMs: taken[kind].cpuMs / counts[kind],
  })
  return { plain: perInvoice('plain'), all: perInvoice('all') }
}

async function fetchPiece({ url, key }: ServiceUnderTest, kind: Kind, ids: readonly string[]): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < ids.length) {
      const id = ids[next++]
      for (const document of kinds[kind]) {
        const path = `/v1/invoices/${id}${document}`
        const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })
        const bytes = await answer.arrayBuffer()
        if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${Buffer.from(bytes)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
}

/** Ever since it started, from `/proc`, so on Linux alone. */
function peakMiB(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kibibytes) / 1024
}
