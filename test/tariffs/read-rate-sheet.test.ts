import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readRateSheet } from '../../src/tariffs/read-rate-sheet.ts'
import type { SheetMapping } from '../../src/tariffs/sheet-mapping.ts'
import { testFolder } from '../servers.ts'

const test = suite('readRateSheet')
const minute = { fromSecond: 0, perSeconds: 60 }

async function readSheet(content: string | Buffer, mapping: SheetMapping = {}) {
  const file = join(testFolder(), 'sheet.csv')
  writeFileSync(file, content)
  const rows = []
  for await (const lot of readRateSheet(file, { mode: 'up', decimals: 4 }, { mapping })) rows.push(...lot)
  return rows
}

async function readGood(content: string | Buffer, mapping: SheetMapping = {}) {
  const rows = await readSheet(content, mapping)
  return rows.map((row) => {
    if ('faults' in row)
      throw new Error(`line ${row.faults[0]?.line}: ${row.faults[0]?.code} ${row.faults[0]?.detail}`)
    const { prefix, destination, terms } = row.staged
    return { prefix, destination, ...JSON.parse(terms) }
  })
}

async function readFaults(content: string | Buffer, mapping: SheetMapping = {}) {
  const rows = await readSheet(content, mapping)
  return rows
    .flatMap((row) => ('faults' in row ? row.faults : []))
    .map(({ line, column, code, value }) => [line, column, code, value])
}

test('a rate is per minute, in seconds one by one, unless other columns say so', async () => {
  assert.equal(await readGood('prefix,destination,rate\n346,Spain mobile,0.0600\n'), [
    {
      prefix: '346',
      destination: 'Spain mobile',
      connectFee: '0',
      steps: [{ ...minute, rate: '0.06', incrementSeconds: 1 }],
      minimumPrice: null,
      maximumPrice: null,
      maximumPriceAction: 'free',
      blocked: false,
    },
  ])
})

test('columns stand in any order, and every one of them counts', async () => {
  const [rate] = await readGood(
    'blocked,maximum_price_action,maximum_price,minimum_price,per_seconds,initial_increment,increment,connect_fee,rate,destination,prefix\n' +
      'true,hang-up,5,0.5,1,30,6,0.15,0.0000000001,"Isle, of",+4476\n',
  )
  assert.equal(rate, {
    prefix: '4476',
    destination: 'Isle, of',
    connectFee: '0.15',
    steps: [
      { fromSecond: 0, rate: '0.0000000001', perSeconds: 1, incrementSeconds: 30 },
      { fromSecond: 30, rate: '0.0000000001', perSeconds: 1, incrementSeconds: 6 },
    ],
    minimumPrice: '0.5',
    maximumPrice: '5',
    maximumPriceAction: 'hang-up',
    blocked: true,
  })
})

test('the names of other systems are known, in any case of letters', async () => {
  const [rate] = await readGood(
    'Code,Name,Price,Rate Surcharge,Rate-Increment,rate_minimum\n34,Spain,0.01,0.02,6,30\n',
  )
  assert.is(rate.prefix, '34')
  assert.is(rate.destination, 'Spain')
  assert.is(rate.connectFee, '0.02')
  assert.equal(rate.steps, [
    { ...minute, rate: '0.01', incrementSeconds: 30 },
    { fromSecond: 30, rate: '0.01', perSeconds: 60, incrementSeconds: 6 },
  ])
})

test('nothing is guessed without headings or a mapping, whatever the cells look like', async () => {
  for (const content of [
    'Spain,34,0.02,60\nFrance,33,0.02,60\n',
    'Spain,34,0.012,0.05,60\n',
    '34;0,02\n33;0,03\n',
    'Land;34;0,02;60\n',
    'Where,Which,How much\nSpain,34,0.02\n',
    '201,555,0.01\n',
  ]) {
    const [fault, ...others] = await readFaults(content)
    assert.equal(others, [], content)
    assert.equal(fault?.slice(0, 3), [1, null, 'header_not_recognised'], content)
  }
})

test('what was seen is told where no header is recognised', async () => {
  const [row] = await readSheet('\nSpain,34,0.02,60\n')
  if (!row || !('faults' in row)) throw new Error('it was read')
  assert.is(row.faults[0]?.line, 2)
  assert.match(row.faults[0]?.detail ?? '', 'Spain | 34 | 0.02 | 60')
})

