import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TollgateError } from '../../src/errors.ts'
import { readWithin } from '../../src/tariffs/sheet-threads.ts'
import { ThreadPool } from '../../src/threads/thread-pool.ts'

const test = suite('sheets that are read in a thread')
const file = new URL('../threads/jobs-of-tests-thread.ts', import.meta.url)
const pools: ThreadPool[] = []
test.after(async () => {
  for (const pool of pools) await pool.close()
})

async function refusalOf(job: string, budgetMs: number): Promise<unknown> {
  const pool = new ThreadPool({ file, threads: 1, budgetMs, memoryMb: 64 })
  pools.push(pool)
  // Stands for a sheet that takes a thread for ever, or ends it.
  const error = await readWithin(pool, { do: job } as never).catch((thrown: unknown) => thrown)
  return error instanceof TollgateError ? [error.code, error.status] : error
}

test('a sheet that takes too long, or more memory than there is, is sheet_too_large', async () => {
  assert.equal(await refusalOf('spin', 100), ['sheet_too_large', 422])
  assert.equal(await refusalOf('exit', 60_000), ['sheet_too_large', 422])
})

test('what is wrong with the sheet itself is told as it is', async () => {
  assert.match(String(await refusalOf('throw', 60_000)), 'this job cannot be done')
})

test.run()
