/**
 * `tollgate import FILE --inspect`: what a sheet is, as far as it says so, without a service; with a deck the service is
 * asked, which knows its currency.
 */
import { readFile } from 'node:fs/promises'
import { inspectSheet as inspectFile } from '../tariffs/inspect-sheet.ts'
import type { SheetMapping } from '../tariffs/sheet-mapping.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import type { ServiceApi } from './service-api.ts'
import { openSheetFile, type SheetMappingGiven, sheetRequest } from './sheet-request.ts'
import { alignTable } from './terminal.ts'

export interface Inspected {
  separator: string | null
  encoding: string | null
  headerLine: number | null
  columns: { position: number; heading: string; column: string | null; sample: string }[]
  mapping: SheetMapping
  doubts: { line: number | null; column: string | null; code: string; detail: string }[]
  rows: InspectedRow[]
}

interface InspectedRow {
  line: number | null
  prefix: string | null
  effectiveAt: string | null
  removed: boolean
  rate: { destination?: string; connectFee?: string; steps?: { rate: string; perSeconds: number }[] } | null
  errors: { column: string | null; detail: string }[]
}

export async function inspectByService(
  api: ServiceApi,
  {
    rateDeckId,
    file,
    mapping,
  }: { rateDeckId: string; file: string; mapping?: SheetMappingGiven | undefined },
): Promise<Inspected> {
  return api.json('POST', `/v1/rate-decks/${rateDeckId}/imports/inspect`, {
    ...sheetRequest({ csv: await openSheetFile(file), mapping }),
    query: { mapping: mapping?.id },
  })
}

/** `map`: a file with a mapping. */
export async function inspectHere(file: string, map: string | undefined): Promise<Inspected> {
  await (await openSheetFile(file)).cancel()
  const order = { file, mapping: map === undefined ? {} : await readMapping(map), currency: null }
  const { rows, ...found } = await inspectFile({ ...order, rounding: { mode: 'up', decimals: 6 } })
  return {
    ...found,
    rows: rows.map((row) => {
      if ('errors' in row) return { ...nothing, line: row.line, errors: row.errors }
      const { line, prefix, destination, terms, effectiveAt, isRemoved } = row
      return {
        ...nothing,
        line,
        prefix,
        removed: isRemoved,
        effectiveAt: effectiveAt === null ? null : new Date(effectiveAt).toISOString(),
        rate: isRemoved ? null : { destination, ...terms },
      }
    }),
  }
}

const nothing: InspectedRow = {
  line: null,
  prefix: null,
  effectiveAt: null,
  removed: false,
  rate: null,
  errors: [],
}

async function readMapping(file: string): Promise<SheetMapping> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new CommandFailed(`${file} is not a file with a mapping in JSON.`, exitCodes.misused, {
      cause: error,
    })
  }
}

export function inspectedLines({ columns, headerLine, mapping, doubts, rows }: Inspected): string[] {
  return [
    headerLine === null ? 'No line of headings.' : `Headings in line ${headerLine}.`,
    ...alignTable([
      ['position', 'heading', 'read as', 'first value'],
      ...columns.map(({ position, heading, column, sample }) => [
        String(position),
        heading,
        column ?? '–',
        sample,
      ]),
    ]),
    '',
    ...rowLines(rows),
    ...doubts.map(({ line, column, detail }) => `doubt${describePlace(line, column)}: ${detail}`),
    '',
    JSON.stringify(mapping),
  ]
}

export function rowLines(rows: readonly InspectedRow[]): string[] {
  if (rows.length === 0) return []
  return alignTable([
    ['line', 'prefix', 'destination', 'rate', 'fee', 'from'],
    ...rows.map(({ line, prefix, rate, removed, effectiveAt, errors }) => {
      const [fault] = errors
      if (fault) return [String(line ?? '?'), `${fault.column ?? ''} ${fault.detail}`.trim()]
      const [step] = rate?.steps ?? []
      const price = step ? `${step.rate} / ${step.perSeconds} s` : removed ? 'removed' : ''
      return [
        String(line ?? '?'),
        prefix ?? '',
        rate?.destination ?? '',
        price,
        rate?.connectFee ?? '',
        effectiveAt ?? 'at once',
      ]
    }),
  ])
}

function describePlace(line: number | null, column: string | null): string {
  return `${line === null ? '' : `, line ${line}`}${column === null ? '' : `, ${column}`}`
}
