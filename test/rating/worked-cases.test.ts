/**
 * Cases worked by hand, from two files of one shape: `cases.json` of this folder, and a larger collection
 * named by RATING_VECTORS (else `../shared/vectors/rating.json`), skipped with a reason where it is not at hand.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Decimal } from '../../src/money.ts'
import { readExplanation } from '../../src/rating/explanation.ts'
import { priceCall } from '../../src/rating/price-call.ts'
import type { PlanEntry, Rate, Rounding } from '../../src/rating/tariff.ts'
import { digitsOf, tariffsOf } from './tariff-builders.ts'

interface WorkedCase {
  id: string
  setup: {
    client: { timeZone: string }
    decks: Record<string, { rounding: Rounding; rates: Rate[] }>
    plans: Record<
      string,
      { timeZone: string | null; entries: (Omit<PlanEntry, 'rateDeckId'> & { deck: string })[] }
    >
    profiles: { plan: string; activatesAt: string }[]
  }
  call: { to: string; answeredAt: string; durationSeconds: number }
  expect: { priced: true; price: string } | { priced: false; reason: string }
  how?: string
}

function readCases(file: string): WorkedCase[] {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function runCase({ id, setup, call, expect }: WorkedCase): void {
  const plans = Object.entries(setup.plans).map(([name, { timeZone, entries }]) => [
    name,
    { timeZone, entries: entries.map(({ deck, ...entry }) => ({ ...entry, rateDeckId: deck })) },
  ])
  const priced = priceCall({
    ...tariffsOf({
      decks: setup.decks,
      plans: Object.fromEntries(plans),
      profiles: setup.profiles,
      timeZone: setup.client.timeZone,
    }),
    to: digitsOf(call.to),
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

const ownFile = fileURLToPath(new URL('cases.json', import.meta.url))
for (const one of readCases(ownFile)) test(`${one.id}: ${one.how ?? ''}`, () => runCase(one))

const sharedFile =
  process.env.RATING_VECTORS ?? fileURLToPath(new URL('../../../shared/vectors/rating.json', import.meta.url))
if (existsSync(sharedFile)) {
  const cases = readCases(sharedFile)
  console.log(`${cases.length} shared cases from ${sharedFile}`)
  for (const one of cases) test(`shared case ${one.id}`, () => runCase(one))
} else {
  console.log(`the shared cases are skipped: there is no ${sharedFile}`)
  test.skip('the shared cases', () => {})
}

test.run()
