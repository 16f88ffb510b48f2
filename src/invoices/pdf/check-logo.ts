/**
 * Can this picture be drawn? A PNG is decoded, a JPEG is read up to its pixels, which PDF programs decode themselves.
 *
 * pdfkit 0.20 decodes a PNG with transparency in a callback of zlib that throws where nobody can catch it, and what it
 * does not decode it puts into the file as it is. So both are looked through here, before it gets them.
 * Source: PNG (ISO/IEC 15948) 5 to 10, JPEG (ITU-T T.81) annex B.
 */
import { inflateSync } from 'node:zlib'

/** Unpacked. A logo of 50,000 characters cannot be more, as deflate packs to a thousandth at most. */
const maxBytes = 64 * 1024 * 1024
/** Some programs leave a few bytes behind the last row. */
const bytesBehind = 1024

/** What is wrong with a PNG or JPEG given as a data URL; undefined: nothing. */
export function findLogoFault(dataUrl: string): string | undefined {
  try {
    const picture = decodeLogo(dataUrl)
    if (picture.subarray(0, 8).equals(pngSignature)) checkPng(picture)
    else if (picture[0] === 0xff && picture[1] === 0xd8) checkJpeg(picture)
    else return 'is neither PNG nor JPEG'
    return undefined
  } catch (error) {
    // Besides ours there are those of zlib, and of reading beyond the end.
    return error instanceof Fault ? error.message : 'is damaged or not complete'
  }
}

export function decodeLogo(dataUrl: string): Buffer {
  return Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
}

class Fault extends Error {}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Colour type → samples of a pixel, and how many bits a sample may have. */
const colorTypes: Readonly<Record<number, { samples: number; bits: readonly number[] }>> = {
  0: { samples: 1, bits: [1, 2, 4, 8, 16] },
  2: { samples: 3, bits: [8, 16] },
  3: { samples: 1, bits: [1, 2, 4, 8] },
  4: { samples: 2, bits: [8, 16] },
  6: { samples: 4, bits: [8, 16] },
}
/** The passes of an interlaced picture: first column and row, and their steps. */
const interlaced = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

function checkPng(png: Buffer): void {
  if (png.toString('latin1', 12, 16) !== 'IHDR') throw new Fault('is damaged')
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const bits = png.readUInt8(24)
  const type = png.readUInt8(25)
  const method = png.readUInt8(28)
  const color = colorTypes[type]
  if (!color?.bits.includes(bits) || method > 1) throw new Fault('is not a PNG of a known kind')
  checkSize(width, height)
  const chunks = readChunks(png)
  const has = (name: string) => chunks.some((chunk) => chunk.name === name)
  if (type === 3 && !has('PLTE')) throw new Fault('has no palette')
  if (type === 3 && bits < 8 && has('tRNS')) {
    throw new Fault('is transparent with fewer than 8 bits a pixel: save it with 8')
  }
  // png-js 2.0 reads passes that are empty, and rows that end within a byte, in another way than they are written.
  if (method === 1 && (bits < 8 || width < 5)) throw new Fault('is interlaced: save it without')
  const packed = Buffer.concat(chunks.filter(({ name }) => name === 'IDAT').map(({ content }) => content))
  const passes = method === 1 ? interlaced : ([[0, 0, 1, 1]] as const)
  const rows = passes.map(([column, row, columns, rows]) => {
    const pixels = Math.ceil((width - column) / columns)
    const bytes = 1 + Math.ceil((pixels * color.samples * bits) / 8)
    return { bytes, count: pixels > 0 ? Math.max(0, Math.ceil((height - row) / rows)) : 0 }
  })
  const length = rows.reduce((sum, { bytes, count }) => sum + bytes * count, 0)
  if (length > maxBytes) throw new Fault('is too large')
  const unpacked = inflateSync(packed, { maxOutputLength: length + bytesBehind })
  if (unpacked.length < length) throw new Fault('is not complete')
  let at = 0
  for (const { bytes, count } of rows) {
    for (let row = 0; row < count; row++, at += bytes) {
      if (unpacked.readUInt8(at) > 4) throw new Fault('is damaged')
    }
  }
}

function readChunks(png: Buffer): { name: string; content: Buffer }[] {
  const chunks: { name: string; content: Buffer }[] = []
  for (let at = 8; ; ) {
    const length = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    if (name === 'IEND') return chunks
    if (at + 12 + length > png.length) throw new Fault('is not complete')
    chunks.push({ name, content: png.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
}

function checkJpeg(jpeg: Buffer): void {
  let hasSize = false
  for (let at = 2; ; ) {
    if (jpeg.readUInt8(at) !== 0xff) throw new Fault('is damaged')
    const marker = jpeg.readUInt8(at + 1)
    if (marker === 0xff) {
      at++
      continue
    }
    if (isFrame(marker)) {
      checkSize(jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5))
      if (![1, 3, 4].includes(jpeg.readUInt8(at + 9))) throw new Fault('is not a JPEG of a known kind')
      hasSize = true
    }
    // The pixels, up to the mark of the end.
    if (marker === 0xda) {
      if (!hasSize || jpeg.lastIndexOf(Buffer.from([0xff, 0xd9])) < at) throw new Fault('is not complete')
      return
    }
    at += 2 + jpeg.readUInt16BE(at + 2)
  }
}

/** SOF0 to SOF15 without the tables that stand among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

function checkSize(width: number, height: number): void {
  if (width === 0 || height === 0) throw new Fault('has no pixels')
}
