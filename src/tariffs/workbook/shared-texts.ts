/** The texts that cells of a workbook share, in their order. Readings that stand above letters are no part of them. */
import { type ItemReader, plainText, readItems, unescapeText } from './read-items.ts'

const plainItem = /^<si><t(?: xml:space="preserve")?>([^<]*)<\/t><\/si>$/

export async function readSharedTexts(pieces: AsyncIterable<string>): Promise<string[]> {
  const texts: string[] = []
  for await (const some of readItems(pieces, new SharedTextReader()))
    for (const text of some) texts.push(text)
  return texts
}

class SharedTextReader implements ItemReader<string> {
  readonly list = 'sst'
  readonly item = 'si'
  readonly #inner = new TextElements()

  readPlain(xml: string): string | undefined {
    const written = plainItem.exec(xml)?.[1]
    const text = written === undefined ? undefined : plainText(written)
    return text === undefined ? undefined : unescapeText(text)
  }

  open(element: string): void {
    if (element === 'si') this.#inner.take()
    this.#inner.open(element)
  }

  text(text: string): void {
    this.#inner.text(text)
  }

  close(element: string): string | undefined {
    this.#inner.close(element)
    return element === 'si' ? this.#inner.take() : undefined
  }
}

/** Joins what stands in `t` elements, of one run or several. */
export class TextElements {
  #text = ''
  #isOpen = false
  #isReading = false

  open(element: string): void {
    if (element === 'rPh') this.#isReading = true
    if (element === 't') this.#isOpen = !this.#isReading
  }

  text(text: string): void {
    if (this.#isOpen) this.#text += text
  }

  close(element: string): void {
    if (element === 'rPh') this.#isReading = false
    if (element === 't') this.#isOpen = false
  }

  take(): string {
    const text = unescapeText(this.#text)
    this.#text = ''
    return text
  }
}
