/**
 * Pages that are written from top to bottom: a place that moves down, new pages when there is no room, text in cells.
 *
 * Measures are points. Every text is part of the tagged structure; rules and repeated headers are not read out.
 */
import type { InvoiceTemplate } from './invoice-template.ts'
import { type PdfDocument, runsOf, type Weight } from './pdf-fonts.ts'

export const page = { width: 595.28, height: 841.89, left: 48, right: 48, top: 48, bottom: 64 } as const
export const contentWidth = page.width - page.left - page.right

export interface CellStyle {
  size: number
  weight?: Weight
  color?: string
  align?: 'left' | 'right'
}

export class PdfSheet {
  readonly pdf: PdfDocument
  readonly colors: InvoiceTemplate['colors']
  y: number = page.top
  #onNewPage: (() => void) | undefined
  /** What the page draws with: setting it for each cell would double the page. */
  #color = ''

  constructor(pdf: PdfDocument, colors: InvoiceTemplate['colors']) {
    this.pdf = pdf
    this.colors = colors
    this.addPage()
  }

  addPage(): void {
    if (this.pdf.bufferedPageRange().count > 0) packPage(this.pdf)
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

  /** One line of text in a cell. What does not fit its width is cut with an ellipsis. */
  cell(text: string, box: { x: number; y: number; width: number }, style: CellStyle): void {
    const { pdf } = this
    const shown = this.#fit(text, box.width, style)
    const runs = runsOf(shown, style.weight ?? 'regular')
    const color = style.color ?? this.colors.text
    if (color !== this.#color) pdf.fillColor(color)
    this.#color = color
    pdf.fontSize(style.size)
    let x = box.x
    if (style.align === 'right') x += box.width - this.widthOf(shown, style)
    for (const run of runs) {
      pdf.font(run.font).text(run.text, x, box.y, { lineBreak: false })
      if (runs.length > 1) x += pdf.widthOfString(run.text)
    }
  }

  widthOf(text: string, { size, weight = 'regular' }: CellStyle): number {
    this.pdf.fontSize(size)
    let width = 0
    for (const run of runsOf(text, weight)) width += this.pdf.font(run.font).widthOfString(run.text)
    return width
  }

  /** Lines of a text that is longer than its box, broken between words. */
  linesOf(text: string, width: number, style: CellStyle): string[] {
    const lines: string[] = []
    for (const paragraph of text.split('\n')) {
      let line = ''
      for (const word of paragraph.split(' ')) {
        const longer = line === '' ? word : `${line} ${word}`
        if (line !== '' && this.widthOf(longer, style) > width) {
          lines.push(line)
          line = word
        } else line = longer
      }
      lines.push(line)
    }
    return lines
  }

  /** A line across, or part of one. Decoration: not read out. */
  rule(from: number = page.left, to: number = page.width - page.right, width = 0.5): void {
    this.artifact(() => {
      this.pdf.moveTo(from, this.y).lineTo(to, this.y).lineWidth(width).strokeColor(this.colors.rule).stroke()
    })
  }

  /** What is drawn here is no part of the text that is read out. */
  artifact(draw: () => void): void {
    this.pdf.markContent('Artifact', { type: 'Layout' })
    draw()
    this.pdf.endMarkedContent()
  }

  #fit(text: string, width: number, style: CellStyle): string {
    // No letter of the font is wider than its size: short texts need no measuring.
    if (text.length * style.size * 0.5 <= width || this.widthOf(text, style) <= width) return text
    let shorter = text
    while (shorter.length > 1 && this.widthOf(`${shorter}…`, style) > width) shorter = shorter.slice(0, -1)
    return `${shorter}…`
  }
}

/**
 * Makes one piece of what a page has so far. pdfkit 0.20 keeps each operator as an array of its own until the page is
 * written, and pages wait for the number of pages: 5,000 rows held 100 MB. It may go when pdfkit joins them itself.
 */
function packPage(pdf: PdfDocument): void {
  const content: unknown = pdf.page.content
  if (typeof content !== 'object' || content === null || !('buffer' in content)) return
  const { buffer } = content
  if (Array.isArray(buffer)) content.buffer = [Buffer.concat(buffer)]
}
