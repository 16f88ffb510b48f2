/**
 * Pages that are written from top to bottom: a place that moves down, new pages when there is no room, text in cells.
 *
 * Measures are points. Every text is part of the tagged structure; rules and repeated headers are not read out.
 */
import type { InvoiceTemplate } from '../invoice-template.ts'
import type { Weight } from './font-files.ts'
import type { PdfDocument } from './pdf-document.ts'
import { PdfTags } from './pdf-tags.ts'
import { baseline, PdfType, type SetText } from './pdf-type.ts'
import { splitRuns, type TextRun } from './text-runs.ts'

export const page = { width: 595.28, height: 841.89, left: 48, right: 48, top: 48, bottom: 64 } as const
export const contentWidth = page.width - page.left - page.right

export interface CellStyle {
  size: number
  weight?: Weight
  color?: string
  align?: 'left' | 'right'
}

interface SetRun extends TextRun, SetText {
  type: PdfType
}

export class PdfSheet {
  readonly pdf: PdfDocument
  readonly tags: PdfTags
  readonly colors: InvoiceTemplate['colors']
  readonly #language: string
  y: number = page.top
  #onNewPage: (() => void) | undefined
  /** What the page draws with: setting it for each cell would double the page. */
  #color = ''
  readonly #types = new Map<string, PdfType>()

  constructor(
    pdf: PdfDocument,
    { colors, language }: { colors: InvoiceTemplate['colors']; language: string },
  ) {
    this.pdf = pdf
    this.tags = new PdfTags(pdf)
    this.colors = colors
    this.#language = language
    this.addPage()
  }

  addPage(): void {
    this.pdf.addPage()
    this.#color = ''
    this.y = page.top
    this.#onNewPage?.()
  }

  /** What each new page begins with, such as the header of a table; undefined: nothing. */
  repeatOnNewPages(draw: (() => void) | undefined): void {
    this.#onNewPage = draw
  }

  /** Back to a page that was drawn before, for its foot. */
  returnToPage(index: number): void {
    this.pdf.switchToPage(index)
    this.#color = ''
  }

  /** Points left on this page. */
  room(): number {
    return page.height - page.bottom - this.y
  }

  /** Goes to a new page where `height` does not fit. */
  needRoom(height: number): void {
    if (this.y + height > page.height - page.bottom) this.addPage()
  }

  /** One line of text in a cell. What does not fit its width is cut with an ellipsis; numbers are set smaller instead. */
  cell(text: string, box: { x: number; y: number; width: number }, style: CellStyle): void {
    const { pdf } = this
    const { weight = 'regular', color = this.colors.text } = style
    let { size } = style
    let runs = this.#set(text, weight)
    const width = sumWidths(runs, size)
    if (width > box.width) {
      if (style.align === 'right') size *= box.width / width
      else runs = this.#shortened(text, box.width, style)
    }
    if (color !== this.#color) pdf.fillColor(color)
    this.#color = color
    let x = box.x
    if (style.align === 'right') x += Math.max(0, box.width - width)
    const isAsWritten = runs.every((run) => run.operands !== null) && joined(runs) === text
    const draw = () => {
      for (const run of runs) {
        this.#drawRun(run, { x, y: box.y, size })
        x += (run.width * size) / 1000
      }
    }
    if (isAsWritten) draw()
    else this.tags.readAs(text, draw)
  }

  #drawRun(run: SetRun, at: { x: number; y: number; size: number }): void {
    if (run.operands !== null) {
      run.type.draw(run.operands, at)
      return
    }
    const foot = at.y + (baseline * at.size) / 1000
    this.pdf
      .font(run.font)
      .fontSize(at.size)
      .text(run.text, at.x, foot, { lineBreak: false, baseline: 'alphabetic' })
  }

  measure(text: string, { size, weight = 'regular' }: CellStyle): number {
    return sumWidths(this.#set(text, weight), size)
  }

  /** Lines of a text that is longer than its box, broken between words. */
  breakLines(text: string, width: number, style: CellStyle): string[] {
    const lines: string[] = []
    for (const paragraph of text.split('\n')) {
      let line = ''
      for (const word of this.#wordsOf(paragraph, width, style)) {
        const longer = line === '' ? word : `${line} ${word}`
        if (line !== '' && this.measure(longer, style) > width) {
          lines.push(line)
          line = word
        } else line = longer
      }
      lines.push(line)
    }
    return lines
  }

  /** A line may be broken between these; a word that is longer than a line, as in scripts without blanks, anywhere. */
  #wordsOf(paragraph: string, width: number, style: CellStyle): string[] {
    return paragraph.split(' ').flatMap((word) => {
      if (this.measure(word, style) <= width) return [word]
      const parts: string[] = []
      for (const letter of word) {
        const longer = (parts.at(-1) ?? '') + letter
        if (parts.length > 0 && this.measure(longer, style) <= width) parts[parts.length - 1] = longer
        else parts.push(letter)
      }
      return parts
    })
  }

  /** A line across, or part of one. Decoration: not read out. */
  rule(from: number = page.left, to: number = page.width - page.right, width = 0.5): void {
    this.tags.artifact(() => {
      this.pdf.moveTo(from, this.y).lineTo(to, this.y).lineWidth(width).strokeColor(this.colors.rule).stroke()
    })
  }

  #shortened(text: string, width: number, { size, weight = 'regular' }: CellStyle): SetRun[] {
    let shorter = text
    let runs: SetRun[]
    do {
      shorter = shorter.slice(0, -1)
      runs = this.#set(`${shorter}…`, weight)
    } while (shorter.length > 1 && sumWidths(runs, size) > width)
    return runs
  }

  #set(text: string, weight: Weight): SetRun[] {
    return splitRuns(text, weight, this.#language).map((run) => {
      let type = this.#types.get(run.font)
      if (!type) {
        type = new PdfType(this.pdf, run.font)
        this.#types.set(run.font, type)
      }
      const { width, operands } = type.set(run.text)
      return { font: run.font, text: run.text, type, width, operands }
    })
  }
}

function joined(runs: readonly SetRun[]): string {
  let text = ''
  for (const run of runs) text += run.text
  return text
}

function sumWidths(runs: readonly SetRun[], size: number): number {
  let width = 0
  for (const run of runs) width += run.width
  return (width * size) / 1000
}
