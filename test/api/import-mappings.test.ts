/** Sheets with a mapping over HTTP: kept or sent along, inspected, and refused where a mapping cannot be used. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('import mappings')
const sheets = join(import.meta.dirname, '../tariffs/sheets')
const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const noHeader = { headerLine: null, columns: { destination: 1, prefix: 2, rate: 3, increment: 4 } }
const positions = 'Spain,34,0.02,60\nFrance,33,0.03,60\n'
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>
let n = 0

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  other = await makeTenant(api)
})
test.after(() => api.close())

const send = (method: string, path: string, body?: unknown, key = tenant.brandKey) =>
  api.send(method, path, { key, ...(body === undefined ? {} : { body }) })
const sendSheet = (path: string, body: string, type = 'text/csv') =>
  api.send('POST', path, { key: tenant.brandKey, body, headers: { 'content-type': type } })
const makeDeck = async () =>
  (await must(send('POST', '/v1/rate-decks', { name: `Deck ${++n}`, currency: 'EUR' }))).id as string
const keep = (mapping: object, key?: string) =>
  send('POST', '/v1/import-mappings', { name: `Mapping ${++n}`, mapping }, key)

interface Part {
  name: string
  text: string
  file?: string
  type?: string
}

function multipart(parts: readonly Part[]): string {
  const written = parts.map(({ name, text, file, type }) => {
    const fileName = file === undefined ? '' : `; filename="${file}"`
    const contentType = type === undefined ? '' : `\r\ncontent-type: ${type}`
    return `--edge\r\ncontent-disposition: form-data; name="${name}"${fileName}${contentType}\r\n\r\n${text}\r\n`
  })
  return `${written.join('')}--edge--\r\n`
}

const file = { name: 'file', file: 'rates.csv', type: 'text/csv', text: positions }
const mapping = { name: 'mapping', text: JSON.stringify(noHeader) }
const sendParts = (path: string, parts: readonly Part[]) =>
  sendSheet(path, multipart(parts), 'multipart/form-data; boundary=edge')

async function outcome(started: ReturnType<TestApi['send']>) {
  const { id } = await must(started)
  await api.context.importer.idle()
  return must(send('GET', `/v1/imports/${id}`))
}

async function ratesOf(deck: string): Promise<[string, string][]> {
  const { data } = await must(send('GET', `/v1/rate-decks/${deck}/rates`))
  return data.map(({ prefix, steps }: { prefix: string; steps: { rate: string }[] }) => [
    prefix,
    steps[0]?.rate,
  ])
}

const expected = [
  ['33', '0.03'],
  ['34', '0.02'],
]

test('a sheet without headings is rejected, with what was seen, and changes nothing', async () => {
  const deck = await makeDeck()
  const rejected = await outcome(sendSheet(`/v1/rate-decks/${deck}/imports`, positions))
  assert.is(rejected.status, 'rejected')
  assert.equal([rejected.errors[0].code, rejected.errors[0].line], ['header_not_recognised', 1])
  assert.match(rejected.errors[0].detail, 'Spain | 34 | 0.02 | 60')
  assert.equal(await ratesOf(deck), [])
})

test('a kept mapping is named by its id', async () => {
  const deck = await makeDeck()
  const { id } = await must(keep(noHeader))
  const applied = await outcome(sendSheet(`/v1/rate-decks/${deck}/imports?mapping=${id}`, positions))
  assert.equal([applied.status, applied.errors], ['applied', []])
  assert.equal(await ratesOf(deck), expected)
})

test('a mapping comes along as a part, before the file or behind it, as a field or as a file', async () => {
  const asFile = { ...mapping, file: 'mapping.json', type: 'application/json' }
  for (const parts of [
    [mapping, file],
    [file, mapping],
    [asFile, file],
    [file, asFile],
  ]) {
    const deck = await makeDeck()
    const applied = await outcome(sendParts(`/v1/rate-decks/${deck}/imports`, parts))
    assert.equal([applied.status, applied.errors], ['applied', []])
    assert.equal(await ratesOf(deck), expected)
  }
})

test('a mapping that cannot be used is refused with the place, and nothing is imported', async () => {
  const deck = await makeDeck()
  const path = `/v1/rate-decks/${deck}/imports`
  const refused: [object, string][] = [
    [{ columns: { prefixes: 1 } }, '/mapping/columns/prefixes'],
    [{ headerLine: null, columns: { prefix: 'Code', rate: 2 } }, '/mapping/columns/prefix'],
    [{ headerLine: null, columns: { prefix: 1 } }, '/mapping/columns'],
    [{ decimalMark: ',', thousandsMark: ',' }, '/mapping/thousandsMark'],
    [{ dateFormat: 'dd/MM' }, '/mapping/dateFormat'],
    [{ timeZone: 'Europe/Nowhere' }, '/mapping/timeZone'],
    [{ unit: 'second', constants: { perSeconds: 60 } }, '/mapping/unit'],
    [{ scale: '0' }, '/mapping/scale'],
    [{ separator: ';;' }, '/mapping/separator'],
    [{ encoding: 'ebcdic' }, '/mapping/encoding'],
    [{ colour: 'red' }, '/mapping/colour'],
    [{ prefixTable: 'numbering' }, '/mapping/columns'],
    [{ prefixTable: 'numbers', columns: { prefix: 1 } }, '/mapping/prefixTable'],
    [{ prefixTable: 'numbering', columns: { prefix: 1, rate: 2 }, strip: '0' }, '/mapping/strip'],
    [{ prefixTable: 'numbering', columns: { prefix: 1, rate: 2 }, prepend: '1' }, '/mapping/prepend'],
    [{ prefixTable: [{ name: 'A', prefixes: ['x'] }] }, '/mapping/prefixTable/0/prefixes/0'],
    [{ prefixTable: [{ name: 'A' }] }, '/mapping/prefixTable/0/prefixes'],
    [
      {
        columns: { prefix: 1, rate: 2 },
        prefixTable: [
          { name: 'Spain', prefixes: ['34'] },
          { name: ' SPAIN', prefixes: ['35'] },
        ],
      },
      '/mapping/prefixTable/1/name',
    ],
  ]
  for (const [bad, pointer] of refused) {
    const text = JSON.stringify(bad)
    for (const parts of [
      [{ ...mapping, text }, file],
      [file, { ...mapping, text }],
    ]) {
      const answer = await sendParts(path, parts)
      assert.equal([answer.status, answer.body.errors?.[0]?.pointer], [400, pointer], text)
    }
    const kept = await keep(bad)
    assert.equal([kept.status, kept.body.errors?.[0]?.pointer], [400, pointer], text)
  }
  assert.equal(await ratesOf(deck), [])
})

test('a body of parts needs one file and knows no other parts', async () => {
  const path = `/v1/rate-decks/${await makeDeck()}/imports`
  const { id } = await must(keep(noHeader))
  assert.is((await sendParts(path, [mapping])).body.errors[0].pointer, '/file')
  assert.is((await sendParts(path, [{ ...mapping, name: 'map' }, file])).body.errors[0].pointer, '/map')
  assert.is((await sendParts(path, [file, mapping, file])).status, 400)
  assert.is((await sendParts(`${path}?mapping=${id}`, [mapping, file])).body.errors[0].pointer, '/mapping')
  assert.is((await sendParts(path, [{ ...mapping, text: '{' }, file])).status, 400)
})

test('the mappings of another brand are not there', async () => {
  const { id } = await must(keep(noHeader, other.brandKey))
  const deck = await makeDeck()
  assert.is((await sendSheet(`/v1/rate-decks/${deck}/imports?mapping=${id}`, positions)).status, 404)
  const asPlatform = await api.send('POST', `/v1/rate-decks/${deck}/imports?mapping=${id}`, {
    body: positions,
    headers: { 'content-type': 'text/csv' },
  })
  assert.is(asPlatform.status, 404)
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const answer = await send(
      method,
      `/v1/import-mappings/${id}`,
      method === 'PATCH' ? { name: 'Mine' } : undefined,
    )
    assert.is(answer.status, 404, method)
  }
})

test('a mapping is listed, changed and deleted, and its name is free once in a brand', async () => {
  const made = await must(
    send('POST', '/v1/import-mappings', { name: 'Carrier A', mapping: { decimalMark: ',' } }),
  )
  assert.equal(made.mapping, { decimalMark: ',' })
  const twice = await send('POST', '/v1/import-mappings', { name: 'Carrier A', mapping: {} })
  assert.equal([twice.status, twice.body.errors[0].pointer], [409, '/name'])
  const path = `/v1/import-mappings/${made.id}`
  const changed = await must(send('PATCH', path, { mapping: { unit: 'second' } }))
  assert.equal(changed.mapping, { decimalMark: ',', unit: 'second' })
  assert.is((await send('PATCH', path, { mapping: { thousandsMark: ',' } })).status, 400)
  const { data } = await must(send('GET', '/v1/import-mappings?limit=100'))
  assert.ok(data.some(({ id }: { id: string }) => id === made.id))
  assert.is((await send('DELETE', path)).status, 204)
  assert.is((await send('GET', path)).status, 404)
})

test('an inspection tells what was found, and its mapping imports the sheet as its rows were shown', async () => {
  const deck = await makeDeck()
  const sheet =
    'Wholesale prices;;;\nDestination;Code;Rate (EUR/min);Effective date;LATA\nSpain;34;0,0125;28/02/2026;1\n'
  const found = await must(sendSheet(`/v1/rate-decks/${deck}/imports/inspect`, sheet))
  assert.equal([found.separator, found.encoding, found.headerLine], [';', 'utf-8', 2])
  assert.equal(
    found.columns.map(({ heading, column }: { heading: string; column: string | null }) => [heading, column]),
    [
      ['Destination', 'destination'],
      ['Code', 'prefix'],
      ['Rate (EUR/min)', 'rate'],
      ['Effective date', 'effectiveAt'],
      ['LATA', null],
    ],
  )
  assert.equal(found.mapping, {
    separator: ';',
    encoding: 'utf-8',
    headerLine: 2,
    columns: {
      destination: 'Destination',
      prefix: 'Code',
      rate: 'Rate (EUR/min)',
      effectiveAt: 'Effective date',
    },
    ignoreColumns: ['LATA'],
    decimalMark: ',',
    dateFormat: 'd/M/yyyy',
  })
  assert.equal(
    found.doubts.map(({ code, column }: { code: string; column: string }) => [code, column]),
    [['unknown_column', 'LATA']],
  )
  assert.equal(found.rows.length, 1)
  assert.equal(found.rows[0].rate.steps[0].rate, '0.0125')
  assert.is(found.rows[0].effectiveAt, '2026-02-28T00:00:00.000Z')
  const parts = [
    { name: 'mapping', text: JSON.stringify(found.mapping) },
    { ...file, text: sheet },
  ]
  const applied = await outcome(sendParts(`/v1/rate-decks/${deck}/imports`, parts))
  assert.equal([applied.status, applied.errors], ['applied', []])
  assert.equal(await ratesOf(deck), [['34', '0.0125']])
})

test('what an inspection cannot know is a doubt, and nothing is imported by it', async () => {
  const deck = await makeDeck()
  const codesOf = async (sheet: string) =>
    (await must(sendSheet(`/v1/rate-decks/${deck}/imports/inspect`, sheet))).doubts.map(
      ({ code }: { code: string }) => code,
    )
  assert.equal(await codesOf(positions), ['header_not_recognised'])
  assert.equal(await codesOf('Code;Rate;Valid from\n34;0.02;03/04/2027\n'), ['ambiguous_date'])
  assert.equal(await codesOf('Code;Rate\n34;1,250\n35;2,500\n'), ['decimal_mark_assumed'])
  assert.equal(await codesOf('Code;Rate\n34;1.250,5\n'), ['ambiguous_number'])
  assert.equal(await codesOf('Code;Rate (USD/min)\n34;0.02\n'), ['wrong_currency'])
  assert.equal(await codesOf(''), ['header_not_recognised'])
  assert.equal(await ratesOf(deck), [])
})

test('a workbook is inspected and imported as CSV is', async () => {
  const deck = await makeDeck()
  const payload = readFileSync(join(sheets, '30-workbook.xlsx'))
  const sendBook = async (path: string, body: Buffer) => {
    const headers = { authorization: `Bearer ${tenant.brandKey}`, 'content-type': workbook }
    const response = await api.app.inject({ method: 'POST', url: path, headers, payload: body })
    return { status: response.statusCode, body: response.json(), headers: response.headers }
  }
  const found = await must(sendBook(`/v1/rate-decks/${deck}/imports/inspect`, payload))
  assert.equal([found.separator, found.headerLine, found.doubts], [null, 3, []])
  assert.equal(
    found.rows.map(({ rate }: { rate: { prefix: string } }) => rate.prefix),
    ['44', '447'],
  )
  const applied = await outcome(sendBook(`/v1/rate-decks/${deck}/imports`, payload))
  assert.equal([applied.status, applied.errors], ['applied', []])
  assert.equal(await ratesOf(deck), [
    ['44', '0.07'],
    ['447', '0.3'],
  ])
  const broken = payload.subarray(0, payload.length - 40)
  const rejected = await outcome(sendBook(`/v1/rate-decks/${deck}/imports`, broken))
  assert.equal([rejected.status, rejected.errors[0].code], ['rejected', 'invalid_workbook'])
  const doubtful = await must(sendBook(`/v1/rate-decks/${deck}/imports/inspect`, broken))
  assert.is(doubtful.doubts[0].code, 'invalid_workbook')
})

test.run()
