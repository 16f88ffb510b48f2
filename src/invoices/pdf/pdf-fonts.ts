/**
 * Text with embedded fonts, whatever letters it has.
 *
 * Noto Sans comes as one file per script: Latin covers Western Europe, Latin Extended the rest of it. A text that
 * Latin alone can write goes out in one piece; others are cut where the file must change.
 */
import { createRequire } from 'node:module'
import { PdfDocument } from './pdf-document.ts'
import { unpackedFont } from './unpacked-font.ts'

export type Weight = 'regular' | 'bold'

const require = createRequire(import.meta.url)
const scripts = ['latin', 'latin-ext', 'greek', 'cyrillic'] as const
const weightNumbers = { regular: 400, bold: 700 } as const

export function openPdf(options: {
  title: string
  language: string
  author: string
  createdAt: number
}): PdfDocument {
  const pdf = new PdfDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    tagged: true,
    // Texts are remembered by letters instead: see pdf-type.ts.
    fontLayoutCache: false,
    pdfVersion: '1.7',
    lang: options.language,
    displayTitle: true,
    info: { Title: options.title, Author: options.author, CreationDate: new Date(options.createdAt) },
  })
  for (const script of scripts) {
    for (const [weight, number] of Object.entries(weightNumbers)) {
      const file = `@fontsource/noto-sans/files/noto-sans-${script}-${number}-normal.woff`
      pdf.registerFont(`${script} ${weight}`, unpackedFont(require.resolve(file)))
    }
  }
  return pdf
}

/** What the Latin file draws, measured on the file itself. */
const plainLatin =
  /^[\u0020-\u007e\u00a0-\u00ff\u0131\u0152\u0153\u2002-\u200a\u2010-\u2027\u202f-\u203a\u20ac\u2122\u2212]*$/

export interface TextRun {
  font: string
  text: string
}

export function runsOf(text: string, weight: Weight): TextRun[] {
  if (plainLatin.test(text)) return [{ font: `latin ${weight}`, text }]
  const runs: TextRun[] = []
  for (const letter of text.normalize('NFC')) {
    const font = `${scriptOf(letter)} ${weight}`
    const last = runs.at(-1)
    if (last?.font === font) last.text += letter
    else runs.push({ font, text: letter })
  }
  return runs
}

function scriptOf(letter: string): (typeof scripts)[number] {
  const code = letter.codePointAt(0) ?? 0
  if (plainLatin.test(letter)) return 'latin'
  if (code >= 0x370 && code < 0x400) return 'greek'
  if (code >= 0x400 && code < 0x460) return 'cyrillic'
  return 'latin-ext'
}
