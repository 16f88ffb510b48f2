import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { builtInTemplate, chooseTemplate } from '../../src/notifications/choose-template.ts'
import {
  checkMailContent,
  type MailContent,
  type MailKind,
  mailKinds,
} from '../../src/notifications/mail-content.ts'
import { mailView } from '../../src/notifications/mail-view.ts'
import { renderMail } from '../../src/notifications/render-mail.ts'

const contents = {
  'max-daily-usage': {
    clientName: 'Acme',
    limit: '5.00',
    usage: '1234.5678',
    currency: 'EUR',
    day: '2026-01-02',
    timeZone: 'Europe/Madrid',
    language: 'en',
  },
  'low-balance': {
    clientName: 'Acme',
    balance: '-0.5',
    threshold: '10',
    currency: 'EUR',
    at: '2026-01-02T23:30:00.000Z',
    timeZone: 'Europe/Madrid',
    language: 'en',
  },
  invoice: {
    clientName: 'Acme',
    number: 'F2026-0007',
    from: '2026-01-01',
    to: '2026-02-01',
    total: '121.00',
    amountDue: '121.00',
    dueDay: '2026-03-01',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
  },
  'invoice-reminder': {
    clientName: 'Acme',
    number: 'F2026-0007',
    total: '121.00',
    amountDue: '21.00',
    dueDay: '2026-03-01',
    daysLate: 10,
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
  },
  'payment-receipt': {
    clientName: 'Acme',
    number: 'F2026-0007',
    amount: '100.00',
    paidOn: '2026-03-01',
    method: 'transfer',
    reference: null,
    amountDue: '21.00',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
  },
  'spend-guard': {
    clientName: 'Acme',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
    guardName: 'High-risk numbers',
    action: 'deny',
    limitName: 'spendPerHour',
    limitValue: '10',
    spent: '9.75',
    at: '2026-01-02T23:30:00.000Z',
  },
  'call-report': {
    clientName: 'Acme',
    from: '2026-01-01',
    to: '2026-02-01',
    calls: 12345,
    durationSeconds: 111_909,
    amount: '99.1234',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
  },
  'allowance-low': {
    clientName: 'Acme',
    itemName: 'Spain 100',
    unit: 'seconds',
    percent: 80,
    used: '4800',
    included: '6000',
    at: '2026-01-02T23:30:00.000Z',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
  },
  'password-reset': {
    clientName: 'Acme',
    adminId: '01946000-0000-7000-8000-000000000001',
    username: 'ana',
    expiresAt: '2026-01-02T23:30:00.000Z',
    link: 'https://billing.example.com/portal/new-password#token',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
  },
} satisfies Record<MailKind, MailContent>

function render(kind: MailKind, with_: Partial<MailContent> = {}) {
  const content = checkMailContent(kind, { ...contents[kind], ...with_ })
  return renderMail(
    chooseTemplate({ kind, language: content.language }),
    mailView(content, { brand: 'Telco' }),
  )
}

/** The spaces that Intl puts between an amount and its currency, as one that is easily typed. */
const typed = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

const test = suite('renderMail')

test("the limit mail says client, day, zone, limit, usage and currency in the client's language", () => {
  const expected: [language: string, subject: string, limit: string, usage: string, day: string][] = [
    ['en', 'Acme: daily limit reached on 2 January 2026', '€5.00', '€1,234.5678', '2 January 2026'],
    ['en-US', 'Acme: daily limit reached on January 2, 2026', '€5.00', '€1,234.5678', 'January 2, 2026'],
    ['en-IE', 'Acme: daily limit reached on 2 January 2026', '€5.00', '€1,234.5678', '2 January 2026'],
    [
      'es',
      'Acme: límite diario alcanzado el 2 de enero de 2026',
      '5,00 €',
      '1234,5678 €',
      '2 de enero de 2026',
    ],
    [
      'ca',
      'Acme: límit diari assolit el 2 de gener del 2026',
      '5,00 €',
      '1.234,5678 €',
      '2 de gener del 2026',
    ],
    ['it', 'Acme: limite giornaliero raggiunto il 2 gennaio 2026', '5,00 €', '1234,5678 €', '2 gennaio 2026'],
    ['de', 'Acme: Tageslimit am 2. Januar 2026 erreicht', '5,00 €', '1.234,5678 €', '2. Januar 2026'],
    [
      'fr',
      'Acme : limite journalière atteinte le 2 janvier 2026',
      '5,00 €',
      '1 234,5678 €',
      '2 janvier 2026',
    ],
    [
      'pt',
      'Acme: limite diário atingido em 2 de janeiro de 2026',
      '5,00 €',
      '1234,5678 €',
      '2 de janeiro de 2026',
    ],
    [
      'pt-BR',
      'Acme: limite diário atingido em 2 de janeiro de 2026',
      '€ 5,00',
      '€ 1.234,5678',
      '2 de janeiro de 2026',
    ],
  ]
  for (const [language, subject, ...facts] of expected) {
    const mail = render('max-daily-usage', { language })
    assert.is(typed(mail.subject), subject)
    for (const fact of ['Acme', 'Europe/Madrid', 'EUR', ...facts]) {
      assert.ok(typed(mail.text).includes(fact), `${language} text lacks ${fact}: ${mail.text}`)
      assert.ok(typed(mail.html).includes(fact), `${language} HTML lacks ${fact}`)
    }
    assert.match(mail.html, `<html lang="${language.slice(0, 2)}">`)
  }
})

