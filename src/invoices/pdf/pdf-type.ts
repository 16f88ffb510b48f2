/**
 * Text set in one font: its width, and the operators that draw it.
 *
 * Letters and pairs of letters are laid out once for a document and looked up from then on, kerning included; pdfkit
 * 0.20 lays out each word anew with all of OpenType and keeps each in memory, two thirds of the time of a long annex.
 * Letters stand side by side, also those that could join (fi). A text whose letters change or move with their
 * neighbours, and one with marks that sit on letters, is laid out whole and has no operands here: pdfkit draws it.
 */
import type { PdfDocument } from './pdf-document.ts'
import { openFont } from './pdf-fonts.ts'
import type { TextRun } from './text-runs.ts'

/** What pdfkit knows of a font and its types leave out. Measures are thousandths of the font's size. */
interface PdfFont {
  id: string
  ref(): object
  encode(text: string): [glyphs: string[], positions: Position[]]
}

interface Position {
  xAdvance: number
  advanceWidth: number
}

interface Letter {
  /** Four hex digits. */
  glyph: string
  width: number
}

export interface SetText {
  /** In thousandths of the size. */
  width: number
  /** For `TJ`; null: pdfkit draws it. */
  operands: string | null
}

const needsLayout = /[\p{M}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Thai}]/u

/** From the top of a line to the foot of its letters, of the Latin font: the fonts of one line stand on one foot. */
export const baseline = 1069

export class PdfType {
  readonly #pdf: PdfDocument
  readonly #font: PdfFont
  readonly #letters = new Map<string, Letter>()
  readonly #pairs = new Map<string, number>()

  constructor(pdf: PdfDocument, name: TextRun['font']) {
    this.#pdf = pdf
    this.#font = readFont(pdf, name)
  }

  set(text: string): SetText {
    if (needsLayout.test(text)) return this.#setWhole(text)
    let operands = ''
    let glyphs = ''
    let width = 0
    let last = ''
    for (const letter of text) {
      const set = this.#letter(letter)
      const kerning = last === '' ? 0 : this.#kerning(last + letter)
      if (kerning !== 0) {
        operands += `<${glyphs}> ${numberText(-kerning)} `
        glyphs = ''
      }
      glyphs += set.glyph
      width += set.width + kerning
      last = letter
    }
    return { width, operands: `${operands}<${glyphs}>` }
  }

  /** Puts it on the page; `y` is the top of the line. */
  draw(operands: string, at: { x: number; y: number; size: number }): void {
    const { fonts } = this.#pdf.page as unknown as { fonts: Record<string, object> }
    fonts[this.#font.id] ??= this.#font.ref()
    const foot = at.y + (baseline * at.size) / 1000
    // The page's y grows downwards; letters stand upright by turning them back.
    this.#pdf.addContent(
      `BT /${this.#font.id} ${numberText(at.size)} Tf 1 0 0 -1 ${numberText(at.x)} ${numberText(foot)} Tm [${operands}] TJ ET`,
    )
  }

  #letter(letter: string): Letter {
    const known = this.#letters.get(letter)
    if (known) return known
    // Some signs, such as joiners, draw nothing.
    const [[glyph = ''], [position]] = this.#font.encode(letter)
    const set = { glyph, width: position?.advanceWidth ?? 0 }
    this.#letters.set(letter, set)
    return set
  }

  #kerning(pair: string): number {
    const known = this.#pairs.get(pair)
    if (known !== undefined) return known
    const [, [first, second]] = this.#font.encode(pair)
    const kerning = first && second ? first.xAdvance - first.advanceWidth : 0
    this.#pairs.set(pair, kerning)
    return kerning
  }

  #setWhole(text: string): SetText {
    const [, positions] = this.#font.encode(text)
    return { width: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0), operands: null }
  }
}

function readFont(pdf: PdfDocument, name: TextRun['font']): PdfFont {
  const font: unknown = Reflect.get(openFont(pdf, name), '_font')
  if (typeof font === 'object' && font !== null && 'encode' in font) {
    return font as PdfFont
  }
  throw new Error(`pdfkit has no font ${name} that encodes text`)
}

function numberText(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}
