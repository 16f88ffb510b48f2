/**
 * pdfkit's document, written to memory in large pieces.
 *
 * pdfkit 0.20 keeps each operator of a page as an array of bytes of its own until the page is written, and pages wait
 * until their number is known; each line of the file then is another array in a stream's queue. 5,000 rows held
 * 150 MB so. Here a page is one array and the file a few blocks. It may go when pdfkit joins them itself.
 */
import PDFDocument from 'pdfkit'
import { escapeXml } from '../xml-element.ts'

type Pdfkit = InstanceType<typeof PDFDocument>

const blockBytes = 65_536

/** What pdfkit has and its types leave out. */
function hidden(pdf: Pdfkit): { appendXML(xml: string): void; _addInfo(this: Pdfkit): void } {
  return pdf as unknown as ReturnType<typeof hidden>
}

export class PdfDocument extends PDFDocument {
  #operators: unknown[] = []
  #blocks: Buffer[] = []
  #block = Buffer.allocUnsafe(blockBytes)
  #used = 0

  override addContent(operator: unknown): this {
    this.#operators.push(operator)
    return this
  }

  override addPage(...options: Parameters<Pdfkit['addPage']>): this {
    this.#writePage()
    super.addPage(...options)
    return this
  }

  override switchToPage(index: number): ReturnType<Pdfkit['switchToPage']> {
    this.#writePage()
    return super.switchToPage(index)
  }

  /** The file's next piece; null: the last was written. The first lines come before our fields exist: they queue. */
  override push(piece: Uint8Array | null): boolean {
    if (!(#blocks in this)) return super.push(piece)
    for (let from = 0; piece && from < piece.length; ) {
      const length = Math.min(piece.length - from, blockBytes - this.#used)
      this.#block.set(piece.subarray(from, from + length), this.#used)
      from += length
      this.#used += length
      if (this.#used === blockBytes) this.#startBlock()
    }
    return true
  }

  /** Adds XMP to what the file says of itself. */
  describe(xml: string): void {
    hidden(this).appendXML(xml)
  }

  /** pdfkit 0.20 writes title and author into XML as they stand, `&` too. It may go when pdfkit escapes them. */
  _addInfo(): void {
    const asWritten = this.info
    this.info = Object.fromEntries(
      Object.entries(asWritten).map(([name, value]) => [
        name,
        typeof value === 'string' ? escapeXml(value) : value,
      ]),
    )
    hidden(PDFDocument.prototype)._addInfo.call(this)
    this.info = asWritten
  }

  /** The file. Nothing can be drawn any more. */
  finish(): Buffer {
    this.#writePage()
    this.end()
    const first: Buffer = this.read()
    return Buffer.concat([first, ...this.#blocks, this.#block.subarray(0, this.#used)])
  }

  #startBlock(): void {
    this.#blocks.push(this.#block)
    this.#block = Buffer.allocUnsafe(blockBytes)
    this.#used = 0
  }

  #writePage(): void {
    if (this.#operators.length > 0) super.addContent(this.#operators.join('\n'))
    this.#operators = []
  }
}