test('the whole English text', () => {
  assert.is(
    typed(render('max-daily-usage').text),
    `Acme has reached its limit for the calls of one day.

Client:        Acme
Day:           2 January 2026 (Europe/Madrid)
Daily limit:   €5.00
Used:          €1,234.5678
Currency:      EUR

Outgoing paid calls are refused until midnight; the new day then begins by itself. Raising the limit allows them again at once. Incoming, free and emergency calls are not affected.

Telco
`,
  )
})

test('what running calls hold is told where they hold something', () => {
  assert.not.match(render('max-daily-usage').text, 'Held by calls')
  assert.not.match(render('max-daily-usage', { reserved: '0' }).text, 'Held by calls')
  assert.match(
    typed(render('max-daily-usage', { usage: '4.2', reserved: '0.80' }).text),
    'Held by calls: €0.80',
  )
})

test('a bundle is told in minutes, its share as the language writes it', () => {
  for (const [language, percent, opening, used] of [
    ['en', 80, 'Acme has used 80% of Spain 100', '80 min 12 sec'],
    ['de', 80, 'Acme hat in diesem Zeitraum 80 % von Spain 100', '80 Min. 12 Sek.'],
    ['it', 80, 'Acme ha utilizzato l’80 % di Spain 100', '80 min 12 s'],
    ['it', 100, 'Acme ha utilizzato il 100 % di Spain 100', '80 min 12 s'],
  ] as const) {
    const text = typed(render('allowance-low', { language, percent, used: '4812' }).text)
    assert.match(text, opening)
    assert.match(text, used)
  }
  assert.match(typed(render('allowance-low', { unit: 'seconds', used: '59' }).text), ' 59 sec')
  assert.match(typed(render('allowance-low', { unit: 'calls', used: '1200' }).text), ' 1,200')
})

test('in French the first of a month is counted', () => {
  assert.match(typed(render('invoice', { language: 'fr' }).text), '1er janvier 2026 – 31 janvier 2026')
  assert.match(
    typed(render('allowance-low', { language: 'fr', at: '2026-01-31T23:30:00.000Z' }).text),
    '1er février 2026 à 00:30',
  )
})

