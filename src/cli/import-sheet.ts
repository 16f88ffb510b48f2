/**
 * Sends a rate sheet to a deck and waits for what comes of it, telling how far it is.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { openProgress } from './progress.ts'
import type { ServiceApi } from './service-api.ts'
import { type SheetMappingGiven, sheetRequest } from './sheet-request.ts'
import type { Output } from './terminal.ts'

export interface ImportAnswer {
  id: string
  status: 'queued' | 'running' | 'applied' | 'rejected' | 'dry-run'
  rowsRead: number
  rowsTotal: number | null
  errors: { line: number | null; column: string | null; code: string; detail: string; value: string | null }[]
  errorsTotal: number
  warnings: { line: number | null; code: string; detail: string }[]
  summary: { added: number; changed: number; removed: number; unchanged: number; kept: number } | null
  version: number | null
}

export interface SheetImport {
  rateDeckId: string
  csv: ReadableStream<Uint8Array> | string
  mode: 'replace' | 'merge'
  dryRun: boolean
  /** How the sheet is read: one that the service keeps, by its id, or the mapping itself. */
  mapping?: SheetMappingGiven | undefined
}

const pollMs = 200

export async function importSheet(
  api: ServiceApi,
  { rateDeckId, csv, mode, dryRun, mapping }: SheetImport,
  output: Output,
): Promise<ImportAnswer> {
  let answer: ImportAnswer = await api.json('POST', `/v1/rate-decks/${rateDeckId}/imports`, {
    ...sheetRequest({ csv, mapping }),
    query: { mode, dryRun, mapping: mapping?.id },
  })
  const progress = openProgress(output, 'rows')
  while (answer.status === 'queued' || answer.status === 'running') {
    progress.update(answer.rowsRead, answer.rowsTotal)
    await wait(pollMs)
    answer = await api.json('GET', `/v1/imports/${answer.id}`)
  }
  progress.end(answer.rowsRead)
  return answer
}
