import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { registerArrayTypes } from '../../src/db/pool/array-types.ts'
import type { DriverOptions } from '../../src/db/pool/driver.ts'

const test = suite('arrays for PostgreSQL')

const json = 114
const textArray = 1009
const jsonArray = 199

function registered(): DriverOptions {
  const options = {
    parsers: {},
    serializers: { [json]: (value: unknown) => JSON.stringify(value) },
    shared: { typeArrayMap: {} },
  } as unknown as DriverOptions
  registerArrayTypes(options)
  return options
}

test('whatever stands in a text comes back as it was', () => {
  const { parsers, serializers } = registered()
  const item = fc.oneof(
    fc.constantFrom(null, '', 'null', 'NULL', '{}', '"', '\\', 'a,b', '\\"', ' ', '{"a":"\\\\"}'),
    fc.string({ unit: 'grapheme' }),
  )
  fc.assert(
    fc.property(fc.array(item, { minLength: 1 }), (items) => {
      assert.equal(parsers[textArray]?.(serializers[textArray]?.(items) as string), items)
      // A list of lists, too.
      const lists = [items, items]
      assert.equal(parsers[textArray]?.(serializers[textArray]?.(lists) as string), lists)
    }),
    { seed: 1 },
  )
  assert.is(serializers[textArray]?.([]), '{}')
})

test('an element is written by the way of its type', () => {
  const { serializers } = registered()
  assert.is(serializers[jsonArray]?.([{ a: 'b"c' }, null]), '{"{\\"a\\":\\"b\\\\\\"c\\"}",NULL}')
  assert.is(serializers[textArray]?.([1, true, 5n]), '{"1","true","5"}')
})

test('what is undefined is refused, not written as a word', () => {
  const { serializers } = registered()
  assert.throws(() => serializers[textArray]?.(['a', undefined]), /undefined in an array/)
})

test.run()
