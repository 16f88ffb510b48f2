/** The thread behind `conventions/large-bodies.ts`. */
import { InvalidRequest } from '../errors.ts'
import { serveJobs } from '../threads/serve-jobs.ts'
import type { JsonPieces, LargeBodyAnswer, LargeBodyTask } from './conventions/large-bodies.ts'
import { parseJson } from './conventions/parse-json.ts'
import { readRatesBody } from './tariffs/read-rates-body.ts'

/** Lists and objects: 200,000 rates with seven steps each, or a state of many more legs than fit in 8 MiB. */
const maxCount = 2_000_000
/** Members of a list in one text: some milliseconds of parsing. */
const perText = 2_000

serveJobs((task: LargeBodyTask): LargeBodyAnswer => {
  const body = Buffer.from(task.body.buffer, task.body.byteOffset, task.body.byteLength)
  try {
    if (task.work === 'read-rates') return { pieces: cut(readRatesBody(body, task.rounding, maxCount)) }
    return { pieces: cut(parseJson(body, { maxCount, halves: 'refused' })) }
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error
    return { refused: { detail: error.message, errors: error.errors } }
  }
})

function cut(value: unknown): JsonPieces {
  if (Array.isArray(value)) return { rest: '[]', lists: [{ name: null, texts: serializeParts(value) }] }
  if (typeof value !== 'object' || value === null) return { rest: JSON.stringify(value), lists: [] }
  const lists: JsonPieces['lists'] = []
  const rest = Object.entries(value).map(([name, member]) => {
    if (!Array.isArray(member) || member.length <= perText) return [name, member]
    lists.push({ name, texts: serializeParts(member) })
    return [name, []]
  })
  return { rest: JSON.stringify(Object.fromEntries(rest)), lists }
}

function serializeParts(list: readonly unknown[]): string[] {
  const texts: string[] = []
  for (let at = 0; at < list.length; at += perText) texts.push(JSON.stringify(list.slice(at, at + perText)))
  return texts
}
