import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/notification-templates')
const path = '/v1/notification-templates'
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const content = {
  subject: '{{ clientName }}: {{ balance }}',
  text: '{{ clientName }} has {{ balance }} left.\n',
  html: '<p>{{ clientName }} has {{ balance }} left.</p>',
}
let made = 0
const aTemplate = (with_: object = {}) => ({
  name: `Template ${++made}`,
  kind: 'low-balance',
  contents: { en: content },
  ...with_,
})
const send = (method: string, url: string, body?: unknown, headers?: Record<string, string>) =>
  api.send(method, url, {
    key: tenant.brandKey,
    ...(body === undefined ? {} : { body }),
    ...(headers ? { headers } : {}),
  })
const create = (with_: object = {}) => must(send('POST', path, aTemplate(with_)))
const typed = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

test('one is made, read, listed by kind, changed under its ETag and deleted', async () => {
  const answer = await send('POST', path, aTemplate({ name: 'Ours' }))
  assert.is(answer.status, 201)
  const { id, createdAt, updatedAt, ...shown } = answer.body
  assert.ok(createdAt && updatedAt)
  assert.equal(shown, {
    brandId: tenant.brandId,
    name: 'Ours',
    kind: 'low-balance',
    isDefault: false,
    contents: { en: content },
  })
  const other = await create({ kind: 'invoice', contents: { en: { subject: 's', text: 't', html: 'h' } } })
  const ids = async (query: string) =>
    (await must(send('GET', `${path}${query}`))).data.map((row: { id: string }) => row.id)
  assert.equal(await ids('?kind=invoice'), [other.id])
  assert.equal(await ids('?kind=low-balance'), [id])

  const es = { ...content, subject: 'Saldo: {{ balance }}' }
  const changed = await send('PATCH', `${path}/${id}`, { contents: { es } }, { 'if-match': '"1"' })
  assert.equal([changed.status, changed.headers.etag], [200, '"2"'])
  assert.equal(changed.body.contents, { en: content, es })
  const part = await send('PATCH', `${path}/${id}`, {
    contents: { en: null, es: { text: 'Queda {{ balance }}' } },
  })
  assert.equal(part.body.contents, { es: { ...es, text: 'Queda {{ balance }}' } })
  assert.is((await send('PATCH', `${path}/${id}`, { contents: { es: null } })).status, 400)
  assert.is((await send('PATCH', `${path}/${id}`, { name: 'x' }, { 'if-match': '"1"' })).status, 412)
  assert.is((await send('DELETE', `${path}/${id}`)).status, 204)
  assert.is((await send('GET', `${path}/${id}`)).status, 404)
})

test('two of one name, and two defaults of one kind, are refused with their place', async () => {
  await create({ name: 'Twice', isDefault: true })
  const name = await send('POST', path, aTemplate({ name: 'Twice' }))
  assert.equal([name.status, name.body.code, name.body.errors[0].pointer], [409, 'already_exists', '/name'])
  const second = await send('POST', path, aTemplate({ isDefault: true }))
  assert.equal([second.status, second.body.errors[0].pointer], [409, '/isDefault'])
})

test('the kind is fixed once made', async () => {
  const { id } = await create()
  const { status, body } = await send('PATCH', `${path}/${id}`, { kind: 'invoice' })
  assert.equal([status, body.errors[0].pointer], [400, '/kind'])
})

