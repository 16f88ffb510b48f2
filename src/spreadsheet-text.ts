/**
 * How does text that others typed or sent stand in a CSV file that a person opens in a spreadsheet?
 *
 * What would run as a formula gets an apostrophe in front; telephone numbers such as `+34600111222` stay as they are.
 * Only for free text: amounts such as `-0.50` would be ruined.
 */

/** `raw`: every value as it is, for programs. `spreadsheet`: for eyes. */
export const csvFlavours = ['raw', 'spreadsheet'] as const
export type CsvFlavour = (typeof csvFlavours)[number]

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
