/**
 * A document of pdfkit's, and the fonts that it embeds: each is opened when the first text needs it.
 */
import { type FontName, fontFile, type Weight } from './font-files.ts'
import { PdfDocument } from './pdf-document.ts'
import type { TextRun } from './text-runs.ts'
import { unpackedFont } from './unpacked-font.ts'

export function openPdf(options: {
  title: string
  language: string
  author: string
  createdAt: number
  /** For archives: PDF/A-3, with files in it. */
  isArchived?: boolean
}): PdfDocument {
  return new PdfDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    tagged: true,
    // Else pdfkit begins each document with Helvetica and its tables of kerning.
    font: '',
    // Texts are remembered by letters instead: see pdf-type.ts.
    fontLayoutCache: false,
    pdfVersion: '1.7',
    ...(options.isArchived && { subset: 'PDF/A-3a' }),
    lang: options.language,
    displayTitle: true,
    info: { Title: options.title, Author: options.author, CreationDate: new Date(options.createdAt) },
  })
}

/** As fontkit reads them, which takes a third of a small invoice's time: once for a process. */
const readFonts = new Map<TextRun['font'], Buffer>()

/** The document with this font set. */
export function openFont(pdf: PdfDocument, font: TextRun['font']): PdfDocument {
  const [name, weight] = font.split(' ') as [FontName, Weight]
  pdf.registerFont(font, readFonts.get(font) ?? unpackedFont(fontFile(name, weight))).font(font)
  // pdfkit 0.20 takes a font that is read already, too, which its types leave out.
  const { font: read }: { font: Buffer } = Reflect.get(pdf, '_font')
  readFonts.set(font, read)
  return pdf
}
