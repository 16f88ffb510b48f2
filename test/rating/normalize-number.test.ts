import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Numbering } from '../../src/rating/normalize-number.ts'
import { normalizeNumber } from '../../src/rating/normalize-number.ts'

const spain: Numbering = {
  countryCode: '34',
  internationalPrefixes: ['00'],
  nationalPrefix: '',
  nationalLengths: [9],
}
const britain: Numbering = {
  countryCode: '44',
  internationalPrefixes: ['00', '0011'],
  nationalPrefix: '0',
  nationalLengths: [9, 10],
}

const numbers = suite('normalizeNumber')

const table: [string, Numbering | null, string | undefined, string][] = [
  ['+34600111222', null, '34600111222', 'a plus means E.164'],
  ['+34600111222', britain, '34600111222', 'whatever the numbering'],
  ['+0034600', spain, '0034600', 'and nothing after it is dropped'],
  ['0034600111222', null, '34600111222', 'without numbering a leading 00 is dropped'],
  ['600111222', null, '600111222', 'and the digits stay'],
  ['0600', null, '0600', 'a single 0 too'],
  ['600111222', spain, '34600111222', 'a national length gets the country code'],
  ['112', spain, '112', 'another length stays'],
  ['0049301234', spain, '49301234', 'an international prefix is dropped'],
  ['02079460000', britain, '442079460000', 'the national prefix is dropped first'],
  ['2079460000', britain, '2079460000', 'without the national prefix it is no national number'],
  ['001134600', britain, '34600', 'the longest international prefix counts'],
  ['', null, undefined, 'an empty text is no number'],
  ['+', null, undefined, 'nor a lone plus'],
  ['00', null, undefined, 'nor a prefix without digits'],
  ['34 600', null, undefined, 'nor anything with blanks'],
  ['34-600', spain, undefined, 'or dashes'],
  ['٣٤', null, undefined, 'or digits of other scripts'],
  ['1'.repeat(18), null, '1'.repeat(18), 'eighteen digits are the most'],
  ['1'.repeat(19), null, undefined, 'nineteen are too many'],
  [`00${'1'.repeat(18)}`, null, '1'.repeat(18), 'counted after normalization'],
]
for (const [to, numbering, digits, why] of table) {
  numbers(`${to || '(empty)'}: ${why}`, () => assert.is(normalizeNumber(to, numbering), digits))
}

numbers.run()
