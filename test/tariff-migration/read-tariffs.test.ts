import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ImportedTariffs } from '../../src/tariff-migration/imported-tariffs.ts'
import { readActivation } from '../../src/tariff-migration/read-activation.ts'
import { readCgrates } from '../../src/tariff-migration/read-cgrates.ts'
import { readIvozProvider } from '../../src/tariff-migration/read-ivozprovider.ts'
import { readSeconds } from '../../src/tariff-migration/read-seconds.ts'
import { cgratesFiles, folderOf, ivozProviderFiles } from './folder.ts'

const test = suite("reading other systems' tariffs")

const named = ({ unequal }: ImportedTariffs) => unequal.map(({ file, line }) => `${file}:${line}`)

test('durations have a unit, or are nothing', () => {
  assert.equal(['60s', '1m', '1m30s', '1h', '0s', '0'].map(readSeconds), [60, 60, 90, 3600, 0, 0])
  assert.equal(['60', '1.5s', '', '500ms', null].map(readSeconds), Array(5).fill(undefined))
})

test('CGRateS: intervals become steps, a tag with two roundings two decks, timings windows to midnight', async () => {
  const moved = await readCgrates(folderOf(cgratesFiles), { currency: 'EUR', timeZone: 'UTC' })
  assert.equal(
    moved.decks.map(({ name, rounding, rates }) => [
      name,
      rounding.mode,
      rounding.decimals,
      [...rates.keys()],
    ]),
    [
      ['DR_DAY', 'up', 4, ['346', '347']],
      ['DR_LOW', 'up', 4, ['346', '347']],
      ['DR_LOW (half-up 2)', 'half-up', 2, ['*']],
    ],
  )
  assert.equal(moved.decks[0]?.rates.get('346'), {
    prefix: '346',
    destination: 'SPAIN_MOBILE',
    connectFee: '0.1',
    steps: [
      { fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 60 },
      { fromSecond: 60, rate: '0.03', perSeconds: 60, incrementSeconds: 1 },
    ],
    minimumPrice: null,
    maximumPrice: '2.5',
    maximumPriceAction: 'hang-up',
    blocked: false,
  })
  const evening = { weight: 10, days: [1, 2, 3, 4, 5], from: '19:30', to: '24:00' }
  assert.equal(moved.plans[0]?.entries, [
    { deck: 'DR_DAY', weight: 10, days: null, from: '00:00', to: '24:00' },
    { deck: 'DR_LOW', ...evening },
    { deck: 'DR_LOW (half-up 2)', ...evening },
  ])
})

test('CGRateS: each row without an equal is named, and no other', async () => {
  const moved = await readCgrates(folderOf(cgratesFiles), { currency: 'EUR', timeZone: 'UTC' })
  assert.equal(named(moved), [
    'Rates.csv:5',
    'DestinationRates.csv:5',
    'DestinationRates.csv:6',
    'DestinationRates.csv:7',
    'DestinationRates.csv:8',
    'Timings.csv:3',
    'Timings.csv:4',
    'RatingPlans.csv:4',
    'RatingProfiles.csv:3',
    'RatingProfiles.csv:4',
  ])
  assert.equal(
    moved.profiles.map(({ client, activatesAt }) => [client, activatesAt]),
    [
      ['Acme', '2026-01-01T00:00:00.000Z'],
      ['Nobody', '2026-01-01T00:00:00.000Z'],
    ],
  )
})

test('IvozProvider: groups become decks and plans, fractional weights keep their order', async () => {
  const moved = await readIvozProvider(folderOf(ivozProviderFiles), {
    currency: 'EUR',
    timeZone: null,
    language: 'es',
  })
  assert.equal(
    moved.decks.map(({ name, currency, rates }) => [
      name,
      currency,
      [...rates.values()].map(({ destination }) => destination),
    ]),
    [
      ['General', 'EUR', ['España', 'España, móvil']],
      ['Noches', 'EUR', ['España, móvil']],
      ['Dólares', 'USD', ['España, móvil']],
    ],
  )
  assert.equal(moved.plans, [
    {
      name: 'Minorista',
      currency: 'EUR',
      timeZone: null,
      entries: [
        { deck: 'General', weight: 0, days: null, from: '00:00', to: '24:00' },
        { deck: 'Noches', weight: 1, days: [1, 2, 3, 4, 5], from: '20:00', to: '24:00' },
      ],
    },
  ])
  assert.equal(
    moved.profiles.map(({ client, plan, activatesAt }) => [client, plan, activatesAt]),
    [['acme1.example.com', 'Minorista', '2026-01-01T00:00:00.000Z']],
  )
  assert.equal(named(moved), [
    'DestinationRateGroups.csv:4',
    'DestinationRates.csv:5',
    'RatingPlans.csv:4',
    'RatingPlanGroups.csv:3',
    'RatingProfiles.csv:3',
    'RatingProfiles.csv:4',
  ])
})

test('a file that is not there is a table without rows', async () => {
  const moved = await readCgrates(folderOf({}), { currency: 'EUR', timeZone: 'UTC' })
  assert.equal([moved.decks, moved.plans, moved.profiles, moved.unequal], [[], [], [], []])
  assert.equal(
    [...moved.missing].sort(),
    ['DestinationRates', 'Destinations', 'Rates', 'RatingPlans', 'RatingProfiles', 'Timings'].map(
      (name) => `${name}.csv`,
    ),
  )
})

test('instants are UTC unless they say otherwise, whatever the zone of this machine', () => {
  const texts = ['2026-01-01', '2026-01-01 00:00:00', '2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00Z']
  const zone = process.env.TZ
  process.env.TZ = 'America/New_York'
  assert.equal(texts.map(readActivation), Array(4).fill(Date.UTC(2026)))
  assert.equal(['1', '', 'soon', '2026-02-30', '2026-01-01T25:00:00Z', null].map(readActivation), [
    ...Array(6).fill(undefined),
  ])
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

test('a weight that is no number leaves its entry out, and names it', async () => {
  const cgrates = await readCgrates(
    folderOf({
      ...cgratesFiles,
      'RatingPlans.csv': ['RETAIL,DR_DAY,*any,10', 'RETAIL,DR_LOW,EVENING,heavy', 'RETAIL,DR_LOW,*any,-1'],
    }),
    { currency: 'EUR', timeZone: 'UTC' },
  )
  assert.equal(cgrates.plans[0]?.entries.length, 1)
  assert.equal(
    named(cgrates).filter((row) => row.startsWith('RatingPlans')),
    ['RatingPlans.csv:2', 'RatingPlans.csv:3'],
  )
  const [heading = '', always = ''] = ivozProviderFiles['RatingPlans.csv']
  const ivozProvider = await readIvozProvider(
    folderOf({ ...ivozProviderFiles, 'RatingPlans.csv': [heading, always, always.replace('10.00', '1,5')] }),
    { currency: 'EUR', timeZone: null, language: 'en' },
  )
  assert.is(ivozProvider.plans[0]?.entries.length, 1)
})

test.run()
