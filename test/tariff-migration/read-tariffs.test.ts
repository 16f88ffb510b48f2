import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ImportedTariffs } from '../../src/tariff-migration/imported-tariffs.ts'
import { readActivation } from '../../src/tariff-migration/read-activation.ts'
import { readCgrates } from '../../src/tariff-migration/read-cgrates.ts'
import { readIvozProvider } from '../../src/tariff-migration/read-ivozprovider.ts'
import { readSeconds } from '../../src/tariff-migration/read-seconds.ts'
import { cgratesAllowanceFiles, cgratesFiles, folderOf, ivozProviderFiles } from './folder.ts'

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
      ['DR_LOW (up 6)', 'up', 6, ['34']],
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
    graceSeconds: 0,
    highRisk: null,
  })
  const christmas = {
    ...{ weight: 20, days: null, from: '00:00', to: '24:00', onCalendar: 'CHRISTMAS (cgrates)' },
  }
  const evening = { weight: 10, days: [1, 2, 3, 4, 5], from: '19:30', to: '24:00' }
  assert.equal(moved.plans[0]?.entries, [
    { deck: 'DR_DAY', weight: 10, days: null, from: '00:00', to: '24:00' },
    { deck: 'DR_LOW', ...evening },
    { deck: 'DR_LOW (half-up 2)', ...evening },
    { deck: 'DR_LOW (up 6)', ...evening },
    { deck: 'DR_LOW', ...christmas },
    { deck: 'DR_LOW (half-up 2)', ...christmas },
    { deck: 'DR_LOW (up 6)', ...christmas },
  ])
  assert.equal(moved.calendars, [{ name: 'CHRISTMAS (cgrates)', days: [{ month: 12, day: 25 }] }])
})

test('CGRateS: years, months and days of the month become dates, and what is no date is named', async () => {
  const timings = {
    TWO_YEARS: '2026;2027,12,24;25,*any',
    END_OF_FEBRUARY: '2027;2028,2,28;29;30,*any',
    SUMMER: '*any,7;8,1,6;0',
    EVERY_FIRST: '*any,*any,1;31,*any',
    A_YEAR: '2028,*any,*any,*any',
    NEVER: '*any,2,30,*any',
    ODD: '*any,13,1,*any',
    LONG: '2026;2027;2028,*any,*any,*any',
    WORDS: '2026,DEC,25,*any',
  }
  const moved = await readCgrates(
    folderOf({
      ...cgratesFiles,
      'Timings.csv': Object.entries(timings).map(([tag, dates]) => `${tag},${dates},00:00:00`),
      'RatingPlans.csv': Object.keys(timings).map((tag) => `${tag},DR_DAY,${tag},10`),
    }),
    { currency: 'EUR', timeZone: 'UTC' },
  )
  const days = Object.fromEntries(moved.calendars.map(({ name, days }) => [name.split(' ')[0], days]))
  assert.equal(days.TWO_YEARS, ['2026-12-24', '2026-12-25', '2027-12-24', '2027-12-25'])
  assert.equal(days.END_OF_FEBRUARY, ['2027-02-28', '2028-02-28', '2028-02-29'])
  assert.equal(days.SUMMER, [
    { month: 7, day: 1 },
    { month: 8, day: 1 },
  ])
  assert.is(days.EVERY_FIRST?.length, 12 + 7)
  assert.is(days.A_YEAR?.length, 366)
  const summer = moved.plans.find(({ name }) => name === 'SUMMER')
  assert.equal(summer?.entries, [
    { deck: 'DR_DAY', weight: 10, days: [6, 7], from: '00:00', to: '24:00', onCalendar: 'SUMMER (cgrates)' },
  ])
  assert.equal(
    moved.unequal.filter(({ file }) => file === 'Timings.csv').map(({ line, why }) => [line, why]),
    [
      [6, 'there is no such date'],
      [7, 'years, months and days of the month are numbers, separated by semicolons'],
      [8, 'it names 1096 dates, a calendar has at most 1000'],
      [9, 'years, months and days of the month are numbers, separated by semicolons'],
    ],
  )
})

