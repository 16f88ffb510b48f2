import { analyse } from 'scslre'
import Type from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildValidator } from '../../src/api/conventions/validation.ts'
import { callEventSchemas } from '../../src/calls/call-messages.ts'
import { closed, Name } from '../../src/shapes/fields.ts'
import { openTestApi, type TestApi } from './test-api.ts'

const test = suite('checks of input that stay short')
let api: TestApi
/** Every schema that checks something: of the API, and of the messages over NATS. */
let schemas: unknown

test.before(async () => {
  api = await openTestApi()
  schemas = [(await api.send('GET', '/openapi.json')).body, callEventSchemas]
})
test.after(() => api.close())

/** Calls `see` with each member of each object in `value`. */
function walk(value: unknown, see: (name: string, member: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    see(name, member)
    walk(member, see)
  }
}

/** Places where a backtracking matcher takes more steps than a multiple of the input's length. */
const slowPlaces = (pattern: string) => analyse(new RegExp(pattern, 'u')).reports.length

test('a pattern reads a long text in a number of steps that grows as the text does', () => {
  const patterns = new Set<string>()
  walk(schemas, (name, member) => {
    if (name === 'pattern' && typeof member === 'string') patterns.add(member)
    if (name === 'patternProperties') for (const key of Object.keys(member as object)) patterns.add(key)
  })
  assert.ok(patterns.size > 20, `found ${patterns.size}`)
  assert.equal(
    [...patterns].filter((pattern) => slowPlaces(pattern) > 0),
    [],
  )
})

test('the analysis tells a pattern that tries each cut of a text', () => {
  assert.is(slowPlaces('^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$'), 1)
})

test('no schema is a choice of several, in which faults need not count', () => {
  const choices: string[] = []
  const check = (part: unknown) =>
    walk(part, (name, member) => {
      if (['anyOf', 'oneOf', 'not', 'if', 'contains'].includes(name)) choices.push(JSON.stringify(member))
    })
  // What is answered may be a choice: nobody checks it.
  walk(schemas, (name, member) => {
    if (name === 'parameters' || name === 'requestBody') check(member)
  })
  check(callEventSchemas)
  assert.equal(choices, [])
})

function faultsIn(schema: object, value: unknown) {
  const compile = buildValidator({}, { customOptions: {} } as Parameters<typeof buildValidator>[1])
  const validate = compile({ schema, method: 'POST', url: '/', httpPart: 'body' } as never) as {
    (value: unknown): boolean
    errors?: { keyword: string; instancePath: string }[] | null
  }
  return { isValid: validate(value), faults: validate.errors ?? [] }
}

test('what is too long or too many is not looked into', () => {
  const few = Type.Array(Type.Integer(), { maxItems: 2, uniqueItems: true })
  const map = Type.Record(Type.String({ pattern: '^[a-z]$' }), Type.Integer(), { maxProperties: 1 })
  for (const [schema, value, keyword] of [
    [Name, '\u0001'.repeat(600), 'maxLength'],
    [few, ['x', 'x', 'x'], 'maxItems'],
    [{ ...map, additionalProperties: false }, { a: 'x', b: 'x', '?': 1 }, 'maxProperties'],
  ] as const) {
    assert.equal(
      faultsIn(schema, value).faults.map((fault) => fault.keyword),
      [keyword],
    )
  }
})

test('what is within its limits is looked into', () => {
  const long = 'ä'.repeat(255)
  assert.ok(faultsIn(Name, long).isValid)
  for (const text of [`${long.slice(1)}\n`, `\n${long.slice(1)}`, ' '.repeat(255)]) {
    assert.equal(
      faultsIn(Name, text).faults.map(({ keyword }) => keyword),
      ['pattern'],
    )
  }
  assert.ok(faultsIn(Name, '  a b  ').isValid)
})

test('the first 100 faults end the check', () => {
  const items: unknown[] = Array.from({ length: 1000 }, () => ({}))
  let looked = 0
  Object.defineProperty(items, 500, {
    get() {
      looked += 1
      return {}
    },
  })
  const { isValid, faults } = faultsIn(Type.Array(closed({ a: Name, b: Name })), items)
  assert.equal([isValid, faults.length, faults.at(-1)?.instancePath, looked], [false, 100, '/49', 0])
})

test('an answer names 100 faults at most', async () => {
  const names = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`no${i}`, 1]))
  const { status, body } = await api.send('POST', '/v1/brands', {
    body: { name: 'x', currency: 'EUR', ...names },
  })
  assert.equal([status, body.errors.length], [400, 100])
})

test.run()