const faults: [what: string, part: 'subject' | 'text' | 'html', source: string, detail: RegExp][] = [
  ['a tag that is not closed', 'text', 'one\n  {% if balance %}', /^line 2, column 3: .*not closed/],
  ['an output that is not closed', 'html', '<p>\n<b>{{ balance </b>', /^line 2, column 4: /],
  ['an unknown tag', 'text', '{% exec %}', /^line 1, column 1: .*"exec" not found/],
  ['an unknown filter', 'html', 'x\n\n{{ balance | shell }}', /^line 3, column \d+: undefined filter: shell/],
  [
    'a misspelt variable',
    'subject',
    'Left: {{ balanse }}',
    /^line 1, column 10: .*no "balanse"; it has brand, clientName/,
  ],
  ['a variable of another kind', 'text', '{{ usage }}', /low-balance mail has no "usage"/],
  ['a file by render', 'text', "{% render 'package.json' %}", /"render" not found/],
  ['a file by include', 'html', "{% include '/etc/passwd' %}", /"include" not found/],
  ['a file by layout', 'html', "{% layout '../.env' %}", /"layout" not found/],
  ['a block', 'html', '{% block a %}{% endblock %}', /"block" not found/],
  ['a constructor', 'text', '{{ constructor }}', /no "constructor"/],
  [
    'a constructor of a value',
    'text',
    '{{ clientName.constructor.constructor }}',
    /no "clientName.constructor/,
  ],
  ['the prototype', 'text', '{{ __proto__ }}', /no "__proto__"/],
  ['the prototype by index', 'text', '{{ clientName["__proto__"] }}', /no "clientName.__proto__"/],
  ['a method', 'text', '{{ clientName.toString }}', /no "clientName.toString"/],
  ['the process', 'text', '{{ process.env.DATABASE_URL }}', /no "process.env.DATABASE_URL"/],
  ['the global object', 'html', '{{ globalThis }}', /no "globalThis"/],
  ['a variable behind an alias', 'text', '{% assign a = env %}{{ a }}', /no "env"/],
  ['a variable as an index', 'text', '{{ clientName[secret] }}', /no "(clientName|secret)/],
  ['unescaped HTML', 'html', '{{ clientName | raw }}', /undefined filter: raw/],
  [
    'an expression as a filter',
    'text',
    '{{ clientName | where_exp: "a", "1" }}',
    /undefined filter: where_exp/,
  ],
  ['JSON of what is there', 'text', '{{ clientName | json }}', /undefined filter: json/],
  ['a hash', 'text', '{{ clientName | hmac_sha256: "k" }}', /undefined filter: hmac_sha256/],
  ['a slow expression', 'html', '{{ clientName | strip_html }}', /undefined filter: strip_html/],
  ['a text multiplied', 'text', '{{ clientName | replace: "", "xxxxxxxx" }}', /undefined filter: replace/],
  ['a long loop', 'text', '{% for i in (1..100000000) %}x{% endfor %}', /^line 1, column \d+: memory/],
  [
    'loops in loops',
    'text',
    '{% for i in (1..9999) %}{% for j in (1..9999) %}x{% endfor %}{% endfor %}',
    /limit exceeded/,
  ],
  [
    'a list walked over and over',
    'text',
    '{% assign a = (1..900) %}{% for i in a %}{% for j in a %}{% for k in a %}{% endfor %}{% endfor %}{% endfor %}x',
    /limit exceeded/,
  ],
  [
    'a text doubled forty times',
    'text',
    `{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}{{ a }}`,
    /memory/,
  ],
  ['a table row', 'html', '{% tablerow i in (1..2) %}{% endtablerow %}', /"tablerow" not found/],
  ['a counter', 'text', '{% increment a %}', /"increment" not found/],
  ['tags in disguise', 'text', '{% liquid\n echo balance\n%}', /"liquid" not found/],
  ['a header by a line break', 'subject', 'Hello\r\nBcc: x@evil.example', /one line/],
  ['a header by a line end of Unicode', 'subject', 'Hello\u2028Bcc: x@evil.example', /one line/],
  ['a header by a condition', 'subject', '{% if balance %}a\nBcc: x{% endif %}', /one line/],
  ['a subject of nothing', 'subject', '{% if false %}a{% endif %}', /must not be empty/],
  ['a subject too long', 'subject', '{% for i in (1..1001) %}x{% endfor %}', /longer than 1000/],
]

for (const [what, part, source, detail] of faults) {
  test(`${what} is refused with its place`, async () => {
    const contents = { en: content, es: { ...content, [part]: source } }
    const { status, body } = await send('POST', path, aTemplate({ contents }))
    assert.equal([status, body.code], [400, 'invalid_request'], JSON.stringify(body))
    assert.is(body.errors[0].pointer, `/contents/es/${part}`)
    assert.match(body.errors[0].detail, detail)
    const preview = { kind: 'low-balance', content: { ...content, [part]: source } }
    const tried = await send('POST', `${path}/preview`, preview)
    assert.equal([tried.status, tried.body.errors[0].pointer], [400, `/content/${part}`])
  })
}

test('what the shape does not allow is refused with its place', async () => {
  const bad: [with_: object, pointer: string][] = [
    [{ kind: 'birthday' }, '/kind'],
    [{ contents: {} }, '/contents'],
    [{ contents: { english: content } }, '/contents/english'],
    [{ contents: { zz: content } }, '/contents/zz'],
    [{ contents: { en: { ...content, script: 'x' } } }, '/contents/en/script'],
    [{ contents: { en: { subject: 's', text: 't' } } }, '/contents/en/html'],
    [{ contents: { en: { ...content, text: 'a\u0000b' } } }, '/contents/en/text'],
    [{ contents: { en: { ...content, text: 'x'.repeat(20_001) } } }, '/contents/en/text'],
  ]
  for (const [with_, pointer] of bad) {
    const { status, body } = await send('POST', path, aTemplate(with_))
    assert.equal([status, body.errors?.[0].pointer], [400, pointer], JSON.stringify(body))
  }
})

test('what a brand needs is there: conditions, loops, texts', async () => {
  const text =
    '{% if dueDay != "" %}{{ dueDay | upcase }}{% else %}{{ number | default: "-" }}{% endif %}' +
    '{% assign a = total | append: "!" %}{{ a }}{% for i in (1..3) %}{{ i }}{% endfor %}{% comment %}x{% endcomment %}'
  const body = { kind: 'invoice', content: { ...content, subject: 's', html: 'h', text } }
  const preview = await must(send('POST', `${path}/preview`, body))
  assert.is(typed(preview.text), '2 MARCH 2026€1,234.50!123')
})

test('a preview shows the built-in words in the language, zone and currency asked for', async () => {
  const body = { kind: 'low-balance', language: 'es', timeZone: 'Asia/Kathmandu', currency: 'JPY' }
  const preview = await must(send('POST', `${path}/preview`, body))
  assert.equal([preview.from, preview.language], ['built-in', 'es'])
  assert.is(typed(preview.subject), 'Acme: el saldo es de -4,25 JPY')
  assert.match(typed(preview.text), '1 de febrero de 2026 a las 5:15')
  assert.match(preview.html, '<html lang="es">')
  assert.equal(Object.keys(preview.variables).sort(), [
    'at',
    'balance',
    'brand',
    'clientName',
    'currency',
    'language',
    'threshold',
    'timeZone',
  ])
})

test('every kind has a preview in every built-in language', async () => {
  for (const kind of ['max-daily-usage', 'low-balance', 'invoice', 'call-report']) {
    for (const language of ['en', 'es', 'ca', 'it']) {
      const preview = await must(send('POST', `${path}/preview`, { kind, language }))
      assert.match(preview.text, 'Acme', `${kind} ${language}`)
    }
  }
})

test('a preview takes words that are sent, or a stored template where it has the language', async () => {
  const given = await must(send('POST', `${path}/preview`, { kind: 'low-balance', content }))
  assert.equal([given.from, typed(given.subject)], ['content', 'Acme: -€4.25'])
  const { id } = await create({ contents: { it: { ...content, subject: 'Resta {{ balance }}' } } })
  const of = (language: string) =>
    must(send('POST', `${path}/preview`, { kind: 'low-balance', language, templateId: id }))
  assert.equal([(await of('it')).from, typed((await of('it')).subject)], ['template', 'Resta -4,25 €'])
  assert.is((await of('es')).from, 'built-in')
  const wrong = await send('POST', `${path}/preview`, { kind: 'invoice', templateId: id })
  assert.equal([wrong.status, wrong.body.errors[0].pointer], [400, '/kind'])
  const both = await send('POST', `${path}/preview`, { kind: 'low-balance', content, templateId: id })
  assert.equal([both.status, both.body.errors[0].pointer], [400, '/templateId'])
  const stranger = await makeTenant(api)
  const theirs = await api.send('POST', `${path}/preview`, {
    key: stranger.brandKey,
    body: { kind: 'low-balance', templateId: id },
  })
  assert.equal([theirs.status, theirs.body.errors[0].pointer], [400, '/templateId'])
})

/** Each part of it takes Liquid's 250 ms before it is refused. */
const slow =
  '{% assign a = (1..900) %}{% for i in a %}{% for j in a %}{% for k in a %}{% endfor %}{% endfor %}{% endfor %}x'
const slowContents = () => {
  const languages =
    'ar bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv tr uk ca eu gl'
  return Object.fromEntries(
    languages.split(' ').map((language) => [language, { subject: slow, text: slow, html: slow }]),
  )
}

test('thirty slow languages are refused when five seconds are over, and nobody else waits for them', async () => {
  const answered: string[] = []
  const note = async (name: string, answer: ReturnType<typeof send>) => {
    const { status, body, headers } = await answer
    answered.push(name)
    return { status, body, headers }
  }
  const refused = note('slow', send('POST', path, aTemplate({ contents: slowContents() })))
  const stranger = await makeTenant(api)
  const preview = { kind: 'low-balance', content }
  const theirs = await note(
    'theirs',
    api.send('POST', `${path}/preview`, { key: stranger.brandKey, body: preview }),
  )
  // The same brand waits for its own place, in a line of twenty.
  const own = Array.from({ length: 25 }, () => note('own', send('POST', `${path}/preview`, preview)))
  const { status, body } = await refused
  assert.equal([status, body.errors.length, body.errors[0].pointer], [400, 1, '/contents'])
  assert.match(body.errors[0].detail, /more than 5 seconds/)
  assert.is(theirs.status, 200)
  assert.ok(answered.indexOf('theirs') < answered.indexOf('slow'), answered.join(' '))
  const ends = await Promise.all(own)
  const full = ends.filter((one) => one.status === 429)
  assert.is(full.length, 5)
  assert.equal([full[0]?.body.code, full[0]?.headers['retry-after']], ['too_many_jobs', '5'])
  assert.is(ends.filter((one) => one.status === 200).length, 20)
})

test('a patch is checked for the languages that it changes, and refused with their places', async () => {
  const { id } = await create({ contents: { en: content, es: content } })
  const patch = (contents: object) => send('PATCH', `${path}/${id}`, { contents })
  const wrong = await patch({ it: content, es: { text: '{{ usage }}' } })
  assert.equal([wrong.status, wrong.body.errors[0].pointer], [400, '/contents/es/text'])
  const half = await patch({ it: { subject: 'x' } })
  assert.equal([half.status, half.body.errors[0].pointer], [400, '/contents/it/text'])
  const done = await patch({ it: content, es: { subject: 'Quedan {{ balance }}' }, en: null })
  assert.equal([done.status, Object.keys(done.body.contents).sort()], [200, ['es', 'it']])
  assert.is(
    (await send('PATCH', `${path}/${id}`, { name: 'Other words' })).body.contents.es.subject,
    'Quedan {{ balance }}',
  )
})

test('values are escaped in HTML, in texts not', async () => {
  const words = { subject: 's', text: '{{ "<b>" }}', html: '{{ "<b>" }}{% assign a = "<i>" %}{{ a }}' }
  const preview = await must(send('POST', `${path}/preview`, { kind: 'low-balance', content: words }))
  assert.equal([preview.text, preview.html], ['<b>', '&lt;b&gt;&lt;i&gt;'])
})

test("a client chooses its brand's templates alone, each for its kind", async () => {
  const client = `/v1/clients/${tenant.clientId}`
  const { id } = await create()
  const choose = (notificationTemplates: object) => send('PATCH', client, { notificationTemplates })
  const wrong = await choose({ invoice: id })
  assert.equal([wrong.status, wrong.body.errors[0].pointer], [400, '/notificationTemplates/invoice'])
  const stranger = await makeTenant(api)
  const theirs = await must(api.send('POST', path, { key: stranger.brandKey, body: aTemplate() }))
  assert.is((await choose({ lowBalance: theirs.id })).status, 404)
  const byPlatform = await api.send('PATCH', client, {
    body: { notificationTemplates: { lowBalance: theirs.id } },
  })
  assert.is(byPlatform.status, 404)

  assert.is((await choose({ lowBalance: id })).body.notificationTemplates.lowBalance, id)
  const used = await send('DELETE', `${path}/${id}`)
  assert.equal([used.status, used.body.code], [409, 'in_use'])
  assert.match(used.body.detail, 'Acme')
  await choose({ lowBalance: null })
  assert.is((await send('DELETE', `${path}/${id}`)).status, 204)
})

test('finance reads, clients and engines see nothing', async () => {
  const get = async (key: string) => (await api.send('GET', path, { key })).status
  assert.equal(
    [await get(tenant.financeKey), await get(tenant.clientKey), await get(tenant.engineKey)],
    [200, 403, 403],
  )
})

test('whoever changes one stands in the audit log', async () => {
  const { id } = await create()
  const { data } = await must(send('GET', `/v1/audit-log?resourceId=${id}`))
  assert.equal([data[0].resource, data[0].action], ['notification-templates', 'create'])
})

test.run()
