/** Do so many rows fit one sheet of a workbook? Further sheets would be left by an import, which reads one. */
import { TollgateError } from '../../errors.ts'

/** Below the header. */
const maxSheetRows = 1_048_575

/** Throws 422 `too_many_rows`; `instead` is the file that takes them all. */
export function requireOneSheet(rows: number, instead: string): void {
  if (rows <= maxSheetRows) return
  const detail = `A sheet of a workbook has at most ${maxSheetRows} rates and steps: take ${instead}.`
  throw new TollgateError({ code: 'too_many_rows', status: 422, detail })
}