test('a country code beside a city code is no prefix, and two columns of codes are not one', async () => {
  assert.equal(
    (await readFaults('Country,Code,Prefix,Rate\nSpain,34,600,0.02\n')).map(([, column, code]) => [
      column,
      code,
    ]),
    [['Prefix', 'repeated_column']],
  )
  assert.equal(
    (await readFaults('NPA,NXX,Rate\n201,555,0.02\n')).map(([, column, code]) => [column, code]),
    [
      ['NPA', 'unknown_column'],
      ['NXX', 'unknown_column'],
      ['prefix', 'missing_column'],
    ],
  )
})

test('a byte order mark is no part of the first column, and names keep their letters', async () => {
  const [rate] = await readGood(Buffer.from('\ufeffprefix,destination,rate\n52,México móvil,1\n'))
  assert.is(rate.destination, 'México móvil')
})

test('semicolons allow a decimal comma, and tabs and commas do not', async () => {
  const [rate] = await readGood('prefix;rate;connect_fee\n34;0,06;0,5\n')
  assert.is(rate.steps[0].rate, '0.06')
  assert.is(rate.connectFee, '0.5')
  const [dotted] = await readGood('prefix;rate;connect_fee\n34;0.06;0.5\n')
  assert.is(dotted.steps[0].rate, '0.06')
  const [tabbed] = await readGood('prefix\trate\n34\t0.06\n')
  assert.is(tabbed.steps[0].rate, '0.06')
  assert.equal(await readFaults('prefix\trate\n34\t0,06\n'), [[2, 'rate', 'invalid_amount', '0,06']])
  assert.equal(await readFaults('prefix,rate\n34,"0,06"\n'), [[2, 'rate', 'invalid_amount', '0,06']])
})

test('a dot in a sheet of decimal commas may be a mark of thousands, and is refused', async () => {
  assert.equal(await readFaults('prefix;rate\n34;0,06\n35;1.250\n'), [
    [3, 'rate', 'ambiguous_number', '1.250'],
  ])
  assert.equal(await readFaults('prefix;rate;connect_fee\n34;0,06;0.5\n'), [
    [2, 'rate', 'ambiguous_number', '0,06'],
  ])
  assert.equal(await readFaults('prefix;rate\n34;1.250,5\n'), [[2, 'rate', 'ambiguous_number', '1.250,5']])
})

test('every bad cell of every row is named with its line and column', async () => {
  const faults = await readFaults(
    'prefix,destination,rate,increment,connect_fee\n' +
      '34,Spain,0.1,60,0\n' +
      '3x,Spain,0.1,60,0\n' +
      '35,Portugal,-1,90000,0\n' +
      '36,Hungary,1e-3,60,0.12345678901\n' +
      '37,,,1.5,0\n' +
      '38,Ukraine,1000001,86401,0\n',
  )
  assert.equal(faults, [
    [3, 'prefix', 'invalid_prefix', '3x'],
    [4, 'rate', 'invalid_amount', '-1'],
    [4, 'increment', 'out_of_range', '90000'],
    [5, 'connect_fee', 'too_many_decimals', '0.12345678901'],
    [5, 'rate', 'invalid_amount', '1e-3'],
    [6, 'increment', 'invalid_number', '1.5'],
    [6, 'rate', 'missing_value', ''],
    [7, 'rate', 'out_of_range', '1000001'],
    [7, 'increment', 'out_of_range', '86401'],
  ])
})

test('a row equal to a good one in all but its prefix is checked for its prefix', async () => {
  assert.equal(await readFaults('prefix,rate\n34,0.1\nabc,0.1\n,0.1\n'), [
    [3, 'prefix', 'invalid_prefix', 'abc'],
    [4, 'prefix', 'missing_value', ''],
  ])
})

test('a column nobody knows, one that stands twice, and a missing one are told before any row', async () => {
  assert.equal(await readFaults('prefix,rate,connect_fe\n34,0.1,1\n'), [
    [1, 'connect_fe', 'unknown_column', 'connect_fe'],
  ])
  assert.equal(await readFaults('prefix,rate,price\n34,0.1,1\n'), [[1, 'price', 'repeated_column', 'price']])
  assert.equal(await readFaults('prefix,destination\n34,Spain\n'), [[1, 'rate', 'missing_column', 'rate']])
})

