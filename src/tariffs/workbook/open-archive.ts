/**
 * Which parts does a workbook's ZIP archive have, and what text is in one? Read from the file by yauzl as it is unpacked;
 * a part that is larger than the archive says is refused.
 */
import { pipeline, type Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { InvalidWorkbook } from './invalid-workbook.ts'

/** Both unpacked. Texts that cells share are held in memory as a whole, a sheet is read as it is unpacked. */
const maxHeldBytes = 64 * 1024 ** 2
const maxUnpackedBytes = 2 * 1024 ** 3
const pieceBytes = 256 * 1024
/** Methods of compression; workbooks have no other. */
const stored = 0
const deflated = 8

export class Archive {
  readonly #zip: ZipFile
  readonly #parts: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, parts: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#parts = parts
  }

  static async open(file: string): Promise<Archive> {
    const zip = await openPromise(file, { autoClose: false })
    try {
      const parts = new Map<string, Entry>()
      let total = 0
      for await (const entry of zip.eachEntry()) {
        total += entry.uncompressedSize
        parts.set(entry.fileName, entry)
      }
      if (total > maxUnpackedBytes) throw tooLarge()
      return new Archive(zip, parts)
    } catch (error) {
      zip.close()
      throw error
    }
  }

  async readText(part: string): Promise<string> {
    let text = ''
    for await (const piece of this.streamText(part, 'held')) text += piece
    return text
  }

  /** `held`: its contents stay in memory. */
  async *streamText(part: string, use: 'held' | 'passing'): AsyncGenerator<string, void, undefined> {
    const entry = this.#parts.get(part)
    if (!entry) throw new InvalidWorkbook(`The workbook lacks its part ${part}: save it again as .xlsx.`)
    if (use === 'held' && entry.uncompressedSize > maxHeldBytes) throw tooLarge()
    const decoder = new TextDecoder()
    let length = 0
    for await (const bytes of await this.#openPart(entry)) {
      length += bytes.length
      if (length > entry.uncompressedSize)
        throw new InvalidWorkbook(`The part ${part} is larger than it says.`)
      yield decoder.decode(bytes, { stream: true })
    }
    yield decoder.decode()
  }

  /** Unpacked in large pieces: yauzl's own of 16 KiB take three times as long. */
  async #openPart(entry: Entry): Promise<Readable> {
    const { compressionMethod } = entry
    if (compressionMethod !== stored && compressionMethod !== deflated) {
      throw new InvalidWorkbook('The workbook is packed in a way that is not known: save it again as .xlsx.')
    }
    const packed = await this.#zip.openReadStreamPromise(entry, {
      decompress: compressionMethod === deflated ? false : null,
    })
    return compressionMethod === stored
      ? packed
      : pipeline(packed, createInflateRaw({ chunkSize: pieceBytes }), () => {})
  }

  close(): void {
    this.#zip.close()
  }
}

function tooLarge(): InvalidWorkbook {
  return new InvalidWorkbook('The workbook is too large when unpacked: save the sheet as CSV.')
}
