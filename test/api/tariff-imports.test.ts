import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, platformKey, type TestApi } from './test-api.ts'

const test = suite('importing tariffs in one step')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const deck = (name: string, more: object = {}) => ({
  rateDeck: { name, currency: 'EUR', rounding: { mode: 'up', decimals: 4 }, ...more },
})
const rates = (...given: [prefix: string, rate: string][]) => ({
  rates: given.map(([prefix, rate]) => ({ prefix, steps: [{ rate }] })),
})
const plan = (name: string, rateDeck: string, more: object = {}) => ({
  ratingPlan: { name, currency: 'EUR', timeZone: null, entries: [{ rateDeck }], ...more },
})
const profile = (client: string, ratingPlan: string, activatesAt = '2026-01-01T00:00:00Z') => ({
  ratingProfile: { client, ratingPlan, activatesAt },
})

async function send(lines: readonly unknown[] | string, query = '', key = tenant.brandKey) {
  const answer = await api.app.inject({
    method: 'POST',
    url: `/v1/tariff-imports?source=cgrates${query}`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    payload: typeof lines === 'string' ? lines : lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  })
  return { status: answer.statusCode, body: answer.json() }
}
const decksOf = async (key: string) => (await must(api.send('GET', '/v1/rate-decks', { key }))).data
const outcomes = (list: { name: string; outcome: string }[]) =>
  list.map(({ name, outcome }) => `${name} ${outcome}`)

test('decks, plans and profiles are made together, and a dry run says the same and makes nothing', async () => {
  const own = await makeTenant(api)
  const lines = [
    deck('Day'),
    rates(['34', '0.02'], ['346', '0.06']),
    rates(['44', '0.03']),
    deck('Night'),
    rates(['34', '0.01']),
    plan('Retail', 'Day', {
      entries: [{ rateDeck: 'Day' }, { rateDeck: 'Night', from: '20:00', weight: 1 }],
    }),
    profile(own.clientId, 'Retail'),
    profile('Nobody', 'Retail'),
  ]
  const dry = await send(lines, '&dryRun=true', own.brandKey)
  assert.is(dry.body.status, 'dry-run')
  assert.equal(await decksOf(own.brandKey), [])
  const real = await send(lines, '', own.brandKey)
  for (const { body } of [dry, real]) {
    assert.equal(outcomes(body.rateDecks), ['Day added', 'Night added'])
    assert.equal(
      body.rateDecks.map(({ rates }: { rates: { added: number } }) => rates.added),
      [3, 1],
    )
    assert.equal(outcomes(body.ratingPlans), ['Retail added'])
    assert.equal(body.ratingProfiles, { added: 1, unchanged: 0 })
    assert.equal(body.warnings, [{ line: 8, code: 'unknown_client', detail: 'there is no client "Nobody"' }])
  }
  assert.is(dry.body.rateDecks[0].id, null)
  assert.equal(
    (await decksOf(own.brandKey))
      .map(({ id, source }: { id: string; source: string }) => [id, source])
      .sort(),
    real.body.rateDecks.map(({ id }: { id: string }) => [id, 'cgrates']).sort(),
  )
  const again = await send(lines, '', own.brandKey)
  assert.equal(outcomes(again.body.rateDecks), ['Day unchanged', 'Night unchanged'])
  assert.equal(outcomes(again.body.ratingPlans), ['Retail unchanged'])
  assert.equal(again.body.ratingProfiles, { added: 0, unchanged: 1 })
  const changed = await send([deck('Night'), rates(['34', '0.01'], ['44', '0.02'])], '', own.brandKey)
  assert.equal(outcomes(changed.body.rateDecks), ['Night changed'])
  const { data } = await must(api.send('GET', '/v1/audit-log?resource=rate-decks', { key: own.brandKey }))
  assert.ok(data.length > 0 && data.every(({ actor }: { actor: string }) => actor !== 'system'))
})

