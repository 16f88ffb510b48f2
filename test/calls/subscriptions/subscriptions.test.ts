/**
 * Random books of subscriptions, kept by the service on a real PostgreSQL and naively: periods, what each gives, hands on and
 * costs, what calls draw, pay and are charged anew, and the balance must be the same after each step.
 *
 * `BOOKS=2000 TEST_TIME_LIMIT_SECONDS=3600 npm test -- subscriptions.test` tries more of them; `BOOKS_SEED` names the first.
 */
import fc from 'fast-check'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { verifyBooks } from '../../../src/verify/verify-books.ts'
import { type CallDesk, openCallDesk } from '../a-call-desk.ts'
import { keepSubscriptions } from './keep-subscriptions.ts'
import { randomSubscriptions } from './random-subscriptions.ts'

const count = Number(process.env.BOOKS ?? 25)
const seed = Number(process.env.BOOKS_SEED ?? 1807)

const test = suite<{ desk: CallDesk; owner: postgres.Sql }>('random subscriptions')
test.before(async (context) => {
  context.desk = await openCallDesk('2026-03-20T10:00:00Z')
  context.owner = postgres(context.desk.databaseUrl, { max: 1 })
})
test.after(async ({ desk, owner }) => {
  await owner.end()
  await desk.close()
})

test(`${count} books of subscriptions are kept as they are kept naively`, async (servers) => {
  console.log(`BOOKS_SEED=${seed}`)
  const run = await fc.check(
    fc.asyncProperty(randomSubscriptions, (book) => keepSubscriptions(servers, book)),
    { seed, numRuns: count },
  )
  if (run.failed) {
    const { message } = run.errorInstance as Error
    throw new Error(`The smallest book that fails:\n${message}`)
  }
})

test('and the service finds no fault in them', async ({ desk }) => {
  const found: string[] = []
  for await (const { check, differences } of verifyBooks(desk.context.db, {
    ...{ from: null, before: null, pricesPerClient: null },
  }))
    found.push(...differences.map(({ detail }) => `${check.id} ${detail}`))
  assert.equal(found, [])
})

test.run()
