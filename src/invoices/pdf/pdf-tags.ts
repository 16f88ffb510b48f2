/**
 * What a reading program finds in a PDF: a tree of tags, each leaf with the piece of a page that it stands for.
 *
 * pdfkit 0.20 has such a tree of its own, which keeps some 4 KB for each tag until the end: six cells in each of
 * 5,000 rows held 150 MB. Here a tag is written when it closes and only its number is kept. It may go when pdfkit's
 * own elements do the same.
 */
import type { PdfDocument } from './pdf-document.ts'

/** What pdfkit has and its types leave out. */
interface TaggedPdf {
  getStructTreeRoot(): { data: Record<string, unknown> }
  getStructParentTree(): { get(key: number): unknown[] }
}

interface TaggedPage {
  dictionary: object
  structParentTreeKey: number
}

type Reference = ReturnType<PdfDocument['ref']>

interface OpenTag {
  reference: Reference
  data: Record<string, unknown>
  kids: WrittenTag[]
}

/** Stands for an object that is in the file already. pdfkit writes what it does not know by its text. */
class WrittenTag {
  readonly id: number

  constructor(id: number) {
    this.id = id
  }

  get [Symbol.toStringTag](): string {
    return 'WrittenTag'
  }

  toString(): string {
    return `${this.id} 0 R`
  }
}

export class PdfTags {
  readonly #pdf: PdfDocument
  readonly #root: { data: Record<string, unknown> }
  readonly #pieces: { get(key: number): unknown[] }
  readonly #open: OpenTag[] = []

  constructor(pdf: PdfDocument) {
    this.#pdf = pdf
    const tagged = pdf as unknown as TaggedPdf
    this.#root = tagged.getStructTreeRoot()
    this.#pieces = tagged.getStructParentTree()
  }

  /** Tags inside this one follow until `close`. */
  open(type: string): void {
    const parent = this.#open.at(-1)
    const data: Record<string, unknown> = { S: type, P: parent?.reference ?? this.#root }
    const reference = this.#pdf.ref(data)
    if (parent) parent.kids.push(writtenTag(reference))
    else this.#root.data.K = [reference]
    this.#open.push({ reference, data, kids: [] })
  }

  close(): void {
    const tag = this.#open.pop()
    if (!tag) throw new Error('a tag is closed that was not opened')
    tag.data.K = tag.kids
    tag.reference.end('')
  }

  /** What is drawn here is read out as this. It stays on one page. */
  leaf(type: string, draw: () => void, attributes: object = {}): void {
    const parent = this.#open.at(-1)
    if (!parent) throw new Error(`the tag ${type} stands in no other`)
    const page = this.#pdf.page as unknown as TaggedPage
    const pieces = this.#pieces.get(page.structParentTreeKey)
    const piece = pieces.length
    const reference = this.#pdf.ref({
      S: type,
      P: parent.reference,
      Pg: page.dictionary,
      K: piece,
      ...attributes,
    })
    const written = writtenTag(reference)
    parent.kids.push(written)
    pieces.push(written)
    this.#pdf.addContent(`/${type} <</MCID ${piece}>> BDC`)
    draw()
    this.#pdf.addContent('EMC')
    reference.end('')
  }

  /** What is drawn here is found, copied and read out as this text: its signs alone do not tell it. */
  readAs(text: string, draw: () => void): void {
    const hex = Buffer.from(`\ufeff${text}`, 'utf16le').swap16().toString('hex')
    this.#pdf.addContent(`/Span <</ActualText <${hex}>>> BDC`)
    draw()
    this.#pdf.addContent('EMC')
  }

  /** What is drawn here is no part of the text that is read out. */
  artifact(draw: () => void): void {
    this.#pdf.addContent('/Artifact <</Type /Layout>> BDC')
    draw()
    this.#pdf.addContent('EMC')
  }
}

function writtenTag(reference: Reference): WrittenTag {
  const id: unknown = 'id' in reference ? reference.id : undefined
  if (typeof id !== 'number') throw new Error('an object of the PDF has no number')
  return new WrittenTag(id)
}