test('every fault is named with its line, and with one of them nothing is written', async () => {
  const own = await makeTenant(api)
  const key = own.brandKey
  await must(api.send('POST', '/v1/rating-plans', { key, body: { name: 'Hand', currency: 'EUR' } }))
  const { status, body } = await send(
    [
      deck('Good'),
      rates(['34', '0.02']),
      deck('Good'),
      deck('Odd', { currency: 'XYZ' }),
      deck('Dollars', { currency: 'USD' }),
      rates(['34', '0.02']),
      plan('Hand', 'Good'),
      plan('Mixed', 'Dollars'),
      plan('Lost', 'Nowhere'),
      plan('Closed', 'Good', { entries: [{ rateDeck: 'Good', from: '08:00', to: '08:00' }] }),
      plan('In dollars', 'Dollars', { currency: 'USD' }),
      profile('Acme', 'In dollars'),
      profile('Acme', 'Missing'),
    ],
    '&replace=Nothing',
    key,
  )
  assert.equal([status, body.status, body.errorsTotal], [200, 'rejected', 9])
  assert.equal(
    body.errors.map(({ line, code }: { line: number; code: string }) => `${line} ${code}`),
    [
      '3 repeated_name',
      '4 unknown_currency',
      '7 not_imported',
      '8 currency_mismatch',
      '9 unknown_rate_deck',
      '10 invalid_plan',
      '12 currency_mismatch',
      '13 unknown_rating_plan',
      'null unknown_replacement',
    ],
  )
  assert.equal(await decksOf(key), [])
})

test('a line that cannot be read is refused with its place, and nothing is written', async () => {
  const own = await makeTenant(api)
  const good = `${JSON.stringify(deck('Deck'))}\n`
  for (const [line, pointer] of [
    ['{"rateDeck":', '/1'],
    ['[]', '/1'],
    ['{"rates":[],"ratingPlan":{}}', '/1'],
    ['{"other":1}', '/1'],
    ['{"rateDeck":{"name":"x","currency":"EUR"}}', '/1/rateDeck/rounding'],
    ['{"rates":[{"prefix":"34","steps":[{"rate":0.02}]}]}', '/1/rates/0/steps/0/rate'],
    ['{"rates":[{"prefix":"34x","steps":[{"rate":"0.02"}]}]}', '/1/rates/0/prefix'],
    [JSON.stringify(rates(['34', '1'], ['34', '2'])), '/1/rates/1/prefix'],
    [`${JSON.stringify(rates(['34', '1']))}\n${JSON.stringify(rates(['34', '2']))}`, '/2/rates/0/prefix'],
    [JSON.stringify(profile('Acme', 'P', '2026-02-30T00:00:00Z')), '/1/ratingProfile/activatesAt'],
    [JSON.stringify(profile('Acme', 'P', 'soon')), '/1/ratingProfile/activatesAt'],
    ['{"__proto__":{}}', '/1'],
  ] as const) {
    const { status, body } = await send(`${good}${line}\n`, '', own.brandKey)
    assert.equal([status, body.code, body.errors?.[0]?.pointer], [400, 'invalid_request', pointer], line)
  }
  const first = await send([rates(['34', '1'])], '', own.brandKey)
  assert.equal([first.status, first.body.errors[0].pointer], [400, '/0/rates'])
  assert.equal(await decksOf(own.brandKey), [])
})

test('who may import, and into which brand', async () => {
  const other = await makeTenant(api)
  const lines = [deck('Deck'), rates(['34', '0.02'])]
  for (const key of [tenant.financeKey, tenant.clientKey, tenant.engineKey]) {
    assert.is((await send(lines, '', key)).status, 403)
  }
  const unnamed = await send(lines, '', platformKey)
  assert.equal([unnamed.status, unnamed.body.errors[0].pointer], [400, '/brandId'])
  assert.is((await send(lines, `&brandId=${other.brandId}`)).status, 404)
  const nowhere = '00000000-0000-7000-8000-000000000000'
  assert.is((await send(lines, `&brandId=${nowhere}`, platformKey)).status, 404)
  // Another brand's client is not there, by no name.
  const { body } = await send([...lines, plan('Plan', 'Deck'), profile(other.clientId, 'Plan')])
  assert.is(body.warnings[0].code, 'unknown_client')
  assert.equal(await decksOf(other.brandKey), [])
})

