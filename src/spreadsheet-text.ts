/**
 * How does text that others typed or sent stand in a CSV file that a person opens in a spreadsheet?
 *
 * What would run as a formula gets an apostrophe in front; telephone numbers such as `+34600111222` stay as they are.
 * Only for free text: amounts such as `-0.50` would be ruined.
 */

/** `raw`: every value as it is, for programs. `spreadsheet`: for eyes. */
export const csvFlavours = ['raw', 'spreadsheet'] as const
export type CsvFlavour = (typeof csvFlavours)[number]

export interface CsvStyle {
  flavour: CsvFlavour
  /** Of the spreadsheet flavour: whose decimal mark and separator, BCP 47; `en` where nothing is said. */
  locale?: string | null | undefined
}

export interface CsvMarks {
  separator: ',' | ';'
  decimalMark: '.' | ','
  /** A byte order mark, by which spreadsheets know UTF-8, or nothing. */
  start: string
}

/** A spreadsheet of a language with a decimal comma takes 0.125 for text, or a thousandfold, and splits at semicolons. */
export function csvMarks({ flavour, locale }: CsvStyle): CsvMarks {
  if (flavour === 'raw') return { separator: ',', decimalMark: '.', start: '' }
  // A language without data would be written as that of this machine.
  const parts = new Intl.NumberFormat([locale ?? 'en', 'en']).formatToParts(1.5)
  const hasComma = parts.some(({ type, value }) => type === 'decimal' && value === ',')
  return { separator: hasComma ? ';' : ',', decimalMark: hasComma ? ',' : '.', start: '\ufeff' }
}

/**
 * Blanks and control characters in front do not keep every spreadsheet from reading on; nor do full-width signs. Own
 * apostrophes count, so that the one added is the one taken away.
 */
const looksLikeFormula = /^'*(?:[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n])/u
const telephoneNumber = /^\+?\d+$/

export function defuseFormula(text: string): string {
  return looksLikeFormula.test(text) && !telephoneNumber.test(text) ? `'${text}` : text
}

/** The text that was defused. */
export function restoreFormula(text: string): string {
  const rest = text.slice(1)
  return text.startsWith("'") && defuseFormula(rest) === text ? rest : text
}

/** A cell of free text, defused. Where a spreadsheet splits at semicolons or tabs, a quoted value still is one. */
export function spreadsheetCell(text: string): string {
  const defused = defuseFormula(text)
  return /[",;\t\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused
}
