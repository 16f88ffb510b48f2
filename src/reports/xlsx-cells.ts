/**
 * How does a value stand in a cell of a workbook? Text is always text, whatever it begins with; an amount is a
 * number cell with its exact digits where a spreadsheet keeps them (15), else text; instants and days are dates.
 *
 * A date is the number of days since 1899-12-30 on the wall clock of the row's zone. Every cell carries its place
 * (`A1`), or some readers refuse the file.
 */
import { dayMs, zoneClock } from '../rating/zone-clock.ts'
import { startOfUtcDay, wallClockMs } from './local-time.ts'
import { plainDecimal, significantDigits } from './plain-decimal.ts'
import type { Column, Value } from './report.ts'

/** Places of the formats in the workbook's `styles.xml`, see xlsx-parts.ts. */
export const styles = { plain: 0, header: 1, instant: 2, day: 3 } as const

export type WriteXlsxCell = (value: Exclude<Value, null>, place: string, timeZone: string) => string

/** Days from a spreadsheet's 1899-12-30 to 1970-01-01. */
const epochDays = 25_569

export function chooseXlsxWriter({ kind }: Column): WriteXlsxCell {
  switch (kind) {
    case 'integer':
      return (value, place) => numberCell(String(value), place)
    case 'amount':
    case 'decimal':
      return (value, place) => {
        const plain = plainDecimal(String(value))
        return significantDigits(plain) <= 15 ? numberCell(plain, place) : textCell(plain, place)
      }
    case 'instant':
      return (value, place, timeZone) =>
        dateCell(wallClockMs(String(value), zoneClock(timeZone)), place, styles.instant)
    case 'day':
      return (value, place) => dateCell(startOfUtcDay(String(value)), place, styles.day)
    case 'boolean':
      return (value, place) => `<c r="${place}" t="b"><v>${value === true ? 1 : 0}</v></c>`
    case 'word':
      return (value, place) => `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`
    case 'text':
    case 'object':
      return (value, place) => textCell(String(value), place)
  }
}

export function headerCell(text: string, place: string): string {
  return `<c r="${place}" s="${styles.header}" t="inlineStr"><is><t>${escapeXml(text)}</t></is></c>`
}

/** `A`, `B` … `Z`, `AA` … */
export function columnLetters(place: number): string {
  const last = String.fromCharCode(65 + (place % 26))
  return place < 26 ? last : columnLetters(Math.floor(place / 26) - 1) + last
}

function numberCell(text: string, place: string): string {
  return `<c r="${place}"><v>${text}</v></c>`
}

function dateCell(wallMs: number, place: string, style: number): string {
  const days = epochDays + wallMs / dayMs
  return `<c r="${place}" s="${style}"><v>${Number.isInteger(days) ? days : days.toFixed(9)}</v></c>`
}

function textCell(text: string, place: string): string {
  const space = /^\s|\s$/.test(text) ? ' xml:space="preserve"' : ''
  return `<c r="${place}" t="inlineStr"><is><t${space}>${escapeXml(text)}</t></is></c>`
}

/** What XML 1.0 cannot hold, lone halves of surrogate pairs too; the three signs of XML; Excel's own escapes. */
const escapable = /[&<>\ufffe\uffff\ud800-\udfff]|(?![\t\n])\p{Cc}|_(?=x[\dA-Fa-f]{4}_)/gu
const mayNeedEscape = /[&<>\ufffe\uffff\ud800-\udfff_]|\p{Cc}/u

/** Excel's own way for characters that XML cannot hold is `_x0007_`, so that text itself has its `_` escaped. */
export function escapeXml(text: string): string {
  if (!mayNeedEscape.test(text)) return text
  return text.replace(escapable, (found) => {
    if (found === '&') return '&amp;'
    if (found === '<') return '&lt;'
    if (found === '>') return '&gt;'
    return `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
  })
}
