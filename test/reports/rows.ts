/**
 * Rows of a report without a database, and what a writer makes of them.
 */
import type { Row } from '../../src/reports/report.ts'

export async function* inBatches(rows: readonly Row[], size = 2): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const piece of pieces) chunks.push(piece)
  return new Uint8Array(Buffer.concat(chunks))
}
