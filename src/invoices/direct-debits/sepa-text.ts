/**
 * A text in the letters that all banks of SEPA take: the basic Latin ones, digits and a few signs.
 *
 * Others are written in Latin letters (Ç as C, Ω as O); what has none is a blank. No text begins or ends with a slash, or has two of
 * them together. Source: EPC217-08, the character set of SEPA's implementation guidelines.
 */
import anyAscii from 'any-ascii'

export function sepaText(text: string, maxLength: number): string {
  const latin = anyAscii(text)
    .replaceAll('&', '+')
    .replaceAll(/[^A-Za-z0-9/?:().,'+ -]/g, ' ')
  return latin
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\/+/g, '/')
    .trim()
    .replace(/^\//, '')
    .slice(0, maxLength)
    .replace(/[/ ]+$/, '')
}
