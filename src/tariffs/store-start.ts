/** The first MiB of a CSV file, or a whole workbook: it can only be read from its end. What follows is not kept. */
import { createWriteStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { maxWorkbookBytes } from './read-workbook.ts'

const maxCsvBytes = 1024 ** 2

export async function storeStart(sheet: Readable, file: string): Promise<void> {
  let kept = 0
  let max: number | undefined
  const cut = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      max ??= chunk.subarray(0, 2).toString('latin1') === 'PK' ? maxWorkbookBytes + 1 : maxCsvBytes
      const part = chunk.subarray(0, max - kept)
      kept += part.length
      done(null, part)
    },
  })
  await pipeline(sheet, cut, createWriteStream(file, { mode: 0o600 }))
}