test('what the database refuses at the last row takes back the first', async () => {
  const own = await makeTenant(api)
  const owner = postgres(api.databaseUrl, { max: 1 })
  await owner`
    create function refuse_profile() returns trigger language plpgsql as
    $$ begin raise exception 'refused'; end $$`
  await owner`
    create trigger refuse before insert on rating_profiles for each row execute function refuse_profile()`
  const lines = [deck('Deck'), rates(['34', '0.02']), plan('Plan', 'Deck'), profile('Acme', 'Plan')]
  const failed = await send(lines, '', own.brandKey)
  await owner`drop trigger refuse on rating_profiles`
  await owner.end()
  assert.is(failed.status, 500)
  assert.equal(await decksOf(own.brandKey), [])
  assert.equal(outcomes((await send(lines, '', own.brandKey)).body.rateDecks), ['Deck added'])
})

test('imports of a brand are made one after the other, and a third at once is refused', async () => {
  const [own, other] = [await makeTenant(api), await makeTenant(api)]
  const lines = [deck('Deck'), rates(['34', '0.02'])]
  const three = await Promise.all([1, 2, 3].map(() => send(lines, '', own.brandKey)))
  assert.equal(three.map(({ status }) => status).sort(), [200, 200, 429])
  assert.equal(three.map(({ body }) => body.rateDecks?.[0].outcome ?? body.code).sort(), [
    'added',
    'too_many_imports',
    'unchanged',
  ])
  const apart = await Promise.all([send(lines, '', own.brandKey), send(lines, '', other.brandKey)])
  assert.equal(
    apart.map(({ status }) => status),
    [200, 200],
  )
})

test('a body of another type is refused', async () => {
  const { status } = await api.send('POST', '/v1/tariff-imports?source=cgrates', {
    key: tenant.brandKey,
    body: deck('Deck'),
  })
  assert.is(status, 415)
})

const windows = [
  { name: 'off-peak', columns: { rate: 'Off-peak' }, weight: 0 },
  {
    name: 'peak',
    columns: { rate: 'Peak (EUR/min)' },
    weight: 10,
    days: [1, 2, 3, 4, 5],
    from: '08:00',
    to: '20:00',
  },
  { name: 'weekend', columns: { rate: 'Weekend' }, weight: 10, days: [6, 7] },
]
const windowMapping = { columns: { connectFee: 'Fee' }, decimalMark: ',', windows }
const windowSheet = (weekend = '0,06') =>
  'Destination;Code;Peak (EUR/min);Off-peak;Weekend;Fee\n' +
  `Spain;34;0,03;0,02;0,01;0,05\nSpain mobile;346-347;0,09;0,06;${weekend};0\n`

async function importPlan(query: string, sheet: string, mapping: object, key: string) {
  const part = (name: string, text: string) =>
    `--edge\r\ncontent-disposition: form-data; name="${name}"; filename="x"\r\n\r\n${text}\r\n`
  const answer = await api.app.inject({
    method: 'POST',
    url: `/v1/rating-plans/import?${query}`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'multipart/form-data; boundary=edge' },
    payload: `${part('mapping', JSON.stringify(mapping))}${part('file', sheet)}--edge--\r\n`,
  })
  return { status: answer.statusCode, body: answer.json() }
}
const plansOf = async (key: string) => (await must(api.send('GET', '/v1/rating-plans', { key }))).data
const retail = 'ratingPlan=Retail&currency=EUR&timeZone=Europe/Madrid'