test('every kind speaks seven languages, each in words of its own, and names who sends', () => {
  for (const kind of mailKinds) {
    const texts = ['en', 'es', 'ca', 'it', 'de', 'fr', 'pt'].map((language) => {
      const mail = render(kind, { language })
      assert.not.match(`${mail.subject}${mail.text}${mail.html}`, /\{\{|\{%|undefined|NaN/)
      assert.match(mail.text, /\nTelco\n$/)
      assert.match(mail.html, '>Telco</p>')
      return mail.text
    })
    assert.is(new Set(texts).size, 7, kind)
  }
})

test("an instant is told in the client's zone, where it may be the next day", () => {
  assert.match(typed(render('low-balance').text), '3 January 2026 at 00:30 (Europe/Madrid)')
  assert.match(
    typed(render('low-balance', { timeZone: 'Asia/Kathmandu', language: 'es' }).text),
    '3 de enero de 2026 a las 5:15',
  )
})

test('a period is told by its last day, a duration in hours, a missing due day not at all', () => {
  assert.match(render('invoice').text, /Period: +1 January 2026 – 31 January 2026/)
  assert.match(render('call-report').text, /Duration: 31:05:09/)
  assert.match(render('call-report').text, /Calls: +12,345/)
  assert.match(render('invoice').text, '1 March 2026')
  assert.not.match(render('invoice', { dueDay: null }).text, 'Due on')
})

test("amounts are exact and have the currency's digits", () => {
  const amount = (amount_: string, currency: string) =>
    typed(render('call-report', { amount: amount_, currency }).text)
  assert.match(amount('9007199254740993.000001', 'EUR'), '€9,007,199,254,740,993.000001')
  assert.match(amount('5', 'JPY'), '¥5\n')
  assert.match(amount('5', 'KWD'), 'KWD 5.000')
})

test('a name cannot break out of the HTML or into another header', () => {
  const mail = render('max-daily-usage', { clientName: '<script>alert(1)</script>\r\nBcc: x@evil.example' })
  assert.not.match(mail.html, '<script>')
  assert.match(mail.html, '&lt;script&gt;')
  assert.not.match(mail.subject, /[\r\n]/)
})

test('the subject of an invoice says who sends it and whom it is for', () => {
  const subjects = {
    en: 'Invoice F2026-0007 from Telco for Acme',
    es: 'Factura F2026-0007 de Telco para Acme',
    ca: 'Factura F2026-0007 emesa per Telco per a Acme',
    it: 'Fattura F2026-0007 di Telco per Acme',
    de: 'Rechnung F2026-0007 von Telco für Acme',
    fr: 'Facture F2026-0007 émise par Telco pour Acme',
    pt: 'Fatura F2026-0007 de Telco para Acme',
  }
  for (const [language, subject] of Object.entries(subjects)) {
    assert.is(render('invoice', { language }).subject, subject)
    for (const kind of ['invoice-reminder', 'payment-receipt'] as const) {
      assert.match(render(kind, { language }).subject, /F2026-0007.*/)
      assert.match(render(kind, { language }).subject, 'Telco')
      assert.match(render(kind, { language }).subject, 'Acme')
    }
  }
  assert.match(render('invoice', { kind: 'credit-note', language: 'de' }).subject, 'Rechnungskorrektur')
  assert.match(render('invoice', { kind: 'credit-note', language: 'fr' }).subject, /^Avoir F2026-0007/)
})

test('the whole reminder and the whole receipt', () => {
  assert.is(
    typed(render('invoice-reminder').text),
    `Invoice F2026-0007 was due on 1 March 2026 and we have not yet received the full payment.

Client:       Acme
Invoice:      F2026-0007
Total:        €121.00
Amount due:   €21.00
Due on:       1 March 2026
Days overdue: 10

Please pay the amount due. If you have paid in the meantime, please ignore this reminder. The invoice is attached.

Telco
`,
  )
  assert.is(
    typed(render('payment-receipt').text),
    `Telco has received a payment for invoice F2026-0007.

Client:    Acme
Invoice:   F2026-0007
Amount:    €100.00
Paid on:   1 March 2026
Method:    transfer
Still due: €21.00

Thank you.

Telco
`,
  )
  const paid = render('payment-receipt', { amountDue: '0', reference: 'RF18' }).text
  assert.match(paid, 'Reference: RF18')
  assert.match(paid, 'The invoice is paid in full. Thank you.')
  assert.not.match(paid, 'Still due')
})

test('the longest name of a client fits into every subject', () => {
  for (const kind of mailKinds) {
    assert.match(render(kind, { clientName: 'x'.repeat(255) }).subject, 'x'.repeat(255))
  }
})

test('a name that looks like a template is shown, not run', () => {
  assert.match(render('max-daily-usage', { clientName: '{{ limit }}{% if %}' }).text, '{{ limit }}{% if %}')
})

test('the wrong shape is told before anything is rendered', () => {
  assert.throws(
    () => checkMailContent('max-daily-usage', { ...contents['max-daily-usage'], limit: 5 }),
    /limit/,
  )
  assert.throws(() => checkMailContent('invoice', contents['max-daily-usage']), /invoice mail is wrong/)
})

test.run()

const choice = suite('chooseTemplate')
const own = { subject: 'own', text: 'own', html: 'own' }
const brand = { subject: 'brand', text: 'brand', html: 'brand' }

choice("the client's own comes first, then the brand's, each only in the client's language", () => {
  const choose = (language: string) =>
    chooseTemplate({ kind: 'invoice', language, stored: [{ es: own }, { es: brand, it: brand }] }).subject
  assert.is(choose('es'), 'own')
  assert.is(choose('es-MX'), 'own')
  assert.is(choose('it'), 'brand')
  assert.is(choose('ca'), builtInTemplate('invoice', 'ca').subject)
  assert.is(choose('de-AT'), builtInTemplate('invoice', 'de').subject)
  assert.is(choose('nl'), builtInTemplate('invoice', 'en').subject)
  // Estonian is no Spanish, and `fra` is French.
  assert.is(choose('est'), builtInTemplate('invoice', 'en').subject)
  assert.is(choose('fra'), builtInTemplate('invoice', 'fr').subject)
  assert.is(choose('constructor'), builtInTemplate('invoice', 'en').subject)
})

choice.run()

const leash = suite('templates of tenants')
const view = mailView(contents['max-daily-usage'], { brand: 'Telco' })
const run = (text: string) => renderMail({ subject: 's', text, html: text }, view)

leash('files are not read', () => {
  for (const tag of ['render', 'include', 'layout']) {
    assert.throws(() => run(`{% ${tag} 'package.json' %}`), undefined, tag)
    assert.throws(() => run(`{% ${tag} '/etc/passwd' %}`), undefined, tag)
  }
})

leash('prototypes are out of reach', () => {
  for (const path of [
    'constructor',
    '__proto__',
    'clientName.constructor',
    'toString',
    'constructor.constructor',
  ]) {
    assert.is(run(`{{ ${path} }}`).text, '', path)
  }
  assert.is(run(`{{ clientName["constructor"]["constructor"] }}`).text, '')
})

leash('loops and copies end at a cap', () => {
  assert.throws(() => run('{% for i in (1..100000000) %}{{ i }}{% endfor %}'))
  assert.throws(() => run('{% for i in (1..9999) %}{% for j in (1..9999) %}x{% endfor %}{% endfor %}'))
  assert.throws(() =>
    run(`{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}{{ a }}`),
  )
  assert.throws(() => run('x'.repeat(200_001)))
})

leash('an unknown filter is refused', () => {
  assert.throws(() => run('{{ clientName | shell }}'), /shell/)
})

leash.run()
