/**
 * The reports that a mail carries, made when the mail is sent: `[{ kind: 'report', id: '<schedule>/<index>' }]`.
 *
 * Mail servers refuse large mails for good, so a report over the limit is not attached: a note in its place says how
 * to fetch it. Making it stops at the limit, so memory does too.
 */
import type { Db } from '../db/connection.ts'
import { readJson } from '../db/json-column.ts'
import { findReportOrder, type ReportOrder } from '../db/reports/report-schedule-periods.ts'
import { NotFound } from '../errors.ts'
import { makeScheduledReport, reportFileName } from './make-scheduled-report.ts'

/** A third more once encoded; most servers take 20 MiB or more. */
export const mostAttachedBytes = 10 * 1024 * 1024

export interface AttachedReport {
  filename: string
  content: Buffer
  contentType: string
}

/** `worker` reads the schedules, `api` what a brand may see. Throws `NotFound` where a schedule is gone. */
export async function attachReports(
  { worker, api, clock }: { worker: Db; api: Db; clock: () => number },
  attachments: unknown,
  mostBytes = mostAttachedBytes,
): Promise<AttachedReport[]> {
  const wanted = readJson<{ kind: string; id: string }[] | null>(attachments) ?? []
  const files: AttachedReport[] = []
  // One after another: a report is held in memory while it is made.
  for (const { kind, id } of wanted) {
    if (kind !== 'report') continue
    const [scheduleId = '', index = ''] = id.split('/')
    const order = await findReportOrder(worker.$client, { scheduleId, index: Number(index) })
    if (!order) throw new NotFound('report schedule', scheduleId)
    const { contentType, chunks } = await makeScheduledReport({ db: api, now: clock() }, order)
    const content = await readUpTo(chunks, mostBytes)
    files.push(
      content === undefined
        ? noteOf(order, mostBytes)
        : { filename: reportFileName(order), content, contentType },
    )
  }
  return files
}

async function readUpTo(
  chunks: AsyncIterable<string | Uint8Array>,
  mostBytes: number,
): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > mostBytes) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function noteOf(order: ReportOrder, mostBytes: number): AttachedReport {
  const query = new URLSearchParams({
    from: order.from,
    to: order.to,
    ...(order.clientId === null ? {} : { clientId: order.clientId }),
    ...(order.groupBy === null ? {} : { groupBy: order.groupBy }),
    ...order.filter,
  })
  const text = [
    `This report is larger than ${Math.floor(mostBytes / 1024)} KiB and is not attached. Fetch it:`,
    `GET /v1/reports/${order.report}.${order.format}?${query}`,
    '',
  ].join('\n')
  return {
    filename: 'report-too-large.txt',
    content: Buffer.from(text),
    contentType: 'text/plain; charset=utf-8',
  }
}
