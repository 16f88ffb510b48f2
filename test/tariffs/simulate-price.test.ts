import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { NotFound } from '../../src/errors.ts'
import type { Configuration } from '../../src/tariffs/configuration.ts'
import { listPricesOfNumber } from '../../src/tariffs/list-prices-of-number.ts'
import { publishRates } from '../../src/tariffs/publish-rates.ts'
import { readRates } from '../../src/tariffs/read-rates.ts'
import { simulatePrice } from '../../src/tariffs/simulate-price.ts'
import { streamPriceList } from '../../src/tariffs/stream-price-list.ts'
import {
  aBrand,
  aClient,
  aDatabase,
  aPlan,
  aProfile,
  aRateDeck,
  openConfiguration,
  type TestDatabase,
} from './a-brand.ts'

const test = suite('simulatePrice')
const answeredAt = Date.parse('2026-03-01T10:00:00Z')
let database: TestDatabase
let configuration: Configuration
let ids: {
  brandId: string
  clientId: string
  ratingPlanId: string
  rateDeckId: string
  ratingProfileId: string
}

test.before(async () => {
  database = await aDatabase()
  configuration = await openConfiguration(database)
  const { db } = database
  const brandId = await aBrand(db)
  await db.$client`
    update brand_terms
    set numbering = '{"countryCode":"34","internationalPrefixes":["00"],"nationalPrefix":"","nationalLengths":[9]}'
    where brand_id = ${brandId}`
  const clientId = await aClient(db, { brandId })
  const rateDeckId = await aRateDeck(db, { brandId })
  const ratingPlanId = await aPlan(db, { brandId, rateDeckIds: [rateDeckId] })
  const ratingProfileId = await aProfile(db, { clientId, ratingPlanId })
  await publishRates(
    { db, configuration, leadSeconds: 0 },
    {
      rateDeckId,
      read: async (rounding) => [
        readRates(
          [
            { prefix: '34', destination: 'Spain', steps: [{ rate: '0.01' }] },
            {
              prefix: '346',
              destination: '=Spain mobile',
              connectFee: '0.15',
              steps: [{ rate: '0.10', incrementSeconds: 60 }],
            },
          ],
          rounding,
        ),
      ],
    },
  )
  ids = { brandId, clientId, ratingPlanId, rateDeckId, ratingProfileId }
})
test.after(async () => {
  await configuration.close()
  await database.close()
})

const simulate = (request: {
  to: string
  durationSeconds: number
  by?: 'client' | 'plan'
  brandId?: string
}) =>
  simulatePrice(configuration, {
    subject: request.by === 'plan' ? { ratingPlanId: ids.ratingPlanId } : { clientId: ids.clientId },
    to: request.to,
    durationSeconds: request.durationSeconds,
    answeredAt,
    brandId: request.brandId ?? null,
  })

test('fee and whole increments make the price, and the explanation ends in it', async () => {
  const answer = await simulate({ to: '600111222', durationSeconds: 61 })
  if (!answer.priced) throw new Error(answer.reason)
  const { explanation, ...rest } = answer
  assert.equal(rest, {
    priced: true,
    price: '0.35',
    currency: 'EUR',
    billedSeconds: 120,
    toNormalized: '34600111222',
    destination: '=Spain mobile',
    prefix: '346',
    rateDeckId: ids.rateDeckId,
    ratingPlanId: ids.ratingPlanId,
    ratingProfileId: ids.ratingProfileId,
    connectFee: '0.15',
  })
  assert.equal(explanation.at(-1), { kind: 'price', amount: '0.35' })
})

test('a plan answers without a profile', async () => {
  const answer = await simulate({ by: 'plan', to: '+34600111222', durationSeconds: 61 })
  if (!answer.priced) throw new Error(answer.reason)
  assert.is(answer.price, '0.35')
  assert.is(answer.ratingProfileId, null)
})

test('zero seconds cost nothing, and name the reason where the number has no price', async () => {
  const free = await simulate({ to: '+34600111222', durationSeconds: 0 })
  assert.is(free.priced && free.price, '0')
  const none = await simulate({ to: '+33600111222', durationSeconds: 0 })
  assert.is(!none.priced && none.reason, 'destination_not_priced')
  const longer = await simulate({ to: '+33600111222', durationSeconds: 60 })
  assert.is(!longer.priced && longer.reason, 'destination_not_priced')
})

test('what is no number is said to be none', async () => {
  const answer = await simulate({ to: 'sip:bob', durationSeconds: 60 })
  assert.is(!answer.priced && answer.reason, 'invalid_number')
})

test("another brand's client is not found", async () => {
  const foreign = await aBrand(database.db)
  const error = await simulate({ to: '1', durationSeconds: 1, brandId: foreign }).catch((reason) => reason)
  assert.instance(error, NotFound)
})

test('the prices of a number list every prefix that has it, and which one counts', async () => {
  const { ratingPlanId } = ids
  const answer = await listPricesOfNumber(configuration, {
    ratingPlanId,
    number: '600111222',
    from: null,
    at: answeredAt,
    timeZone: 'UTC',
    brandId: null,
  })
  assert.is(answer?.toNormalized, '34600111222')
  assert.equal(
    answer?.prices.map(({ prefix, chosen, isOpen, steps }) => [prefix, chosen, isOpen, steps[0]?.rate]),
    [
      ['346', true, true, '0.1'],
      ['34', false, true, '0.01'],
    ],
  )
})

test('the price list is CSV with amounts as they are and names that no spreadsheet runs', async () => {
  const { ratingPlanId } = ids
  let csv = ''
  for await (const piece of await streamPriceList(configuration, {
    ratingPlanId,
    at: answeredAt,
    brandId: null,
  })) {
    csv += piece
  }
  const [header, spain, mobile] = csv.trim().split('\n')
  assert.match(header ?? '', /^rate_deck,weight,days,from,to,prefix,destination,interval_start,rate,/)
  const rest = `,,,free,false,0,,,${ids.rateDeckId}`
  assert.ok(spain?.endsWith(`,34,Spain,0,0.01,60,1,0${rest}`), spain)
  assert.ok(mobile?.endsWith(`,346,'=Spain mobile,0,0.1,60,60,0.15${rest}`), mobile)
})

test.run()
