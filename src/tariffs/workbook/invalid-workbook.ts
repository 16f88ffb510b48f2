/** What is thrown where a file begins as a workbook and cannot be read as one; said of the file, not of a row. */
import { TollgateError } from '../../errors.ts'

export class InvalidWorkbook extends TollgateError {
  constructor(detail: string, options?: ErrorOptions) {
    super({ code: 'invalid_workbook', status: 400, detail }, options)
  }
}
