/**
 * How does a report become JSON? `{ "data": [ … ] }`, one object a line. Instants are UTC with `Z`, as everywhere
 * in the API, beside the row's `timeZone`; amounts are decimal text. A cut file has no end bracket, so a reader
 * notices.
 */
import { shownInstant } from '../db/columns.ts'
import { plainDecimal } from './plain-decimal.ts'
import type { Batches, Column, Row, Value } from './report.ts'

type WriteValue = (value: Exclude<Value, null>) => string

export async function* writeJson(
  columns: readonly Column[],
  batches: Batches,
): AsyncGenerator<string, void, undefined> {
  const members = columns.map((column, place) => ({
    name: `${place > 0 ? ',' : '{'}${JSON.stringify(column.name)}:`,
    write: chooseWriter(column),
  }))
  let separator = '\n'
  yield '{"data":['
  for await (const rows of batches) {
    let text = ''
    for (const row of rows) {
      text += separator + writeObject(row, members)
      separator = ',\n'
    }
    yield text
  }
  yield '\n]}\n'
}

function writeObject(row: Row, members: readonly { name: string; write: WriteValue }[]): string {
  let text = ''
  let place = 0
  for (const { name, write } of members) {
    const value = row[place++]
    text += name
    text += value === null || value === undefined ? 'null' : write(value)
  }
  return `${text}}`
}

function chooseWriter({ kind }: Column): WriteValue {
  switch (kind) {
    case 'amount':
    case 'decimal':
      return (value) => `"${plainDecimal(String(value))}"`
    case 'instant':
      return (value) => `"${shownInstant(String(value))}"`
    // Counts of PostgreSQL's bigint arrive as digits; an object is JSON already.
    case 'integer':
    case 'boolean':
    case 'object':
      return String
    case 'word':
    case 'day':
      return (value) => `"${value}"`
    case 'text':
      return (value) => JSON.stringify(value)
  }
}
