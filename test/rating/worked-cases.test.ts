/**
 * Cases worked by hand, from two files: `cases.json` of this folder (written in short), and a larger collection named by
 * RATING_VECTORS (else `../shared/vectors/rating.json`), skipped with a reason where it is not at hand.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Decimal } from '../../src/money.ts'
import { readExplanation } from '../../src/rating/explanation.ts'
import { priceCall } from '../../src/rating/price-call.ts'
import { skipTest } from '../servers.ts'
import type { ShortCase, WorkedCase } from './short-cases.ts'
import { fullCase } from './short-cases.ts'
import { digitsOf, tariffsOf } from './tariff-builders.ts'

const test = suite('worked cases')

function readShared(file: string): WorkedCase[] {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function runCase({ id, setup, call, expect }: WorkedCase): void {
  const plans = Object.entries(setup.plans).map(([name, { timeZone, entries }]) => [
    name,
    {
      timeZone,
      entries: entries.map(({ deck, ...entry }) => ({ originPrefixes: null, ...entry, rateDeckId: deck })),
    },
  ])
  const priced = priceCall({
    ...tariffsOf({
      decks: setup.decks,
      plans: Object.fromEntries(plans),
      profiles: setup.profiles,
      timeZone: setup.client.timeZone,
    }),
    to: digitsOf(call.to),
    from: call.from ?? null,
    answeredAt: Date.parse(call.answeredAt),
    durationSeconds: call.durationSeconds,
  })
  readExplanation(priced.explanation)
  if (expect.priced) {
    assert.ok(priced.priced, `${id} is priced`)
    if (priced.priced)
      assert.ok(priced.price.eq(new Decimal(expect.price)), `${id}: ${priced.price} is not ${expect.price}`)
  } else {
    assert.is(priced.priced ? priced.price.toFixed() : priced.reason, expect.reason, id)
  }
}

const shortCases: ShortCase[] = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8'))
for (const one of shortCases.map(fullCase)) test(`${one.id}: ${one.how ?? ''}`, () => runCase(one))

const sharedFile =
  process.env.RATING_VECTORS ?? fileURLToPath(new URL('../../../shared/vectors/rating.json', import.meta.url))
if (existsSync(sharedFile)) {
  const cases = readShared(sharedFile)
  console.log(`${cases.length} shared cases from ${sharedFile}`)
  for (const one of cases) test(`shared case ${one.id}`, () => runCase(one))
} else {
  skipTest(test, 'the shared cases', `there is no ${sharedFile}`)
}

test.run()
