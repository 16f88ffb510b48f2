/**
 * Text set in one font: its width, and the operators that draw it.
 *
 * Letters and pairs of letters are laid out once for a process and looked up from then on, kerning included; pdfkit
 * 0.20 lays out each word anew with all of OpenType and keeps each in memory, two thirds of the time of a long annex. Laid
 * out for each document, the letters of a small invoice took half of its time.
 * Letters stand side by side, also those that could join (fi). A text whose letters change or move with their
 * neighbours, and one with marks that sit on letters, is laid out whole and has no operands here: pdfkit draws it.
 */
import { remember } from '../../bounded-cache.ts'
import type { PdfDocument } from './pdf-document.ts'
import { openFont } from './pdf-fonts.ts'
import type { TextRun } from './text-runs.ts'

/** What pdfkit knows of a font and its types leave out. Measures are thousandths of the font's size. */
interface PdfFont {
  id: string
  ref(): object
  layout(text: string): { glyphs: { id: number; codePoints: number[] }[]; positions: Position[] }
  /** The glyphs that the document embeds: answers the place of one among them. */
  subset: { includeGlyph(id: number): number }
  /** Of each of these glyphs. */
  widths: number[]
  unicode: number[][]
}

interface Position {
  xAdvance: number
  advanceWidth: number
}

/** A letter in the font's file, whatever the document; null: it draws nothing, as joiners. */
type Measured = { glyph: number; codePoints: number[]; width: number } | null

interface Measures {
  letters: Map<string, Measured>
  /** Kerning between two letters. */
  pairs: Map<string, number>
}

const measuresOfFonts = new Map<TextRun['font'], Measures>()

/** A letter in the document. */
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
  readonly #measures: Measures
  readonly #letters = new Map<string, Letter>()

  constructor(pdf: PdfDocument, name: TextRun['font']) {
    this.#pdf = pdf
    this.#font = readFont(pdf, name)
    this.#measures = measuresOfFonts.get(name) ?? { letters: new Map(), pairs: new Map() }
    measuresOfFonts.set(name, this.#measures)
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
    const set = this.#include(this.#measure(letter))
    this.#letters.set(letter, set)
    return set
  }

  #measure(letter: string): Measured {
    const { letters } = this.#measures
    const known = letters.get(letter)
    if (known !== undefined) return known
    const { glyphs, positions } = this.#font.layout(letter)
    const [[glyph], [position]] = [glyphs, positions]
    const measured =
      glyph && position
        ? { glyph: glyph.id, codePoints: glyph.codePoints, width: position.advanceWidth }
        : null
    return remember(letters, letter, measured)
  }

  /** As pdfkit's `encode` does, which would lay the letter out. */
  #include(measured: Measured): Letter {
    if (!measured) return { glyph: '', width: 0 }
    const { glyph, codePoints, width } = measured
    const { subset, widths, unicode } = this.#font
    const place = subset.includeGlyph(glyph)
    widths[place] ??= width
    unicode[place] ??= codePoints
    return { glyph: place.toString(16).padStart(4, '0'), width }
  }

  #kerning(pair: string): number {
    const { pairs } = this.#measures
    const known = pairs.get(pair)
    if (known !== undefined) return known
    const [first, second] = this.#font.layout(pair).positions
    return remember(pairs, pair, first && second ? first.xAdvance - first.advanceWidth : 0)
  }

  #setWhole(text: string): SetText {
    const { positions } = this.#font.layout(text)
    return { width: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0), operands: null }
  }
}

function readFont(pdf: PdfDocument, name: TextRun['font']): PdfFont {
  const font: unknown = Reflect.get(openFont(pdf, name), '_font')
  if (typeof font === 'object' && font !== null && 'layout' in font && 'subset' in font) {
    return font as PdfFont
  }
  throw new Error(`pdfkit has no font ${name} that lays text out`)
}

function numberText(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}