test('bytes that are no UTF-8 are refused instead of stored as question marks', async () => {
  const latin1 = Buffer.from('prefix,destination,rate\n52,M\xe9xico,1\n', 'latin1')
  assert.equal(
    (await readFaults(latin1)).map(([line, column, code]) => [line, column, code]),
    [[2, 'destination', 'invalid_text']],
  )
})

test('a bad quote is one bad row, and the rows after it are read', async () => {
  assert.equal(await readFaults('prefix,destination,rate\n34,"Spain,1\n35,Portugal,x\n'), [
    [2, null, 'invalid_csv', null],
    [3, 'rate', 'invalid_amount', 'x'],
  ])
})

const byName: SheetMapping = { prefixTable: 'numbering', columns: { prefix: 'Country', rate: 'Rate' } }

test('countries are known by their letters and by their names in the languages we speak', async () => {
  const names = 'Spain|España|Espanya|Spagna|SPANIEN|Espagne|Espanha|ES|esp| spain '.split('|')
  for (const name of names) {
    const [rate, ...others] = await readGood(`Country,Rate\n${name},0.02\n`, byName)
    assert.equal([rate?.prefix, rate?.destination, others], ['34', name.trim(), []], name)
  }
  for (const [name, prefixes] of [
    ['UK', ['44']],
    ['RU', ['7']],
    ['"Korea, Republic of"', ['82']],
    ['Czech Republic', ['420']],
    ['St. Lucia', ['1758']],
    ["Cote d'Ivoire", ['225']],
    ['Dominican Republic', ['18001', '1809', '1829', '1849']],
    ['Jamaica', ['1658', '1876']],
  ] as const) {
    const rates = await readGood(`Country,Rate\n${name},0.02\n`, byName)
    assert.equal(
      rates.map(({ prefix }) => prefix),
      prefixes,
      name,
    )
  }
})

test('a name that no country has is refused with its row, and none is taken for part of another', async () => {
  const names = ['Spain mobile', 'Spain 2', 'Atlantis', '34', 'Korea', 'EU', 'E S', 'Spain/France']
  assert.equal(
    await readFaults(`Country,Rate\n${names.map((name) => `${name},0.02\n`).join('')},0.03\n`, byName),
    [
      ...names.map((name, place) => [place + 2, 'prefix', 'unknown_name', name]),
      [names.length + 2, 'prefix', 'missing_value', ''],
    ],
  )
  const list: SheetMapping = { ...byName, prefixTable: [{ name: 'Spain mobile', prefixes: ['346', '347'] }] }
  assert.equal(await readFaults('Country,Rate\nspain  MOBILE,0.02\nSpain,0.01\n', list), [
    [3, 'prefix', 'unknown_name', 'Spain'],
  ])
})

test('a country whose code begins numbers of others is taken, and they are named each time', async () => {
  const rows = await readSheet('Country,Rate\nUK,0.02\nES,0.02\nMorocco,0.02\n', byName)
  assert.equal(
    rows.map((row) => ('faults' in row ? row.faults : row.warnings)),
    [
      [
        {
          line: 2,
          code: 'covers_other_countries',
          detail:
            '"UK" is taken with numbers of Guernsey, Isle of Man, Jersey where the sheet does not name them.',
        },
      ],
      [],
      [
        {
          line: 4,
          code: 'covers_other_countries',
          detail: '"Morocco" is taken with numbers of Western Sahara where the sheet does not name them.',
        },
      ],
    ],
  )
})

test('rows of nothing but separators are no rows', async () => {
  assert.is((await readGood('prefix,rate\n34,0.1\n,\n\n  ,\n35,0.1\n')).length, 2)
})

test('a blocked prefix needs no rate, and "*" is a prefix', async () => {
  const rates = await readGood('prefix,rate,blocked\n882,,yes\n*,1,no\n')
  assert.equal(
    rates.map(({ prefix, blocked, steps }) => [prefix, blocked, steps[0].rate]),
    [
      ['882', true, '0'],
      ['*', false, '1'],
    ],
  )
})

test.run()
