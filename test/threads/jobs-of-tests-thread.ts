/** What the threads of `thread-pool.test.ts` do. */
import { threadId } from 'node:worker_threads'
import { serveJobs } from '../../src/threads/serve-jobs.ts'

type Task = { do: 'say-thread' | 'spin' | 'fill-memory' | 'throw' | 'exit' | 'sum' }

serveJobs(async (task: Task, parts: AsyncIterable<number[]>) => {
  if (task.do === 'spin') for (;;) void 0
  if (task.do === 'fill-memory') {
    const held: unknown[] = []
    for (;;) held.push(Array.from({ length: 10_000 }, (_, i) => ({ i })))
  }
  if (task.do === 'throw') throw new Error('this job cannot be done')
  if (task.do === 'exit') process.exit(1)
  if (task.do === 'sum') {
    let sum = 0
    for await (const part of parts) for (const number of part) sum += number
    return sum
  }
  return threadId
})
