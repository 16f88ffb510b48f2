import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Column, Row } from '../../src/reports/report.ts'
import { writeParquet } from '../../src/reports/write-parquet.ts'
import { bytesOf, inBatches } from './rows.ts'

const test = suite('write Parquet')

const columns: Column[] = [
  { name: 'text', kind: 'text' },
  { name: 'amount', kind: 'amount' },
  { name: 'at', kind: 'instant' },
  { name: 'day', kind: 'day' },
  { name: 'count', kind: 'integer' },
  { name: 'flag', kind: 'boolean' },
]

async function fileOf(rows: readonly Row[], batch?: number): Promise<ArrayBuffer> {
  return (await bytesOf(writeParquet(columns, inBatches(rows, batch)))).buffer as ArrayBuffer
}

/** Amounts as the unscaled integers that stand in the file: told that they are bytes, the reader makes no floats. */
async function unscaled(file: ArrayBuffer): Promise<bigint[]> {
  const metadata = parquetMetadata(file)
  const amount = metadata.schema.find(({ name }) => name === 'amount')
  assert.equal([amount?.converted_type, amount?.precision, amount?.scale], ['DECIMAL', 38, 10])
  delete amount?.converted_type
  delete amount?.logical_type
  const rows = await parquetReadObjects({ file, metadata, columns: ['amount'], utf8: false })
  return rows.map(({ amount: bytes }) =>
    BigInt.asIntN(128, BigInt(`0x${Buffer.from(bytes).toString('hex')}`)),
  )
}

test('no digit of an amount is lost, and none is made up', async () => {
  const amounts = ['0.100000', '-0.000001', '99999999999999.999999', '12345678901234.567891', '0', '-1.5']
  const file = await fileOf(amounts.map((amount) => ['', amount, null, null, null, null]))
  assert.equal(await unscaled(file), [
    1_000_000_000n,
    -10_000n,
    999_999_999_999_999_999_990_000n,
    123_456_789_012_345_678_910_000n,
    0n,
    -15_000_000_000n,
  ])
})

test('the other kinds come back as what they are, nulls as nulls', async () => {
  const file = await fileOf([
    ['=ñ', '1', '2026-01-05 23:30:00.25+00', '2026-01-06', '12', false],
    [null, null, null, null, null, null],
  ])
  const [row, empty] = await parquetReadObjects({ file })
  assert.equal(row, {
    text: '=ñ',
    amount: 1,
    at: new Date('2026-01-05T23:30:00.250Z'),
    day: new Date('2026-01-06T00:00:00Z'),
    count: 12n,
    flag: false,
  })
  assert.equal(
    Object.values(empty ?? {}).every((value) => value === undefined || value === null),
    true,
  )
})

test('instants say that they are UTC, in the words of old readers and of new ones', async () => {
  const { schema } = parquetMetadata(await fileOf([]))
  const at = schema.find(({ name }) => name === 'at')
  assert.is(at?.converted_type, 'TIMESTAMP_MILLIS')
  assert.equal(at?.logical_type, { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' })
})

test('rows beyond a group are all there, in order', async () => {
  const rows = Array.from({ length: 9001 }, (_, n) => [`row ${n}`, '0.01', null, null, n, true])
  // As many as a report reads at a time: no group is cut to leave a small one behind.
  const file = await fileOf(rows, 150)
  const groups = parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))
  assert.equal(groups, [4050, 4050, 901])
  const read = await parquetReadObjects({ file, columns: ['count'] })
  assert.equal([read.length, read.every(({ count }, n) => count === BigInt(n))], [9001, true])
})

test('between the columns of a group other work has its turn, and the file has the group as one', async () => {
  const rows = Array.from({ length: 500 }, (_, n): Row => [`row ${n}`, '0.01', null, null, n, true])
  let turns = 0
  let isOver = false
  const turn = () => {
    turns++
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  const file = await fileOf(rows, 500)
  isOver = true
  assert.ok(turns >= columns.length, `${turns} turns for ${columns.length} columns`)
  const { num_rows, row_groups } = parquetMetadata(file)
  assert.equal([num_rows, row_groups.length, row_groups[0]?.columns.length], [500n, 1, columns.length])
  const [group] = row_groups
  const sizes = group?.columns.map((one) => one.meta_data?.total_uncompressed_size ?? 0n) ?? []
  assert.is(
    group?.total_byte_size,
    sizes.reduce((sum, size) => sum + size, 0n),
  )
  assert.is((await parquetReadObjects({ file })).length, 500)
})

test('a report without rows is a file without rows', async () => {
  assert.equal(await parquetReadObjects({ file: await fileOf([]) }), [])
})

test.run()