test('CGRateS: each row without an equal is named, and no other', async () => {
  const moved = await readCgrates(folderOf(cgratesFiles), { currency: 'EUR', timeZone: 'UTC' })
  assert.equal(named(moved), [
    'Rates.csv:5',
    'DestinationRates.csv:5',
    'DestinationRates.csv:6',
    'DestinationRates.csv:7',
    'DestinationRates.csv:8',
    'Timings.csv:4',
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
      ['Raro', 'EUR', ['España, móvil']],
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

const readEur = (files: Record<string, readonly string[]>) =>
  readCgrates(folderOf({ ...cgratesFiles, ...files }), { currency: 'EUR', timeZone: 'UTC' })
const named346 = ({ decks }: ImportedTariffs) =>
  decks.map(({ name, rates }) => {
    const { maximumPrice, maximumPriceAction } = rates.get('346') ?? {}
    return [name, maximumPrice, maximumPriceAction]
  })

test('CGRateS: a maximum cost without a strategy caps nothing, and is not named; an unknown one is', async () => {
  const [heading = ''] = cgratesFiles['DestinationRates.csv']
  const moved = await readEur({
    'DestinationRates.csv': [
      heading,
      'NONE,SPAIN_MOBILE,R_LOW,*up,4,2.5,',
      'FREE,SPAIN_MOBILE,R_LOW,*up,4,2.5,*free',
      'HANG,SPAIN_MOBILE,R_LOW,*up,4,2.5,*disconnect',
      'ODD,SPAIN_MOBILE,R_LOW,*up,4,2.5,*double',
    ],
  })
  assert.equal(named346(moved), [
    ['NONE', null, 'free'],
    ['FREE', '2.5', 'free'],
    ['HANG', '2.5', 'hang-up'],
    ['ODD', null, 'free'],
  ])
  assert.equal(
    moved.unequal.filter(({ file }) => file === 'DestinationRates.csv').map(({ line, why }) => [line, why]),
    [[5, 'the strategy *double of its maximum cost is not known; it is taken without']],
  )
})

test('CGRateS: 20 decimals, which there is as much as no rounding, are taken as 6 and named once for a tag', async () => {
  const moved = await readEur({
    'DestinationRates.csv': [
      'FINE,SPAIN_MOBILE,R_LOW,*middle,20,0,',
      'FINE,SPAIN,R_LOW,*middle,20,0,',
      'OTHER,SPAIN,R_LOW,*up,7,0,',
    ],
  })
  assert.equal(
    moved.decks.map(({ name, rounding, rates }) => [name, rounding.mode, rounding.decimals, rates.size]),
    [
      ['FINE', 'half-up', 6, 3],
      ['OTHER', 'up', 6, 1],
    ],
  )
  assert.equal(
    named(moved).filter((row) => row.startsWith('DestinationRates')),
    ['DestinationRates.csv:1', 'DestinationRates.csv:3'],
  )
})

const layouts: Record<string, Record<string, readonly string[]>> = {
  'headings of today': {
    'Destinations.csv': ['#ID,Prefix', 'D,34'],
    'Rates.csv': ['#ID,ConnectFees,Rate,RateUnit,RateIncrement,GroupIntervalStart', 'R,0,0.06,60s,1s,0s'],
    'DestinationRates.csv': [
      '#ID,DestinationsID,RatesID,RoundingMethod,RoundingDecimals,MaxCost,MaxCostStrategy',
      'DR,D,R,*up,4,0,',
    ],
    'Timings.csv': ['#ID,Years,Months,MonthDays,WeekDays,Time', 'T,*any,*any,*any,1;2;3;4;5,08:00:00'],
    'RatingPlans.csv': ['#ID,DestinationRatesID,TimingID,Weight', 'P,DR,T,10'],
    'RatingProfiles.csv': [
      '#Tenant,Category,Subject,ActivationTime,RatingPlanID,FallbackSubject',
      'x,call,Acme,2026-01-01T00:00:00Z,P,other',
    ],
  },
  'headings of former releases': {
    'Destinations.csv': ['#Tag,Prefix', 'D,34'],
    'Rates.csv': ['#Tag,ConnectFee,Rate,RateUnit,RateIncrement,GroupIntervalStart', 'R,0,0.06,60s,1s,0s'],
    'DestinationRates.csv': ['#Tag,DestinationsTag,RatesTag,RoundingMethod,RoundingDecimals', 'DR,D,R,*up,4'],
    'Timings.csv': ['#Tag,Years,Months,MonthDays,WeekDays,Time', 'T,*any,*any,*any,1;2;3;4;5,08:00:00'],
    'RatingPlans.csv': ['#Tag,DestinationRatesTag,TimingTag,Weight', 'P,DR,T,10'],
    'RatingProfiles.csv': [
      '#Direction,Tenant,Category,Subject,ActivationTime,RatingPlanTag,FallbackSubjects,CdrStatQueueIds',
      '*out,x,call,Acme,2026-01-01T00:00:00Z,P,other,',
    ],
  },
  'columns in another order, by their headings': {
    'Destinations.csv': ['Prefix,Id', '34,D'],
    'Rates.csv': ['GroupIntervalStart,Id,RateUnit,Rate,RateIncrement,ConnectFee', '0s,R,60s,0.06,1s,0'],
    'DestinationRates.csv': ['RatesTag,DestinationId,Id,RoundingDecimals,RoundingMethod', 'R,D,DR,4,*up'],
    'Timings.csv': ['Time,WeekDays,MonthDays,Months,Years,Tag', '08:00:00,1;2;3;4;5,*any,*any,*any,T'],
    'RatingPlans.csv': ['Weight,TimingTag,DestinationRatesId,Id', '10,T,DR,P'],
    'RatingProfiles.csv': [
      'RatingPlanId,Subject,Category,Tenant,ActivationTime,RatesFallbackSubject',
      'P,Acme,call,x,2026-01-01T00:00:00Z,other',
    ],
  },
  'no heading, and comments between the rows': {
    'Destinations.csv': ['# destinations, "as we sell them', '', 'D,34', '#D,35'],
    'Rates.csv': ['R,0,0.06,60s,1s,0s', '# "'],
    'DestinationRates.csv': ['# what: costs, what', 'DR,D,R,*up,4,0,'],
    'Timings.csv': ['T,*any,*any,*any,1;2;3;4;5,08:00:00'],
    'RatingPlans.csv': ['P,DR,T,10'],
    'RatingProfiles.csv': ['x,call,Acme,2026-01-01T00:00:00Z,P,other'],
  },
  'headings that nobody knows, so columns by position': {
    'Destinations.csv': ['#Zone,Digits', 'D,34'],
    'Rates.csv': ['#Key,Fee,Price,Unit,Step,Start', 'R,0,0.06,60s,1s,0s'],
    'DestinationRates.csv': ['#Key,Zone,Price,How,Digits,Cap,CapHow', 'DR,D,R,*up,4,0,'],
    'Timings.csv': ['#Key,A,B,C,D,E', 'T,*any,*any,*any,1;2;3;4;5,08:00:00'],
    'RatingPlans.csv': ['#Key,Rates,When,Order', 'P,DR,T,10'],
    'RatingProfiles.csv': ['#T,C,S,From,Plan,Else', 'x,call,Acme,2026-01-01T00:00:00Z,P,other'],
  },
}
for (const [layout, files] of Object.entries(layouts)) {
  test(`CGRateS: ${layout}`, async () => {
    const moved = await readCgrates(folderOf(files), { currency: 'EUR', timeZone: 'UTC' })
    assert.equal(
      moved.decks.map(({ name, rates }) => [name, rates.get('34')?.steps, rates.size]),
      [['DR', [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 1 }], 1]],
    )
    assert.equal(moved.plans[0]?.entries, [
      { deck: 'DR', weight: 10, days: [1, 2, 3, 4, 5], from: '08:00', to: '24:00' },
    ])
    assert.equal(
      moved.profiles.map(({ client, plan, activatesAt }) => [client, plan, activatesAt]),
      [['Acme', 'P', '2026-01-01T00:00:00.000Z']],
    )
    assert.equal(
      moved.unequal.map(({ file, why }) => [file, why]),
      [['RatingProfiles.csv', 'no profile falls back to another one; it is taken without']],
    )
  })
}

test('CGRateS: comments do not move the lines that are named', async () => {
  const moved = await readEur({
    'Rates.csv': [
      '# one',
      '#Id,ConnectFee,Rate,RateUnit,RateIncrement,GroupIntervalStart',
      '',
      'R,0,0.01,1,1,0',
    ],
  })
  assert.ok(named(moved).includes('Rates.csv:4'))
})

const readIvoz = (files: Record<string, readonly string[]>, fromBrand?: string) =>
  readIvozProvider(folderOf({ ...ivozProviderFiles, ...files }), {
    currency: 'EUR',
    timeZone: null,
    language: 'en',
    fromBrand,
  })

test('IvozProvider: a connect fee that is deducted is the least that a call costs', async () => {
  const moved = await readIvoz({
    'DestinationRates.csv': [
      'id,rate,connectFee,rateIncrement,groupIntervalStart,destinationRateGroupId,destinationId',
      '1,0.0100,0.0500,1s,0s,3,2',
      '2,0.0100,0.0000,1s,0s,3,1',
    ],
  })
  const deck = moved.decks.find(({ name }) => name === 'Odd')
  assert.equal(
    ['346', '34'].map((prefix) => {
      const { connectFee, minimumPrice } = deck?.rates.get(prefix) ?? {}
      return [connectFee, minimumPrice]
    }),
    [
      ['0', '0.05'],
      ['0', null],
    ],
  )
})

const twins = {
  'DestinationRateGroups.csv': [
    'id,name_en,currencyId,deductibleConnectionFee',
    '1,General,1,0',
    '2,General,1,0',
  ],
  'RatingPlanGroups.csv': ['id,name_en,currencyId', '1,Retail,1', '2,Retail,1'],
  'RatingPlans.csv': [
    'id,weight,timing_type,ratingPlanGroupId,destinationRateGroupId',
    '1,10,always,1,1',
    '2,10,always,2,2',
  ],
  'DestinationRates.csv': [
    'id,rate,connectFee,rateIncrement,groupIntervalStart,destinationRateGroupId,destinationId',
    '1,0.30,0,60s,0s,1,2',
    '2,0.90,0,60s,0s,2,2',
  ],
  'Companies.csv': ['id,name,domain_users', '7,Acme,a.example.com', '8,Best,b.example.com'],
  'RatingProfiles.csv': [
    'id,activationTime,companyId,ratingPlanGroupId',
    '1,2026-01-01 00:00:00,7,1',
    '2,2026-01-01 00:00:00,8,2',
  ],
}

test('IvozProvider: groups of one name stay two, each client keeps its own price, and the clash is named', async () => {
  const moved = await readIvoz(twins)
  assert.equal(
    moved.decks.map(({ name, rates }) => [name, rates.get('346')?.steps[0]?.rate]),
    [
      ['General (1)', '0.3'],
      ['General (2)', '0.9'],
    ],
  )
  assert.equal(
    moved.plans.map(({ name, entries }) => [name, entries.map(({ deck }) => deck)]),
    [
      ['Retail (1)', ['General (1)']],
      ['Retail (2)', ['General (2)']],
    ],
  )
  assert.equal(
    moved.profiles.map(({ client, plan }) => [client, plan]),
    [
      ['a.example.com', 'Retail (1)'],
      ['b.example.com', 'Retail (2)'],
    ],
  )
  assert.equal(named(moved), [
    'DestinationRateGroups.csv:2',
    'DestinationRateGroups.csv:3',
    'RatingPlanGroups.csv:2',
    'RatingPlanGroups.csv:3',
  ])
})

const ofBrand = (lines: readonly string[], ...brands: string[]) =>
  lines.map((line, at) => (at === 0 ? `${line},brandId` : `${line},${brands[at - 1]}`))
const twoBrands = {
  ...twins,
  'Brands.csv': ['id,name', '1,North', '2,South'],
  'DestinationRateGroups.csv': ofBrand(twins['DestinationRateGroups.csv'], '1', '2'),
  'RatingPlanGroups.csv': ofBrand(twins['RatingPlanGroups.csv'], '1', '2'),
  'Companies.csv': ofBrand(twins['Companies.csv'], '1', '2'),
}

test('CGRateS: profiles of several tenants are taken for one of them, and none is guessed', async () => {
  const folder = folderOf({
    ...cgratesFiles,
    'RatingProfiles.csv': [
      '#Tenant,Category,Subject,ActivationTime,RatingPlanId,RatesFallbackSubject',
      'north.example.com,call,1001,2026-01-01T00:00:00Z,RETAIL,',
      'south.example.com,call,1001,2026-02-01T00:00:00Z,RETAIL,',
    ],
  })
  const options = { currency: 'EUR', timeZone: 'UTC' }
  const refused = (tenant?: string) =>
    readCgrates(folder, { ...options, tenant }).then(
      () => 'taken',
      (error: Error) => error.message,
    )
  assert.is(
    await refused(),
    'The profiles are of several tenants: north.example.com, south.example.com. Say which one by --tenant.',
  )
  assert.is(
    await refused('west'),
    'The profiles have no tenant "west", only north.example.com, south.example.com.',
  )
  const { profiles } = await readCgrates(folder, { ...options, tenant: 'south.example.com' })
  assert.equal(
    profiles.map(({ client, activatesAt }) => [client, activatesAt]),
    [['1001', '2026-02-01T00:00:00.000Z']],
  )
})

test("IvozProvider: of a platform's files one brand is taken, by id or name, and none is guessed", async () => {
  const refused = async (fromBrand?: string) =>
    readIvoz(twoBrands, fromBrand).then(
      () => 'taken',
      (error: Error) => error.message,
    )
  assert.is(
    await refused(),
    'These files hold several brands: 1 (North), 2 (South). Say which one by --from-brand.',
  )
  assert.is(await refused('West'), 'These files have no brand "West", only 1 (North), 2 (South).')
  for (const [brand, rate, client] of [
    ['1', '0.3', 'a.example.com'],
    ['South', '0.9', 'b.example.com'],
  ] as const) {
    const moved = await readIvoz(twoBrands, brand)
    assert.equal(
      moved.decks.map(({ name, rates }) => [name, rates.get('346')?.steps[0]?.rate]),
      [['General', rate]],
    )
    assert.equal(
      moved.profiles.map((profile) => [profile.client, profile.plan]),
      [[client, 'Retail']],
    )
    assert.equal(moved.unequal, [])
  }
})

test('CGRateS: actions that come again with each period become allowance plans, and who has them allowances', async () => {
  const moved = await readCgrates(folderOf(cgratesAllowanceFiles), { currency: 'EUR', timeZone: 'UTC' })
  const plans = moved.allowancePlans.map(({ row: _row, ...plan }) => plan)
  const seconds = { unit: 'seconds' }
  assert.equal(plans, [
    {
      ...{ name: 'SPAIN 100', currency: 'EUR', period: 'month', fee: '9.9' },
      items: [
        { name: 'SPAIN_100', prefixes: ['34', '33'], ...seconds, amount: 6000, weight: 20 },
        { name: 'NIGHTS', prefixes: ['*'], ...seconds, amount: 3600, weight: 10 },
      ],
    },
    {
      ...{ name: 'WEEK', currency: 'EUR', period: 'week', fee: '0' },
      items: [{ name: 'minutes', prefixes: ['34'], ...seconds, amount: 90, weight: 10 }],
    },
  ])
  assert.equal(
    moved.allowances.map(({ client, plan }) => [client, plan]),
    [
      ['Acme', 'SPAIN 100'],
      ['Nobody', 'WEEK'],
    ],
  )
  assert.equal(
    moved.unequal.map(({ file, line, why }) => `${file}:${line} ${why}`),
    [
      'ActionPlans.csv:4 its periods begin on Mondays here',
      'Actions.csv:5 what is left is kept without end there; periods end here',
      'Actions.csv:6 minutes of an allowance cost nothing',
      'Actions.csv:7 minutes are whole seconds with a unit, such as 90s',
      'ActionPlans.csv:8 it is given once; an allowance comes again with each period',
      'ActionPlans.csv:9 a period begins with each day, each Monday or each 1st of a month, at midnight',
      'AccountActions.csv:2 the action plan KEEP was left out',
    ],
  )
})

test('CGRateS: accounts of several tenants need one to be named', async () => {
  const files = { ...cgratesAllowanceFiles, 'AccountActions.csv': ['one,Acme,WEEK,,,', 'two,Acme,WEEK,,,'] }
  const options = { currency: 'EUR', timeZone: 'UTC' }
  const refused = await readCgrates(folderOf(files), options).catch((error: Error) => error.message)
  assert.match(refused as string, 'several tenants: one, two')
  const { allowances } = await readCgrates(folderOf(files), { ...options, tenant: 'two' })
  assert.equal(
    allowances.map(({ row }) => row.line),
    [2],
  )
})

test('IvozProvider: fixed costs of the brand', async () => {
  const options = { currency: 'EUR', timeZone: null, language: 'es' }
  const moved = await readIvozProvider(
    folderOf({
      ...ivozProviderFiles,
      'FixedCosts.csv': ['id,name,cost', '1,Centralita,12.5000', '2,Alta,gratis', '3,Baja,-1'],
    }),
    options,
  )
  assert.equal(
    moved.fixedCosts.map(({ name, price, currency }) => [name, price, currency]),
    [['Centralita', '12.5000', 'EUR']],
  )
  assert.equal(named(moved).slice(-2), ['FixedCosts.csv:3', 'FixedCosts.csv:4'])
})

test.run()
