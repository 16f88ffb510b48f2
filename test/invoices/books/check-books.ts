/**
 * Random books, kept by the service and by a second, naive biller: documents and balances must be the same.
 *
 * Four files try 125 each, beside each other. `BOOKS=2500 TEST_TIME_LIMIT_SECONDS=3600 npm test -- books/books-` tries more
 * of them; `BOOKS_SEED` names the first of them (`random`: any), otherwise each file has its own.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { verifyBooks } from '../../../src/verify/verify-books.ts'
import { skipTest, testFolder } from '../../servers.ts'
import { openDesk } from './desk.ts'
import { keepBook } from './keep-book.ts'
import { breaches, whyNoOfficialRules } from './official-rules.ts'
import { type Book, randomBook } from './random-books.ts'

const count = Number(process.env.BOOKS ?? 125)
/** Books beside each other; the first lane that fails is made small, the others stop. */
const lanes = 4

/** The suite of one file. */
export async function checkBooks(ownSeed: number) {
  const given = process.env.BOOKS_SEED
  const seed = given === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(given ?? ownSeed)
  const desk = await openDesk()
  const books = suite('random books')
  books.after(() => desk.close())
  const documents: string[] = []

  books(`${count} books are kept as the naive biller keeps them`, async () => {
    console.log(`BOOKS_SEED=${seed}`)
    let failing: number | undefined
    const keep = async (lane: number, book: Book) => {
      if (failing !== undefined && failing !== lane) return
      try {
        documents.push(...(await keepBook(desk, book)))
      } catch (error) {
        failing ??= lane
        throw error
      }
    }
    const runs = await Promise.all(
      Array.from({ length: lanes }, (_, lane) =>
        fc.check(
          fc.asyncProperty(randomBook, (book) => keep(lane, book)),
          { seed: seed + lane, numRuns: Math.ceil(count / lanes), endOnFailure: false },
        ),
      ),
    )
    const failed = runs.find((run) => run.failed)
    if (failed)
      throw new Error(
        `The smallest book that fails:\n${(failed.errorInstance as Error | undefined)?.message}`,
      )
  })

  books('and the service finds no fault in them', async () => {
    const found: string[] = []
    // The desk puts calls into the books without their facts.
    for await (const { check, differences } of verifyBooks(desk.office.db, {
      from: null,
      before: null,
      pricesPerClient: 0,
    }))
      if (check.id !== 'I10') found.push(...differences.map(({ detail }) => `${check.id} ${detail}`))
    assert.equal(found, [])
  })

  const documentsToCheck = Math.min(50, count)
  const breaksNone = `${documentsToCheck} of their documents break no official rule of EN 16931`
  const reason = await whyNoOfficialRules()
  if (reason) skipTest(books, breaksNone, reason)
  else
    books(breaksNone, async () => {
      const folder = mkdtempSync(join(testFolder(), 'documents-'))
      let written = 0
      for (const id of documents) {
        if (written === documentsToCheck) break
        const { status, body } = await desk.send('GET', `/v1/invoices/${id}.xml`)
        // Three decimals, and several taxes on one line, are beyond the standard.
        if (status === 422) continue
        assert.is(status, 200, JSON.stringify(body))
        writeFileSync(join(folder, `${id}.xml`), body)
        written++
      }
      assert.is(written, documentsToCheck)
      assert.equal(await breaches(folder), [])
    })

  return books
}
