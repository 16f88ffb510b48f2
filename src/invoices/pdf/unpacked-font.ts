/**
 * A font as PDF programs want it, from a WOFF file: its tables inflated and put one after another.
 *
 * fontkit 2.0 reads WOFF too, but inflates it with a program of its own for each document, a third of the time of a
 * small invoice. Files are read once. Layout of both formats: W3C "WOFF File Format 1.0", OpenType "otff".
 */
import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'

const unpacked = new Map<string, Buffer>()

export function unpackedFont(file: string): Buffer {
  const known = unpacked.get(file)
  if (known) return known
  const font = unpack(readFileSync(file), file)
  unpacked.set(file, font)
  return font
}

/** One table of the file, and nothing else of it. */
export function fontTable(file: string, wanted: string): Buffer {
  const woff = readFileSync(file)
  const count = woff.readUInt16BE(12)
  for (let place = 44; place < 44 + count * 20; place += 20) {
    if (woff.toString('latin1', place, place + 4) === wanted) return readTable(woff, place).content
  }
  throw new Error(`${file} has no table ${wanted}`)
}

interface Table {
  /** Four letters. */
  tag: number
  checksum: number
  content: Buffer
}

function unpack(woff: Buffer, file: string): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error(`${file} is not a WOFF file`)
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, i) => readTable(woff, 44 + i * 20))
  const count = tables.length
  const head = Buffer.alloc(12 + count * 16)
  const powers = Math.floor(Math.log2(count))
  head.writeUInt32BE(woff.readUInt32BE(4), 0)
  head.writeUInt16BE(count, 4)
  head.writeUInt16BE(2 ** powers * 16, 6)
  head.writeUInt16BE(powers, 8)
  head.writeUInt16BE(count * 16 - 2 ** powers * 16, 10)
  const pieces: Buffer[] = [head]
  let offset = head.length
  for (const [i, { tag, checksum, content }] of tables.entries()) {
    const place = 12 + i * 16
    head.writeUInt32BE(tag, place)
    head.writeUInt32BE(checksum, place + 4)
    head.writeUInt32BE(offset, place + 8)
    head.writeUInt32BE(content.length, place + 12)
    const padding = Buffer.alloc(-content.length & 3)
    pieces.push(content, padding)
    offset += content.length + padding.length
  }
  return Buffer.concat(pieces)
}

function readTable(woff: Buffer, place: number): Table {
  const offset = woff.readUInt32BE(place + 4)
  const packedLength = woff.readUInt32BE(place + 8)
  const length = woff.readUInt32BE(place + 12)
  const packed = woff.subarray(offset, offset + packedLength)
  return {
    tag: woff.readUInt32BE(place),
    checksum: woff.readUInt32BE(place + 16),
    content: packedLength < length ? inflateSync(packed) : packed,
  }
}
