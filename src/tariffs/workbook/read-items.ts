/**
 * Reads the items of a long list in XML one by one, as its text comes: rows of a sheet, texts that its cells share.
 *
 * Items in the spelling that spreadsheet programs write are taken by a pattern; from the first on that has another
 * one, saxes reads what is left. A row of five cells takes 1.5 µs so, and 12 µs by saxes alone. Both give the same
 * (`test/tariffs/read-workbook.test.ts`).
 */
import { SaxesParser } from 'saxes'

export interface ItemReader<Item> {
  /** The element that holds the items, and theirs. */
  list: string
  item: string
  /** Of one item's whole text. Undefined: it has another spelling than programs write. */
  readPlain(xml: string): Item | undefined
  /** The same by elements, which come without their namespace's prefix. An item is whole when its own element closes. */
  open(element: string, attributes: Readonly<Record<string, string>>): void
  text(text: string): void
  close(element: string): Item | undefined
}

/** Before the list, and of one item; more than that is left to saxes. */
const maxPlainLength = 1024 ** 2

export async function* readItems<Item>(
  pieces: AsyncIterable<string>,
  reader: ItemReader<Item>,
): AsyncGenerator<Item[], void, undefined> {
  const plain = new PlainList(reader)
  let elements: ElementList<Item> | undefined
  for await (const piece of pieces) {
    if (elements) yield elements.push(piece)
    else {
      yield plain.push(piece)
      if (plain.isAtEnd) return
      if (plain.isStrange) {
        elements = new ElementList(reader)
        yield elements.push(plain.unread)
      }
    }
  }
  if (!elements) {
    elements = new ElementList(reader)
    yield elements.push(plain.unread)
  }
  elements.end()
}

class PlainList<Item> {
  isAtEnd = false
  /** Something has another spelling: an XML parser is to go on. */
  isStrange = false
  readonly #reader: ItemReader<Item>
  readonly #start: RegExp
  readonly #itemEnd: string
  readonly #listEnd: string
  /** Up to the list's first item; empty: the list has not begun. */
  #before = ''
  #rest = ''

  constructor(reader: ItemReader<Item>) {
    this.#reader = reader
    this.#start = new RegExp(`<${reader.list}(?:\\s[^<>]*)?>`)
    this.#itemEnd = `</${reader.item}>`
    this.#listEnd = `</${reader.list}>`
  }

  /** The text without the items that were taken, well-formed as a whole. */
  get unread(): string {
    return this.#before + this.#rest
  }

  push(piece: string): Item[] {
    const items: Item[] = []
    this.#rest += piece
    if (this.#before === '' && !this.#findStart()) return items
    const xml = this.#rest
    let at = 0
    for (let end = this.#endOfItem(xml, at); end >= 0; end = this.#endOfItem(xml, at)) {
      const item = this.#reader.readPlain(xml.slice(at, end))
      this.isStrange = item === undefined
      if (item === undefined) break
      items.push(item)
      at = end
    }
    this.#rest = xml.slice(at)
    this.isAtEnd = this.#rest.startsWith(this.#listEnd)
    this.isStrange ||= !this.isAtEnd && !this.#mayGoOn()
    return items
  }

  #mayGoOn(): boolean {
    const { length } = this.#rest
    return (
      length < this.#listEnd.length ||
      (this.#rest.startsWith(`<${this.#reader.item}`) && length <= maxPlainLength)
    )
  }

  #findStart(): boolean {
    const start = this.#start.exec(this.#rest)
    const end = start ? start.index + start[0].length : this.#rest.length
    const isPlain = !this.#rest.slice(0, end).includes('<!') && !start?.[0].endsWith('/>')
    this.isStrange = !isPlain || (!start && end > maxPlainLength)
    if (!start || this.isStrange) return false
    this.#before = this.#rest.slice(0, end)
    this.#rest = this.#rest.slice(end)
    return true
  }

  /** −1: it is not there yet, or no item. */
  #endOfItem(xml: string, at: number): number {
    if (!xml.startsWith(`<${this.#reader.item}`, at)) return -1
    const tagEnd = xml.indexOf('>', at)
    if (tagEnd < 0) return -1
    if (xml[tagEnd - 1] === '/') return tagEnd + 1
    const end = xml.indexOf(this.#itemEnd, tagEnd)
    return end < 0 ? -1 : end + this.#itemEnd.length
  }
}

class ElementList<Item> {
  readonly #parser = new SaxesParser()
  #items: Item[] = []

  constructor(reader: ItemReader<Item>) {
    let isInside = false
    this.#parser.on('opentag', ({ name, attributes }) => {
      if (isInside) reader.open(localName(name), attributes)
      else isInside = localName(name) === reader.list
    })
    this.#parser.on('text', (text) => reader.text(text))
    this.#parser.on('cdata', (text) => reader.text(text))
    this.#parser.on('closetag', ({ name }) => {
      if (localName(name) === reader.list) isInside = false
      if (!isInside) return
      const item = reader.close(localName(name))
      if (item !== undefined) this.#items.push(item)
    })
  }

  push(piece: string): Item[] {
    this.#parser.write(piece)
    const items = this.#items
    this.#items = []
    return items
  }

  end(): void {
    this.#parser.close()
  }
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Undefined: it has what only an XML parser reads. */
export function plainText(xml: string): string | undefined {
  if (!xml.includes('&')) return xml.includes('\r') ? undefined : xml
  if (/&(?!(?:amp|lt|gt|quot|apos);)|\r/.test(xml)) return undefined
  return xml.replace(/&(\w+);/g, (_, name: string) => entities[name] ?? '')
}

/** What Office writes for characters that XML cannot hold, and for line ends: `_x000D_`. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}
