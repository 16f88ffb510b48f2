/**
 * Reads everything that a client's own users may read, in every format, as the text a person would search.
 *
 *     const pages = await readAll(api, { key, clientId, ids, callIds, from, to })
 */
import { strFromU8, unzipSync } from 'fflate'
import { parquetReadObjects } from 'hyparquet'
import { access } from '../../src/api/access.ts'
import { reportQueries } from '../../src/api/reports/report-query.ts'
import { type ReportName, reportFormats, reportNames } from '../../src/reports/open-report.ts'
import { textOfPdf } from '../invoices/text-of-pdf.ts'
import type { TestApi } from './test-api.ts'

export interface Page {
  url: string
  status: number
  text: string
}

export interface Wanted {
  key: string
  clientId: string
  /** By the collection that a path's `:id` belongs to. */
  ids: Readonly<Record<string, readonly string[]>>
  callIds: readonly string[]
  /** Local days, half open. */
  from: string
  to: string
}

/** Each route of the access table that a client may GET, with the queries that could tell more. */
export async function readAll(api: TestApi, wanted: Wanted): Promise<Page[]> {
  const pages: Page[] = []
  for (const [line, { roles }] of access) {
    const [method = '', path = ''] = line.split(' ')
    if (method !== 'GET' || !roles.includes('client')) continue
    // It goes on for as long as somebody watches: live.test.ts looks at what it hides.
    if (path === '/v1/live') continue
    for (const url of urlsOf(path, wanted)) pages.push(await readPage(api, url, wanted.key))
  }
  return pages
}

export async function readPage(api: TestApi, url: string, key: string): Promise<Page> {
  const headers = { authorization: `Bearer ${key}` }
  const { statusCode, rawPayload } = await api.app.inject({ method: 'GET', url, headers })
  // What is refused for its pace alone proves nothing.
  if (statusCode === 429) throw new Error(`${url} was asked too often`)
  return { url, status: statusCode, text: await textOf(rawPayload) }
}

function urlsOf(path: string, wanted: Wanted): string[] {
  const { clientId, ids, callIds, from, to } = wanted
  const collection = /\/([\w-]+)\/:id/.exec(path)?.[1] ?? ''
  const places = path.includes(':callId')
    ? callIds.map((callId) => path.replace(':callId', callId))
    : path.includes(':id')
      ? (ids[collection] ?? []).map((id) => path.replace(':id', id))
      : [path]
  if (places.length === 0) throw new Error(`nothing to ask ${path} for`)
  return places
    .map((place) => place.replace(':clientId', clientId))
    .flatMap((place) => [place, ...queriesOf(path, { from, to }).map((query) => `${place}?${query}`)])
}

/** Beside no query at all. */
function queriesOf(path: string, { from, to }: { from: string; to: string }): string[] {
  const report = /^\/v1\/reports\/([\w-]+)/.exec(path)?.[1]
  if (report) return queriesOfReport(report as ReportName, { from, to }, path.endsWith('.csv'))
  if (path.endsWith('/statement')) return [`from=${from}&to=${to}`]
  if (path.endsWith('/daily-usage')) return [`day=${from}`]
  if (path.endsWith('/balance-movements')) return ['limit=1', 'sort=createdAt']
  if (path.endsWith('/calls')) return ['sort=createdAt', 'limit=1', 'sort=price', 'price=0.7393']
  if (path.endsWith('/prices')) return ['number=%2B34600111222']
  if (path.endsWith('.csv')) return ['flavour=spreadsheet']
  return []
}

function queriesOfReport(
  name: ReportName,
  { from, to }: { from: string; to: string },
  isCsv: boolean,
): string[] {
  const span = 'from' in reportQueries[name] ? `from=${from}&to=${to}` : ''
  const groups =
    name === 'usage' ? ['destination', 'hour', 'country', 'day,destination,hour', 'label:trunk'] : []
  return [
    ...(span === '' ? [] : [span]),
    ...groups.map((group) => `${span}&groupBy=${encodeURIComponent(group)}`),
    ...('timeZone' in reportQueries[name] ? [`${span}&timeZone=Asia/Tokyo`] : []),
    ...(isCsv ? [`${span}&flavour=spreadsheet`] : []),
  ]
}

/** What stands in a file, whatever the file is. */
async function textOf(bytes: Buffer): Promise<string> {
  const magic = bytes.subarray(0, 4).toString('latin1')
  if (magic === '%PDF') return textOfPdf(bytes)
  if (magic.startsWith('PK')) {
    return Object.values(unzipSync(new Uint8Array(bytes)))
      .map((part) => strFromU8(part))
      .join('\n')
  }
  if (magic === 'PAR1') {
    const file = new Uint8Array(bytes).buffer
    const rows = await parquetReadObjects({ file })
    return JSON.stringify(rows, (_name, value) => (typeof value === 'bigint' ? String(value) : value))
  }
  return bytes.toString('utf8')
}

/** Reports in each format: how many a walk has to meet. */
export const reportPaths = reportNames.length * (reportFormats.length + 1)
