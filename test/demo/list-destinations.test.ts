import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Destination, listDestinations } from '../../demo/list-destinations.ts'
import { readTexts } from '../../demo/read-prefix-names.ts'

const test = suite('listDestinations')

const destinations = listDestinations()
const find = (prefix: string): Destination | undefined => destinations.find((one) => one.prefix === prefix)

test('there are more than 250,000 real prefixes, each once', () => {
  assert.ok(destinations.length > 250_000)
  assert.is(new Set(destinations.map(({ prefix }) => prefix)).size, destinations.length)
})

test('a mobile range is named for its carrier, a fixed one for its place, a calling code for its country', () => {
  assert.is(find('34600')?.name, 'Spain mobile, Vodafone')
  assert.is(find('4420')?.name, 'United Kingdom, London')
  assert.is(find('34')?.name, 'Spain')
})

test('countries that share a calling code are told apart by the digits behind it', () => {
  assert.is(find('12428')?.country, 'BS')
  assert.is(find('7701')?.country, 'KZ')
  assert.is(find('1201')?.country, 'US')
})

test('no name is longer than a rate sheet may have', () => {
  assert.equal(
    destinations.filter(({ name }) => name.length > 255),
    [],
  )
})

test('a document of texts is read byte by byte', () => {
  // { "65": "Orange" }
  const document = Buffer.from([
    0x14, 0, 0, 0, 0x02, 0x36, 0x35, 0, 0x07, 0, 0, 0, 0x4f, 0x72, 0x61, 0x6e, 0x67, 0x65, 0, 0,
  ])
  assert.equal([...readTexts(document)], [['65', 'Orange']])
})

test('a document that is cut off is refused', () => {
  assert.throws(() => [...readTexts(Buffer.from([0x20, 0, 0, 0, 0]))], /no single BSON document/)
})

test.run()
