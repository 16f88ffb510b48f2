import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toColumns } from '../../src/reports/report.ts'
import { writeCsv } from '../../src/reports/write-csv.ts'

const test = suite('CSV for spreadsheets of a language')
const columns = toColumns({ name: 'text', price: 'amount', asrPercent: 'decimal', calls: 'integer' })

async function csv(flavour: 'raw' | 'spreadsheet', locale?: string) {
  async function* batches() {
    yield [
      ['Spain; mobile, "new"', '0.125000', '42.86', 1234],
      ['-', '-1234.5', '0', 0],
    ]
  }
  let text = ''
  for await (const chunk of writeCsv(columns, batches(), { flavour, locale })) text += chunk
  return text
}

for (const locale of ['es', 'ca', 'de', 'it', 'fr', 'pt-BR', 'es-ES']) {
  test(`in ${locale} decimals have a comma and cells are parted by semicolons`, async () => {
    assert.is(
      await csv('spreadsheet', locale),
      '\ufeffname;price;asrPercent;calls\r\n"Spain; mobile, ""new""";0,125;42,86;1234\r\n\'-;-1234,5;0;0\r\n',
    )
  })
}

test('in English, and without a language, decimals have a point and cells are parted by commas', async () => {
  for (const locale of ['en', 'en-GB', undefined]) {
    assert.match(await csv('spreadsheet', locale), '"Spain; mobile, ""new""",0.125,42.86,1234\r\n')
  }
})

test('raw CSV knows no language', async () => {
  assert.is(await csv('raw', 'es'), await csv('raw'))
})

test.run()
