/**
 * The reports that a mail carries, made when the mail is sent: `[{ kind: 'report', id: '<schedule>/<index>' }]`.
 *
 * Mail servers refuse large mails for good, so a report over the limit is not attached: a note in its place says how
 * to fetch it. Memory stops at the limit; its rows are read on for their sums, which the mail tells.
 */
import type { Db } from '../db/connection.ts'
import { readJson } from '../db/json-column.ts'
import { findReportOrder, noteReportRows, type ReportOrder } from '../db/reports/report-schedule-periods.ts'
import { NotFound } from '../errors.ts'
import { makeScheduledReport, reportFileName } from './make-scheduled-report.ts'

/** A third more once encoded; most servers take 20 MiB or more. */
const maxAttachedBytes = 10 * 1024 * 1024

export interface AttachedReport {
  filename: string
  content: Buffer
  contentType: string
  /** What the mail tells of it: `calls`, `durationSeconds`, `amount` with its `currency`, as far as it has them. */
  facts: Record<string, unknown>
}

/** As `attachReports`, one mail after another: a report is held in memory and holds a connection while it is made. */
export function attachReportsInTurn(
  context: Parameters<typeof attachReports>[0],
): (attachments: unknown) => Promise<AttachedReport[]> {
  let turn: Promise<unknown> = Promise.resolve()
  return (attachments) => {
    const made = turn.then(() => attachReports(context, attachments))
    turn = made.catch(() => {})
    return made
  }
}

/** `worker` reads the schedules, `api` what a brand may see. Throws `NotFound` where a schedule is gone. */
export async function attachReports(
  { worker, api, clock }: { worker: Db; api: Db; clock: () => number },
  attachments: unknown,
  maxBytes = maxAttachedBytes,
): Promise<AttachedReport[]> {
  const wanted = readJson<{ kind: string; id: string }[] | null>(attachments) ?? []
  const files: AttachedReport[] = []
  // One after another: a report is held in memory while it is made.
  for (const { kind, id } of wanted) {
    if (kind !== 'report') continue
    const [scheduleId = '', index = ''] = id.split('/')
    const order = await findReportOrder(worker.$client, { scheduleId, index: Number(index) })
    if (!order) throw new NotFound('report schedule', scheduleId)
    const { contentType, chunks, sums } = await makeScheduledReport({ db: api, now: clock() }, order)
    const content = await readUpTo(chunks, maxBytes)
    const { rows, ...facts } = sums()
    await noteReportRows(worker.$client, order, rows)
    files.push({
      ...(content === undefined
        ? describeTooLarge(order, maxBytes)
        : { filename: reportFileName(order), content, contentType }),
      facts,
    })
  }
  return files
}

async function readUpTo(
  chunks: AsyncIterable<string | Uint8Array>,
  maxBytes: number,
): Promise<Buffer | undefined> {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > maxBytes) parts = []
    else parts.push(part)
  }
  return bytes > maxBytes ? undefined : Buffer.concat(parts)
}

function describeTooLarge(order: ReportOrder, maxBytes: number): Omit<AttachedReport, 'facts'> {
  const query = new URLSearchParams({
    from: order.from,
    to: order.to,
    ...(order.clientId === null ? {} : { clientId: order.clientId }),
    ...(order.groupBy === null ? {} : { groupBy: order.groupBy }),
    ...order.filter,
    ...(order.format === 'csv' ? { flavour: order.flavour } : {}),
    ...(order.format === 'csv' && order.locale !== null ? { locale: order.locale } : {}),
  })
  const text = [
    `This report is larger than ${Math.floor(maxBytes / 1024)} KiB and is not attached. Fetch it:`,
    `GET /v1/reports/${order.report}.${order.format}?${query}`,
    '',
  ].join('\n')
  return {
    filename: 'report-too-large.txt',
    content: Buffer.from(text),
    contentType: 'text/plain; charset=utf-8',
  }
}
