/** The order of carriers by cost: as if each cost were made anew for every call, whatever was asked before. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seededRandom } from '../../demo/seeded-random.ts'
import { Decimal } from '../../src/money.ts'
import { type Carrier, carrierCost } from '../../src/rating/carrier.ts'
import { ExchangeRates } from '../../src/rating/exchange-rates.ts'
import { type CallToRoute, orderByCost } from '../../src/rating/least-cost.ts'
import { anEntry, aRate, aStep, type TariffSetup, tariffsOf } from './tariff-builders.ts'

const test = suite('least cost')

const at = (text: string) => Date.parse(text)

function aCarrier(code: string, carrier: Partial<Carrier> & { plan: string }): Carrier {
  const profile = { ratingProfileId: `profile-${code}`, ratingPlanId: carrier.plan, activatesAt: 0 }
  const { plan: _, ...fields } = carrier
  return {
    ...{ id: code, brandId: 'brand', name: code, code, currency: 'EUR', timeZone: 'UTC' },
    profiles: [profile],
    ...fields,
  }
}

const noon = at('2026-01-14T12:00:00Z')

function aCall(setup: TariffSetup, call: Partial<CallToRoute> = {}): CallToRoute {
  return {
    ...{ to: '34600111222', from: null, numbering: null, answeredAt: noon, seconds: 180, currency: 'EUR' },
    exchangeRates: new ExchangeRates([]),
    tariffs: tariffsOf(setup).tariffs,
    ...call,
  }
}

/** Each cost as a call would be charged, sorted by amounts. */
function orderNaively(call: CallToRoute, carriers: readonly Carrier[]): string[] {
  const costs = carriers.flatMap((carrier) => {
    const { cost } = carrierCost({ ...call, durationSeconds: call.seconds }, carrier)
    const rate = call.exchangeRates.find(carrier.currency, call.currency, call.answeredAt)
    return cost ? [{ carrier, cost, compared: rate ? cost.times(rate) : null }] : []
  })
  costs.sort(
    (one, other) =>
      Number(one.compared === null) - Number(other.compared === null) ||
      (one.compared && other.compared ? one.compared.cmp(other.compared) : 0) ||
      (one.carrier.code < other.carrier.code ? -1 : 1),
  )
  return costs.map(({ carrier: { code, currency }, cost }) => `${code} ${cost.toFixed()} ${currency}`)
}

const shown = (call: CallToRoute, carriers: readonly Carrier[]) =>
  orderByCost(call, carriers).map(({ code, cost, currency }) => `${code} ${cost} ${currency}`)

test('amounts decide that are nearer to each other than numbers can tell', () => {
  // 100000.000001 × 1.0000000001 is 100000.0000110000000001, a ten-quadrillionth more than the other's.
  const feeOf = (connectFee: string) => ({
    rounding: { mode: 'up' as const, decimals: 6 },
    rates: [aRate({ connectFee, steps: [aStep({ rate: '0' })] })],
  })
  const setup: TariffSetup = {
    decks: { usd: feeOf('100000.000001'), eur: feeOf('100000.000011') },
    plans: { usd: { entries: [anEntry('usd')] }, eur: { entries: [anEntry('eur')] } },
  }
  const exchangeRates = new ExchangeRates([
    { base: 'USD', quote: 'EUR', rate: new Decimal('1.0000000001'), validFrom: 0 },
  ])
  const carriers = [
    aCarrier('american', { plan: 'usd', currency: 'USD' }),
    aCarrier('european', { plan: 'eur' }),
  ]
  const call = aCall(setup, { exchangeRates })
  assert.equal(shown(call, carriers), ['european 100000.000011 EUR', 'american 100000.000001 USD'])
})

