/**
 * The tables of reasons in docs/contract.md and docs/domain.md, held to the code.
 */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseCodes } from '../../src/limits/choose-codes.ts'
import { denialReasons, hangupCodes, type ReasonCodes, reasonCodes } from '../../src/limits/reasons.ts'

const test = suite('tables of reasons in the docs')
const textOf = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const sectionOf = (text: string, heading: string) => text.split(`## ${heading}`)[1]?.split('\n## ')[0] ?? ''
const wordsIn = (text: string) => [...text.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word)

const section = sectionOf(textOf('contract.md'), 'Reasons of a denial, in the order of the checks')
const rows = [...section.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$/gm)].map(([, ...cells]) => cells)

test('contract.md has each reason with its SIP code, Q.850 cause and announcement, in the order of the checks', () => {
  const expected = denialReasons.map((reason) => {
    const { announcement } = reasonCodes[reason]
    const [out, into] = (['outbound', 'inbound'] as const).map((direction) =>
      chooseCodes(reason, { direction, client: undefined, brand: undefined }),
    )
    if (!out || !into) throw new Error('two directions have two answers')
    const each = (shown: (codes: ReasonCodes) => number) =>
      shown(out) === shown(into) ? [`${shown(out)}`] : [`${shown(into)}`, `${shown(out)}`]
    const sip = each(({ sip: code }) => code)
    return [
      reason,
      sip.length === 1 ? sip[0] : `${sip[0]} inbound, ${sip[1]} outbound`,
      each(({ q850 }) => q850).join(', '),
      announcement === null ? '–' : `\`${announcement}\``,
    ]
  })
  assert.equal(rows, expected)
})

test('contract.md names the reasons that only hang-ups have', () => {
  const line = section.split('\n').find((one) => one.startsWith('Hang-ups have besides:')) ?? ''
  assert.equal(wordsIn(line), Object.keys(hangupCodes))
})

test('domain.md lists the checks in their order', () => {
  const text = textOf('domain.md')
  const from = text.indexOf('`invalid_number` · ')
  const listed = wordsIn(text.slice(from, text.indexOf(';', from)))
  assert.equal(
    listed,
    denialReasons.filter((reason) => reason !== 'service_unavailable'),
  )
})

test.run()
