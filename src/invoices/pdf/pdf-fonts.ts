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
    // Texts are remembered by letters instead: see pdf-type.ts.
    fontLayoutCache: false,
    pdfVersion: '1.7',
    ...(options.isArchived && { subset: 'PDF/A-3a' }),
    lang: options.language,
    displayTitle: true,
    info: { Title: options.title, Author: options.author, CreationDate: new Date(options.createdAt) },
  })
}

/** The document with this font set. */
export function openFont(pdf: PdfDocument, font: TextRun['font']): PdfDocument {
  const [name, weight] = font.split(' ') as [FontName, Weight]
  return pdf.registerFont(font, unpackedFont(fontFile(name, weight))).font(font)
}
