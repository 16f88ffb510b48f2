/**
 * Bodies of more than 1 MiB, away from the calls: parsed, and where a route says so checked, in a thread. Two at once, one
 * of a brand; whoever waits holds the bytes of the body, so the line is short.
 */
import { setImmediate } from 'node:timers/promises'
import { type InputFault, InvalidRequest, ServiceUnavailable } from '../../errors.ts'
import { FairPlaces } from '../../quotas/fair-places.ts'
import type { Rounding } from '../../rating/tariff.ts'
import { OutOfTime, ThreadEnded, ThreadPool } from '../../threads/thread-pool.ts'

export type LargeBodyTask =
  | { work: 'parse'; body: Uint8Array }
  | { work: 'read-rates'; body: Uint8Array; rounding: Rounding }
export type LargeBodyAnswer =
  | { pieces: JsonPieces }
  | { refused: { detail: string; errors: readonly InputFault[] } }

/**
 * A value as texts that are each parsed in a moment. `lists`: what belongs at a path of the value, in order, member by
 * member of a list that is empty in `rest`; the path has one name, or none for the value itself.
 */
export interface JsonPieces {
  rest: string
  lists: { name: string | null; texts: string[] }[]
}

const threads = 2
const pool = new ThreadPool({
  file: new URL('../large-body-thread.ts', import.meta.url),
  threads,
  budgetMs: 60_000,
  memoryMb: 768,
})
const places = new FairPlaces(
  { running: threads, runningPerTenant: 1, waitingPerTenant: 2, waiting: 6, timeoutMs: null },
  { code: 'too_many_jobs', what: 'large bodies', retryAfterSeconds: 5 },
)

/** Throws `InvalidRequest`, `QuotaReached`. */
export async function parseLargeJson(tenant: string, body: Buffer): Promise<unknown> {
  const { rest, lists } = await inBodyThread(tenant, { work: 'parse', body })
  const value: unknown = JSON.parse(rest)
  for (const { name, texts } of lists) {
    const list = (name === null ? value : (value as Record<string, unknown>)[name]) as unknown[]
    for (const text of texts) {
      await setImmediate()
      for (const member of JSON.parse(text) as unknown[]) list.push(member)
    }
  }
  return value
}

export async function inBodyThread(tenant: string, task: LargeBodyTask): Promise<JsonPieces> {
  try {
    const answer = (await places.run({ brandId: tenant, clientId: null }, () =>
      pool.run(task),
    )) as LargeBodyAnswer
    if ('pieces' in answer) return answer.pieces
    throw new InvalidRequest(answer.refused.detail, answer.refused.errors)
  } catch (error) {
    if (!(error instanceof OutOfTime || error instanceof ThreadEnded)) throw error
    throw new ServiceUnavailable('This body took too long to read: repeat later.', { cause: error })
  }
}
