/**
 * How does a report become Parquet? Columns of the right type, a row group at a time, so that memory holds one group.
 *
 * Money is a DECIMAL(38,10) from a scaled integer: given a JavaScript number, hyparquet-writer 0.17 would go
 * through float64. Instants are TIMESTAMP (milliseconds, UTC), days DATE, the rest strings, integers and booleans.
 */
import { setImmediate } from 'node:timers/promises'
import type { DecodedArray, SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { dayMs } from '../rating/zone-clock.ts'
import { readInstantText, startOfUtcDay } from './local-time.ts'
import { scaledInteger } from './plain-decimal.ts'
import type { Batches, Column, Value } from './report.ts'

const scale = 10
/** Rows of a row group: few enough for memory, enough to compress. */
const groupRows = 4000

export async function* writeParquet(
  columns: readonly Column[],
  batches: Batches,
): AsyncGenerator<Uint8Array, void, undefined> {
  const sink = new ChunkWriter()
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map((column) => toSchemaElement(column)),
  ]
  const file = new ParquetWriter({ writer: sink, schema, createdBy: 'tollgate' })
  // Converted as they come: a whole group at once would hold the event loop a third longer.
  let waiting = columns.map((): unknown[] => [])
  const countWaiting = () => waiting[0]?.length ?? 0
  const writeWaiting = async () => {
    const columnData = columns.map(({ name }, place) => ({ name, data: waiting[place] as DecodedArray }))
    const rows = countWaiting()
    waiting = columns.map(() => [])
    await writeGroup(file, columnData, rows)
    return sink.take()
  }
  for await (const rows of batches) {
    for (const [place, column] of columns.entries()) {
      for (const row of rows) waiting[place]?.push(toParquet(column, row[place] ?? null))
    }
    if (countWaiting() >= groupRows) yield await writeWaiting()
  }
  if (countWaiting() > 0) yield await writeWaiting()
  file.finish()
  yield sink.take()
}

/**
 * A column at a time, with room for other work after each: a whole group would hold the event loop for 88 ms. hyparquet-writer 0.17
 * writes groups at once, so that each column is written as a group of its own first.
 */
async function writeGroup(
  file: ParquetWriter,
  columnData: readonly { name: string; data: DecodedArray }[],
  rows: number,
): Promise<void> {
  const before = file.row_groups.length
  for (const column of columnData) {
    file.write({ columnData: [column], rowGroupSize: rows })
    await setImmediate()
  }
  const parts = file.row_groups.splice(before)
  const sum = (sizes: readonly bigint[]) => sizes.reduce((total, size) => total + size, 0n)
  file.row_groups.push({
    columns: parts.flatMap((part) => part.columns),
    num_rows: BigInt(rows),
    total_byte_size: sum(parts.map((part) => part.total_byte_size)),
    total_compressed_size: sum(parts.map((part) => part.total_compressed_size ?? 0n)),
  })
  // Each part has counted all rows.
  file.num_rows -= BigInt(rows * (parts.length - 1))
}

/** Bytes leave it as soon as they are written; offsets go on counting. */
class ChunkWriter extends ByteWriter {
  take(): Uint8Array {
    const bytes = new Uint8Array(this.buffer, 0, this.index).slice()
    this.index = 0
    return bytes
  }
}

function toSchemaElement({ name, kind }: Column): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  switch (kind) {
    case 'amount':
    case 'decimal':
      return {
        ...optional,
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 16,
        converted_type: 'DECIMAL',
        precision: 38,
        scale,
      }
    case 'integer':
      return { ...optional, type: 'INT64' }
    case 'boolean':
      return { ...optional, type: 'BOOLEAN' }
    case 'day':
      return { ...optional, type: 'INT32', converted_type: 'DATE' }
    case 'instant':
      return {
        ...optional,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        // Said outright: without it some readers take instants for wall clocks.
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      }
    default:
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  }
}

function toParquet({ kind }: Column, value: Value): unknown {
  if (value === null) return undefined
  switch (kind) {
    case 'amount':
    case 'decimal':
      return scaledInteger(String(value), scale)
    case 'integer':
      return BigInt(value)
    case 'boolean':
      return value
    case 'day':
      return startOfUtcDay(String(value)) / dayMs
    case 'instant':
      return BigInt(readInstantText(String(value)))
    default:
      return String(value)
  }
}