test('another exchange rate, duration or plan is another order, and the first one comes back', () => {
  const setup: TariffSetup = {
    decks: {
      flat: { rates: [aRate({ connectFee: '0.10', steps: [aStep({ rate: '0' })] })] },
      minutes: { rates: [aRate({ steps: [aStep({ rate: '0.05' })] })] },
    },
    plans: { flat: { entries: [anEntry('flat')] }, minutes: { entries: [anEntry('minutes')] } },
  }
  const carriers = [
    aCarrier('flat', { plan: 'flat', currency: 'USD' }),
    aCarrier('minutes', {
      plan: 'minutes',
      profiles: [
        { ratingProfileId: 'one', ratingPlanId: 'minutes', activatesAt: 0 },
        { ratingProfileId: 'two', ratingPlanId: 'flat', activatesAt: at('2026-03-01T00:00:00Z') },
      ],
    }),
  ]
  const exchangeRates = new ExchangeRates([
    { base: 'USD', quote: 'EUR', rate: new Decimal('0.9'), validFrom: 0 },
    { base: 'USD', quote: 'EUR', rate: new Decimal('2'), validFrom: at('2026-02-01T00:00:00Z') },
  ])
  const call = aCall(setup, { exchangeRates })
  const first = ['flat 0.1 USD', 'minutes 0.15 EUR']
  assert.equal(shown(call, carriers), first)
  assert.equal(shown({ ...call, answeredAt: at('2026-02-01T00:00:00Z') }, carriers), [
    'minutes 0.15 EUR',
    'flat 0.1 USD',
  ])
  assert.equal(shown({ ...call, seconds: 60 }, carriers), ['minutes 0.05 EUR', 'flat 0.1 USD'])
  // The new plan's call costs its fee. One that is answered a minute before ends under the new plan.
  assert.equal(shown({ ...call, answeredAt: at('2026-03-01T00:00:00Z') }, carriers), [
    'minutes 0.1 EUR',
    'flat 0.1 USD',
  ])
  assert.equal(shown(call, carriers), first)
})

test('the order is that of costs made anew, over random decks, plans and calls', () => {
  const random = seededRandom(20)
  const prefixes = ['34', '346', '3491', '1', '44', '*']
  for (let round = 0; round < 40; round++) {
    const names = ['a', 'b', 'c', 'd', 'e']
    const setup: TariffSetup = { decks: {}, plans: {} }
    for (const name of names) {
      const rates = prefixes
        .filter(() => random.isOneIn(2))
        .map((prefix) =>
          aRate({
            prefix,
            connectFee: random.pick(['0', '0.01', '0.02']),
            blocked: random.isOneIn(8),
            steps: [
              aStep({
                rate: random.pick(['0.01', '0.02', '0.020001']),
                incrementSeconds: random.pick([1, 60]),
              }),
            ],
          }),
        )
      setup.decks[name] = { rates }
      const entries = [anEntry(name)]
      if (random.isOneIn(4))
        entries.push(anEntry(random.pick(names), { from: '12:01', to: '18:00', weight: 20 }))
      if (random.isOneIn(6)) entries.push(anEntry(random.pick(names), { originPrefixes: ['34'] }))
      setup.plans[name] = { entries }
    }
    const currencies = ['EUR', 'USD', 'CHF']
    const carriers = names.map((code) => aCarrier(code, { plan: code, currency: random.pick(currencies) }))
    const exchangeRates = new ExchangeRates([
      { base: 'USD', quote: 'EUR', rate: new Decimal('0.9259259259'), validFrom: 0 },
      { base: 'USD', quote: 'EUR', rate: new Decimal('0.5'), validFrom: noon + 60_000 },
    ])
    const routed = aCall(setup, { exchangeRates })
    for (let i = 0; i < 60; i++) {
      const call = {
        ...routed,
        to: random.pick(['34600111222', '34911000111', '12025550123', '442079460000', '8816000000']),
        from: random.pick([null, '+34911000111', '+442079460000']),
        answeredAt: noon + random.between(0, 120) * 1000,
        seconds: random.pick([1, 60, 180]),
      }
      assert.equal(shown(call, carriers), orderNaively(call, carriers))
    }
  }
})

test.run()
