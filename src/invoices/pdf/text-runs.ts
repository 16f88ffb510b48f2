/**
 * A line of text as runs of one font each, in the order in which they stand on paper from left to right.
 *
 * A text that the Latin file alone can write goes out in one piece; others are cut where the file must change, and
 * where Arabic or Hebrew turns the direction of writing (the Unicode Bidirectional Algorithm, by bidi-js). A letter that
 * no font has is drawn as a question mark, never as a box.
 */
import { createRequire } from 'node:module'
import type { Bidi } from 'bidi-js'
import { type FontName, fontsFor, hasLetter, type Weight } from './font-files.ts'

/** What the Latin file draws, measured on the file itself. */
const plainLatin =
  /^[\u0020-\u007e\u00a0-\u00ff\u0131\u0152\u0153\u2002\u2009\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u2032\u2033\u2039\u203a\u20ac\u2122\u2212]*$/
/** Blanks and hyphens of other widths, which most files lack: French writes a narrow blank between thousands. */
const blanks = /[\u2000-\u2008\u200a\u202f\u205f]/g
const hyphens = /[\u2010\u2011]/g
const mark = /^\p{M}$/u
/** They say whether the letters beside them join. */
const joiner = /^[\u200c\u200d]$/
/** Drawn as nothing: joiners, marks of direction, control characters. */
const invisible = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\u2028\u2029]$/u
const backwards = /[\p{Script=Arabic}\p{Script=Hebrew}]/u

export interface TextRun {
  font: `${FontName} ${Weight}`
  text: string
}

interface Piece {
  font: FontName
  text: string
  /** Odd: written from right to left. */
  level: number
}

export function splitRuns(text: string, weight: Weight, language = 'en'): TextRun[] {
  if (plainLatin.test(text)) return [{ font: `latin ${weight}`, text }]
  const composed = composeLetters(text)
  if (plainLatin.test(composed)) return [{ font: `latin ${weight}`, text: composed }]
  const pieces = splitPieces(composed, language)
  return inVisualOrder(pieces).map((piece) => ({ font: `${piece.font} ${weight}`, text: drawn(piece) }))
}

/** Letters of a text that no font has, each once. */
export function unprintableLetters(text: string, language: string): string[] {
  if (plainLatin.test(text)) return []
  const letters = composeLetters(text)
  const fonts = fontsFor(letters, language)
  const missing = [...letters].filter(
    (letter) => !invisible.test(letter) && !fonts.some((font) => hasLetter(font, letter)),
  )
  return [...new Set(missing)]
}

/** Composed where Unicode has one letter for two; the Thai vowel am taken apart, as its circle stands below a tone. */
function composeLetters(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(blanks, '\u2009')
    .replaceAll(hyphens, '-')
    .replaceAll(/([\u0e48-\u0e4b]?)\u0e33/g, '\u0e4d$1\u0e32')
}

function splitPieces(text: string, language: string): Piece[] {
  const fonts = fontsFor(text, language)
  const levels = backwards.test(text) ? openBidi().getEmbeddingLevels(text).levels : undefined
  const pieces: Piece[] = []
  let at = 0
  for (const letter of text) {
    const level = levels?.[at] ?? 0
    at += letter.length
    const last = pieces.at(-1)
    const staysWithLast = mark.test(letter) || joiner.test(letter)
    if (staysWithLast && last && hasLetter(last.font, letter)) last.text += letter
    else if (!invisible.test(letter)) {
      const font = fonts.find((name) => hasLetter(name, letter))
      const piece = { font: font ?? 'latin', text: font ? letter : '?', level }
      if (last?.font === piece.font && last.level === level) last.text += piece.text
      else pieces.push(piece)
    }
  }
  return pieces
}

/** From the deepest level up, each stretch that is written from right to left is turned around. */
function inVisualOrder(pieces: readonly Piece[]): Piece[] {
  const ordered = [...pieces]
  for (let level = Math.max(0, ...pieces.map((piece) => piece.level)); level > 0; level--) {
    for (let from = 0; from < ordered.length; from++) {
      let to = from
      while ((ordered[to]?.level ?? 0) >= level) to++
      ordered.splice(from, to - from, ...ordered.slice(from, to).reverse())
      from = to
    }
  }
  return ordered
}

/** As the font's layout takes it: it turns Arabic and Hebrew around itself, and nothing else. */
function drawn({ text, level }: Piece): string {
  const turns = level % 2 === 1
  if (turns === backwards.test(text)) return text
  const { getMirroredCharacter } = openBidi()
  return [...text]
    .reverse()
    .map((letter) => (turns && getMirroredCharacter(letter)) || letter)
    .join('')
}

let bidi: Bidi | undefined

/** Opened by the first text that needs it. bidi-js 1.1 is CommonJS, which its types do not say. */
function openBidi(): Bidi {
  bidi ??= (createRequire(import.meta.url)('bidi-js') as () => Bidi)()
  return bidi
}