test('columns of peak, off-peak and weekend become a plan with a deck for each, in one go', async () => {
  const { brandKey: key } = await makeTenant(api)
  const dry = await importPlan(`${retail}&dryRun=true`, windowSheet(), windowMapping, key)
  assert.equal(
    [dry.status, dry.body.status, await plansOf(key), await decksOf(key)],
    [200, 'dry-run', [], []],
  )
  const { body } = await importPlan(retail, windowSheet(), windowMapping, key)
  assert.equal([body.status, body.errors, body.warnings], ['applied', [], []])
  assert.equal(outcomes(body.rateDecks), [
    'Retail off-peak added',
    'Retail peak added',
    'Retail weekend added',
  ])
  assert.equal(body.rateDecks[1].rates, { added: 3, changed: 0, removed: 0, unchanged: 0 })
  const [plan] = await plansOf(key)
  assert.equal([plan.id, plan.timeZone, plan.source], [body.ratingPlan.id, 'Europe/Madrid', 'sheet'])
  const price = async (to: string, answeredAt: string, durationSeconds: number) =>
    (
      await must(
        api.send('POST', '/v1/price-simulations', {
          key,
          body: { ratingPlanId: plan.id, to, answeredAt, durationSeconds },
        }),
      )
    ).price
  // In November Madrid is an hour ahead of UTC. The 3rd is a Tuesday, the 7th a Saturday.
  assert.is(await price('34911234567', '2026-11-03T09:00:00Z', 60), '0.08')
  assert.is(await price('34911234567', '2026-11-03T19:00:00Z', 60), '0.07')
  assert.is(await price('34911234567', '2026-11-07T09:00:00Z', 60), '0.06')
  assert.is(await price('34600123456', '2026-11-07T12:00:00Z', 90), '0.09')
  assert.is(await price('34711234567', '2026-11-02T12:00:00Z', 30), '0.045')

  const decks = await decksOf(key)
  const weekend = decks.find(({ name }: { name: string }) => name === 'Retail weekend')
  const rounding = { mode: 'half-up', decimals: 6 }
  await must(api.send('PATCH', `/v1/rate-decks/${weekend.id}`, { key, body: { rounding } }))
  const again = await importPlan(retail, windowSheet('0,05'), windowMapping, key)
  assert.equal(
    [...outcomes(again.body.rateDecks), ...outcomes([again.body.ratingPlan])],
    ['Retail off-peak unchanged', 'Retail peak unchanged', 'Retail weekend changed', 'Retail unchanged'],
  )
  assert.equal(again.body.rateDecks[2].rates, { added: 0, changed: 2, removed: 0, unchanged: 1 })
  const kept = await must(api.send('GET', `/v1/rate-decks/${weekend.id}`, { key }))
  assert.equal(kept.rounding, rounding, 'a sheet says nothing of rounding')
})

test('windows and entries ask calendars of the brand, and none that it does not have', async () => {
  const { brandKey: key } = await makeTenant(api)
  const other = await makeTenant(api)
  const calendar = async (key: string) =>
    (await must(api.send('POST', '/v1/calendars', { key, body: { name: 'Holidays', days: ['2026-11-03'] } })))
      .id
  const calendarId: string = await calendar(key)
  const foreign: string = await calendar(other.brandKey)
  const onHolidays = (calendarId: string) => {
    const [offPeak, peak] = windows
    const holiday = { name: 'holiday', columns: { rate: 'Weekend' }, weight: 20, calendarId }
    return {
      ...windowMapping,
      ignoreColumns: true,
      windows: [offPeak, { ...peak, calendarId, calendar: 'not-on' }, holiday],
    }
  }
  const { body } = await importPlan(retail, windowSheet(), onHolidays(calendarId), key)
  assert.equal([body.status, body.errors], ['applied', []])
  const priced = async (ratingPlanId: string, answeredAt: string) => {
    const call = { ratingPlanId, to: '34911234567', answeredAt, durationSeconds: 60 }
    return (await must(api.send('POST', '/v1/price-simulations', { key, body: call }))).price
  }
  // Ten in the morning of the holiday, a Tuesday, and of the day after: 0.05 + 0.01 and 0.05 + 0.03.
  assert.is(await priced(body.ratingPlan.id, '2026-11-03T09:00:00Z'), '0.06')
  assert.is(await priced(body.ratingPlan.id, '2026-11-04T09:00:00Z'), '0.08')

  const unknown = await importPlan(retail, windowSheet('0,07'), onHolidays(foreign), key)
  assert.equal(
    [unknown.body.status, unknown.body.errors.map(({ code }: { code: string }) => code)],
    ['rejected', ['unknown_calendar', 'unknown_calendar']],
  )
  const withoutId = { ...windowMapping, windows: [{ ...windows[0], calendar: 'on' }] }
  const faulty = await importPlan(retail, windowSheet(), withoutId, key)
  assert.equal([faulty.status, faulty.body.errors[0].pointer], [400, '/mapping/windows/0/calendar'])

  const lines = (entry: object) => [
    deck('Day'),
    rates(['34', '0.02']),
    deck('Holiday'),
    rates(['34', '0.01']),
    plan('Moved', 'Day', { entries: [{ rateDeck: 'Day' }, { rateDeck: 'Holiday', weight: 1, ...entry }] }),
  ]
  const moved = await send(lines({ calendarId }), '', key)
  assert.is(await priced(moved.body.ratingPlans[0].id, '2026-11-03T09:00:00Z'), '0.01')
  assert.is(await priced(moved.body.ratingPlans[0].id, '2026-11-04T09:00:00Z'), '0.02')
  const bad = await send(lines({ calendarId: foreign }), '', key)
  assert.equal([bad.body.errors[0].line, bad.body.errors[0].code], [5, 'unknown_calendar'])
  const misplaced = await send(lines({ calendar: 'on' }), '', key)
  assert.equal(
    [misplaced.status, misplaced.body.errors[0].pointer],
    [400, '/4/ratingPlan/entries/1/calendar'],
  )
})

