/** Puts a sheet that is sent into a file: as a whole, or as much as it takes to see how it would be read. */
import { createWriteStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { maxWorkbookBytes } from './read-workbook.ts'

const maxCsvStartBytes = 1024 ** 2

/** Answers how many lines the file has, which its rows are at most. */
export async function storeSheet(sheet: Readable, file: string): Promise<number> {
  let lines = 0
  let lastByte = 10
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
      lastByte = chunk.at(-1) ?? lastByte
      done(null, chunk)
    },
  })
  await pipeline(sheet, count, createWriteStream(file, { mode: 0o600 }))
  return lastByte === 10 ? lines : lines + 1
}

/** The first MiB of a CSV file, or a whole workbook: it can only be read from its end. What follows is not kept. */
export async function storeStart(sheet: Readable, file: string): Promise<void> {
  let kept = 0
  let max: number | undefined
  const cut = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      max ??= chunk.subarray(0, 2).toString('latin1') === 'PK' ? maxWorkbookBytes + 1 : maxCsvStartBytes
      const part = chunk.subarray(0, max - kept)
      kept += part.length
      done(null, part)
    },
  })
  await pipeline(sheet, cut, createWriteStream(file, { mode: 0o600 }))
}
