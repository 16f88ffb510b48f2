/** What is told of a cell that is wrong: its place, a stable code, a sentence, and the start of what stands there. */
import type { ImportFault } from '../db/tariffs/imports.ts'

export const brokenText = 'Save the file as UTF-8 text, or state its encoding in a mapping.'
const maxValueShown = 100

export function makeFault(
  line: number,
  column: string | null,
  code: string,
  detail: string,
  value: string | null,
): ImportFault {
  return { line, column, code, detail, value: value?.slice(0, maxValueShown) ?? null }
}

/** NUL, which PostgreSQL does not store, and what stands for bytes that are no UTF-8. */
export function isBroken(text: string): boolean {
  return text.includes('\u0000') || text.includes('\ufffd')
}