test('entries of an import are for the callers that they name', async () => {
  const { brandKey: key } = await makeTenant(api)
  const entries = [{ rateDeck: 'Home' }, { rateDeck: 'Abroad', originPrefixes: ['44'] }]
  const list = [deck('Home'), rates(['34', '0.02']), deck('Abroad'), rates(['34', '0.09'])]
  const { body } = await send([...list, plan('Callers', 'Home', { entries })], '', key)
  const priced = async (from: string) => {
    const call = { ratingPlanId: body.ratingPlans[0].id, from, to: '34911234567', durationSeconds: 60 }
    return (await must(api.send('POST', '/v1/price-simulations', { key, body: call }))).price
  }
  assert.equal([await priced('34600111222'), await priced('442079460000')], ['0.02', '0.09'])
})

test('a plan that a sheet makes is refused as a whole, with each row and column', async () => {
  const { brandKey: key } = await makeTenant(api)
  const sheet = `${windowSheet('x')}France;33;0,03;;0,02;0\n`
  const bad = await importPlan(retail, sheet, windowMapping, key)
  assert.equal(
    [bad.status, bad.body.status, bad.body.errorsTotal, bad.body.ratingPlan, bad.body.rateDecks],
    [200, 'rejected', 2, null, []],
  )
  assert.equal(
    bad.body.errors.map(({ line, column, code, value }: Record<string, unknown>) => [
      line,
      column,
      code,
      value,
    ]),
    [
      [4, 'rate', 'missing_value', ''],
      [3, 'rate', 'invalid_amount', 'x'],
    ],
  )
  const dated = { ...windowMapping, columns: { ...windowMapping.columns, effectiveAt: 'From' } }
  const later = await importPlan(
    retail,
    'Destination;Code;Peak (EUR/min);Off-peak;Weekend;Fee;From\nSpain;34;1;1;1;0;2090-01-01\n',
    dated,
    key,
  )
  assert.equal([later.body.errors[0].code, later.body.errors[0].line], ['later_date', 2])
  await must(api.send('POST', '/v1/rate-decks', { key, body: { name: 'Retail peak', currency: 'EUR' } }))
  const taken = await importPlan(retail, windowSheet(), windowMapping, key)
  assert.equal([taken.body.status, taken.body.errors[0].code], ['rejected', 'not_imported'])
  assert.equal([await plansOf(key), (await decksOf(key)).length], [[], 1])
  const replaced = await importPlan(`${retail}&replace=Retail%20peak`, windowSheet(), windowMapping, key)
  assert.is(replaced.body.status, 'applied')

  const gap = { ...windowMapping, ignoreColumns: ['Off-peak'], windows: windows.slice(1) }
  const open = await importPlan(`ratingPlan=Gaps&currency=EUR`, windowSheet(), gap, key)
  assert.is(open.body.status, 'applied')
  assert.ok(open.body.warnings.every(({ code }: { code: string }) => code === 'coverage_gap'))
  assert.is(open.body.warnings.length, 6, 'before Monday, after Friday, and four nights between')

  const pointers: [object, string][] = [
    [{}, '/mapping/windows'],
    [{ windows: [] }, '/mapping/windows'],
    [{ windows: [{ name: 'a', columns: { fee: 1 } }] }, '/mapping/windows/0/columns/fee'],
    [{ windows: [{ name: 'a', columns: { connectFee: 'Fee' } }] }, '/mapping/windows/0/columns'],
    [{ windows: [windows[0], windows[0]] }, '/mapping/windows/1/name'],
    [{ ...windowMapping, headerLine: null }, '/mapping/columns/connectFee'],
    [{ windows: [{ name: 'x'.repeat(255), columns: { rate: 'Peak' } }] }, '/mapping/windows/0/name'],
  ]
  for (const [mapping, pointer] of pointers) {
    const refused = await importPlan(retail, windowSheet(), mapping, key)
    assert.equal([refused.status, refused.body.errors[0].pointer], [400, pointer])
  }
  const unknown = await importPlan('ratingPlan=X&currency=XQQ', windowSheet(), windowMapping, key)
  assert.equal([unknown.status, unknown.body.errors[0].pointer], [400, '/currency'])
})

