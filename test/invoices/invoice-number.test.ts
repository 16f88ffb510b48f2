import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkSequence, invoiceNumber, seriesYear } from '../../src/invoices/invoice-number.ts'

test('a number is the prefix with its year and month, then the count padded to its width', () => {
  const day = '2026-03-09'
  assert.is(invoiceNumber({ prefix: 'F{yyyy}-', width: 5 }, 12, day), 'F2026-00012')
  assert.is(invoiceNumber({ prefix: '{yy}{mm}/', width: 3 }, 7, day), '2603/007')
  assert.is(invoiceNumber({ prefix: '', width: 1 }, 1234, day), '1234')
})

test('a count that restarts is kept by year, another under none', () => {
  assert.is(seriesYear({ resetYearly: true }, '2026-12-31'), 2026)
  assert.is(seriesYear({ resetYearly: false }, '2026-12-31'), 0)
})

test('a count that restarts without the year in its prefix is refused, and so are other braces', () => {
  const check = (prefix: string, resetYearly: boolean) =>
    checkSequence({ prefix, width: 4, start: 1, resetYearly }).length
  assert.is(check('F-', true), 1)
  assert.is(check('F{mm}-', true), 1)
  assert.is(check('F{yy}-', true), 0)
  assert.is(check('F-{dd}', false), 1)
  assert.is(check('F-{yyyy', false), 1)
})

test.run()
