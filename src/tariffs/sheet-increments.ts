/**
 * In which steps is a call charged? Whole seconds, `60/1` and `60+1` as first and further increments, with the unit
 * beside the number or in the heading. 0 is none.
 */
import { plainLetters, type StatedUnits } from './sheet-units.ts'

const one =
  /^(\d{1,9})\s*(s|secs?|seconds?|seg|segundos?|segons?|sek|sekunden?|secondi|secondes?|min|mins|minutes?|minutos?|minuten?|minuti|minuts?)?\.?$/

/** Undefined: no whole number of seconds. */
export function readSeconds(text: string, heading: StatedUnits | undefined): number | undefined {
  const found = one.exec(plainLetters(text).toLowerCase())
  if (!found) return undefined
  const unit = found[2] ?? heading?.rest ?? ''
  return Number(found[1]) * (unit.startsWith('min') ? 60 : 1)
}

/** `initial` 0: not said. */
export function readIncrements(
  text: string,
  heading: StatedUnits | undefined,
): { initial: number; increment: number } | undefined {
  if (text === '') return { initial: 0, increment: 0 }
  const parts = text.split(/\s*[/+]\s*/)
  const seconds = parts.map((part) => readSeconds(part, heading))
  const [first, second] = seconds
  if (first === undefined || parts.length > 2 || seconds.includes(undefined)) return undefined
  return parts.length === 1 ? { initial: 0, increment: first } : { initial: first, increment: second ?? 0 }
}