test('a mapping with windows is no mapping for one deck, and shows its first window', async () => {
  const { brandKey: key } = await makeTenant(api)
  const kept = await must(
    api.send('POST', '/v1/import-mappings', { key, body: { name: 'Windows', mapping: windowMapping } }),
  )
  const deck = await must(api.send('POST', '/v1/rate-decks', { key, body: { name: 'One', currency: 'EUR' } }))
  const sendTo = async (path: string) =>
    must(
      api.send('POST', `/v1/rate-decks/${deck.id}/${path}?mapping=${kept.id}`, {
        key,
        body: windowSheet(),
        headers: { 'content-type': 'text/csv' },
      }),
    )
  const { id } = await sendTo('imports')
  await api.context.importer.idle()
  const record = await must(api.send('GET', `/v1/imports/${id}`, { key }))
  assert.equal([record.status, record.errors[0].code], ['rejected', 'windows_need_plan'])
  const { mapping, doubts, rows } = await sendTo('imports/inspect')
  assert.equal([mapping.windows, doubts[0].code], [windows, 'windows_need_plan'])
  assert.equal(
    rows.map((row: { prefix: string; rate: { steps: { rate: string }[] } }) => [
      row.prefix,
      row.rate.steps[0]?.rate,
    ]),
    [
      ['34', '0.02'],
      ['346', '0.06'],
      ['347', '0.06'],
    ],
  )
})

test('a calendar of an import is made once, and another set of days makes the next version of its plans', async () => {
  const own = await makeTenant(api)
  const days = (...list: object[]) => ({ calendar: { name: 'Holidays (cgrates)', days: list } })
  const lines = (calendar: object, onCalendar = 'Holidays (cgrates)') => [
    ...[deck('Day'), rates(['34', '0.02']), calendar],
    plan('Retail', 'Day', { entries: [{ rateDeck: 'Day' }, { rateDeck: 'Day', weight: 2, onCalendar }] }),
  ]
  const christmas = days({ month: 12, day: 25 })
  const run = async (content: readonly object[], query = '') => {
    const { body } = await send(content, query, own.brandKey)
    return [body.status, outcomes(body.calendars), outcomes(body.ratingPlans)]
  }
  const [added, same] = [['Holidays (cgrates) added'], ['Holidays (cgrates) unchanged']]
  assert.equal(await run(lines(christmas), '&dryRun=true'), ['dry-run', added, ['Retail added']])
  assert.equal(await run(lines(christmas)), ['applied', added, ['Retail added']])
  assert.equal(await run(lines(christmas)), ['applied', same, ['Retail unchanged']])
  const more = days({ month: 12, day: 25 }, { easter: 1 })
  const [status, calendars] = await run(lines(more))
  assert.equal([status, calendars], ['applied', ['Holidays (cgrates) changed']])
  const [made] = (await must(api.send('GET', '/v1/rating-plans', { key: own.brandKey }))).data
  assert.is(made.version, 2)
  const refused = await send(lines(christmas, 'Nowhere'), '', own.brandKey)
  assert.equal(
    refused.body.errors.map(({ line, code }: Record<string, unknown>) => [line, code]),
    [[4, 'unknown_calendar']],
  )
  const noDate = await send(lines(days({ month: 2, day: 30 })), '', own.brandKey)
  assert.equal([noDate.status, noDate.body.errors[0].pointer], [400, '/2/calendar/days/0'])
})

test.run()
