/** The brand's picture, ready to be drawn: one that cannot be drawn is left out, and the document goes on without it. */
import { decodeLogo, findLogoFault } from './check-logo.ts'
import type { PdfDocument } from './pdf-document.ts'

/** What `image` takes. */
export interface Picture {
  width: number
  height: number
}

/** What pdfkit keeps of a PNG, and its types leave out. */
interface PngPicture extends Picture {
  image?: {
    hasAlphaChannel: boolean
    interlaceMethod: number
    transparency: { indexed?: unknown }
    decodePixels(use: (pixels: Uint8Array) => unknown): unknown
  }
}

export async function openLogo(pdf: PdfDocument, dataUrl: string | null): Promise<Picture | null> {
  if (dataUrl === null || findLogoFault(dataUrl) !== undefined) return null
  const { openImage } = pdf as unknown as { openImage(bytes: Buffer): PngPicture }
  const picture = openImage.call(pdf, decodeLogo(dataUrl))
  const { image } = picture
  if (image && (image.hasAlphaChannel || image.interlaceMethod === 1 || image.transparency.indexed)) {
    // pdfkit waits for these pixels only after the file is written: here they are there before.
    const pixels = await new Promise<Uint8Array>((resolve) => image.decodePixels(resolve))
    image.decodePixels = (use) => use(pixels)
  }
  return picture
}
