/**
 * The portal as a client's people use it: each story from end to end, on the real service, in a real browser.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { openPortal, type Portal, password, sipDomain } from './a-portal.ts'
import { findChromium, logIn, openBrowser, sees, textOf, timeoutMs, type Visit, visit } from './browser.ts'
import { storiesOf } from './stories.ts'

const test = suite('/portal')
const story = storiesOf(test)
const executable = findChromium()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let portal: Portal
let browser: Browser
let ana: Visit

if (executable !== undefined) {
  test.before(async () => {
    portal = await openPortal()
    browser = await openBrowser(executable)
    ana = await visit(browser)
  })
  test.after(async () => {
    await browser?.close()
    await portal?.close()
  })
}

const sections = [
  '',
  'running-calls',
  'calls',
  'invoices',
  'statement',
  'prices',
  'alerts',
  'admins',
  'account',
]

async function open(page: Page, path: string, heading: string): Promise<void> {
  await page.goto(`${portal.url}/portal${path}`)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

story('a log-in by keyboard alone leads to what today has cost and what is left', async () => {
  const { page } = ana
  await page.goto(portal.url)
  await page.getByRole('heading', { name: 'Log in to your portal' }).waitFor()
  for (const [field, text] of [
    ['owner', sipDomain],
    ['username', 'ana'],
    ['password', 'a wrong password'],
  ] as const) {
    for (let i = 0; i < 9 && !(await isFocused(page, `[name=${field}]`)); i++)
      await page.keyboard.press('Tab')
    assert.ok(await isFocused(page, `[name=${field}]`), `${field} is reached by Tab`)
    await page.keyboard.type(text)
  }
  await page.keyboard.press('Enter')
  await sees(page, 'Client, user or password is wrong.')
  // The browser itself tells of the refusal.
  assert.is(ana.complaints.splice(0).length, 1)
  await page.fill('[name=password]', '')
  await page.focus('[name=password]')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await sees(page, 'Spent today €0.81 of €10.00 a day')
  await sees(page, /Starts again at 00:00 \(Europe\/Madrid\)/)
  // 20 − 0.81 of calls − 12.10 of the invoice.
  await sees(page, 'Available €7.09')
  // 7.09 at 0.81 for 13 minutes.
  await sees(page, /Enough for about 1 hr 53 mins? to Spain mobile/)
  await sees(page, 'Spend by day Show as a table €0.81 Last 30 days')
})

async function isFocused(page: Page, selector: string): Promise<boolean> {
  return (await page.locator(`${selector}:focus`).count()) > 0
}

story('a day’s table leads to its calls, and a call to its price as a sum in words', async () => {
  const { page } = ana
  await page.getByRole('button', { name: 'Show as a table' }).click()
  await page.locator('.table tbody a').first().click()
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor()
  await page.locator('.table tbody tr').nth(2).waitFor()
  await page.fill('[name=number]', '+34 600 111 222')
  await page.getByRole('button', { name: 'Filter' }).click()
  await until(
    'one call matches',
    async () => (await page.locator('.table tbody tr').count()) === 1,
    timeoutMs,
  )
  await sees(page, '€0.61')
  await page.locator('.table tbody a').click()
  await page.getByRole('heading', { level: 1, name: 'Call · +34600111222' }).waitFor()
  const lines = await page.locator('.ledger li').allInnerTexts()
  assert.equal(
    lines.map((line) => line.replace(/\s+/g, ' ').trim()),
    [
      'Rate for Spain mobile (346)',
      'Connection fee €0.01',
      '600 s at €0.06 per 60 s, in steps of 60 s €0.60',
      'Sum €0.61',
      'Price €0.61',
    ],
  )
})

story('a call that runs is there without a reload, with its cost so far, and its end too', async () => {
  const { page } = ana
  await open(page, '/running-calls', 'Running calls')
  await sees(page, 'No call is running.')
  const leg = { callId: 'live-1', client: sipDomain, from: '+34911000111', to: '+34600999888' }
  await portal.http('POST', '/v1/authorizations', leg)
  const answeredAt = new Date(Date.now() - 70_000).toISOString()
  await portal.http('POST', '/v1/call-events', { kind: 'start', ...leg, startedAt: answeredAt, answeredAt })
  await sees(page, /\+34600999888.*running.*1:\d\d.*€0\.13/)
  const end = { kind: 'end', ...leg, startedAt: answeredAt, answeredAt, endedAt: new Date().toISOString() }
  await portal.http('POST', '/v1/call-events', end)
  await sees(page, 'No call is running.')
})

story('a guard that has tripped is told where whoever is called first looks', async () => {
  const { page } = ana
  const limits = { callsPerMinute: 0 }
  const guard = await portal.http('POST', '/v1/spend-guards', {
    clientId: portal.clientId,
    name: 'No calls at all',
    action: 'deny',
    limits,
  })
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  const leg = { callId: 'guarded-1', client: sipDomain, from: '+34911000111', to: '+34600999888' }
  assert.is((await portal.http('POST', '/v1/authorizations', leg)).reason, 'spend_guard')
  await sees(
    page,
    /Fraud protection: “No calls at all” tripped at .* 1 call was refused\. Ask your operator if it was yours\./,
  )
  await portal.http('DELETE', `/v1/spend-guards/${guard.id}`)
})

story('invoices have their documents, the statement its balances, a number its price', async () => {
  const { page } = ana
  await open(page, '/invoices', 'Invoices')
  await sees(page, /A-0001.*1 Jan 2025 – 31 Jan 2025.*€12\.10/)
  for (const [name, type] of [
    ['PDF', 'application/pdf'],
    ['XML', 'application/xml'],
  ] as const) {
    const href = await page.getByRole('link', { name }).getAttribute('href')
    // As the link does it: without a header of ours, told by the page it stands on.
    const answer = await ana.context.request.get(`${portal.url}${href}`, { headers: { referer: page.url() } })
    assert.is(answer.status(), 200, name)
    assert.match(answer.headers()['content-type'] ?? '', type)
  }
  await page.getByRole('link', { name: 'A-0001' }).click()
  await sees(page, /Line rental.*€10\.00/)
  await sees(page, 'IVA (21 %) €2.10')
  await open(page, '/statement', 'Statement')
  await sees(page, /Opening balance €0\.00.*Top-up €20\.00.*Closing balance/)
  await open(page, '/prices', 'Prices')
  await page.fill('[name=number]', '+34600111222')
  await page.keyboard.press('Enter')
  await sees(page, /Spain mobile \(346\) in force now €0\.06 per minute.*Connection fee €0\.01/)
})

story('an admin is made, restricted by ticks, and sees no more than that', async () => {
  const { page } = ana
  await open(page, '/alerts', 'Alerts')
  await sees(page, 'noc@acme.example.com')
  await page.fill('[name=threshold]', '5')
  await page.fill('[name=email]', 'ana@acme.example.com')
  await page.keyboard.press('Enter')
  await sees(page, /ana@acme\.example\.com €5\.00/)
  await open(page, '/admins', 'Admins')
  await page.getByRole('button', { name: 'Add an admin' }).click()
  await page.fill('dialog [name=username]', 'carl')
  await page.fill('dialog [name=newPassword]', password)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'carl' }).click()
  await page.getByLabel('Only what is ticked here').check()
  await page.locator('[name="calls r"]').check()
  await page.locator('[name="statement r"]').check()
  await page.locator('.rights').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await page.keyboard.press('Escape')
  await sees(page, /carl.*restricted/)

  const carl = await visit(browser)
  await logIn(carl.page, `${portal.url}/portal`, { of: sipDomain, username: 'carl', password })
  const names = await carl.page.locator('nav li').allInnerTexts()
  assert.equal(names, ['Overview', 'Calls', 'Statement', 'Account'])
  await carl.page.goto(`${portal.url}/portal/invoices`)
  await sees(carl.page, 'There is no such page.')
  const forbidden = carl.asked.filter((path) =>
    /balance|daily-usage|invoices|rating|running-calls/.test(path),
  )
  assert.equal(forbidden, [])
  assert.equal(carl.complaints, [])
  await carl.context.close()
})

story('a bundle has a bar for each item, with what calls took of it', async () => {
  const { page } = ana
  const { brandId } = await portal.http('GET', `/v1/clients/${portal.clientId}`)
  const plan = await portal.http('POST', '/v1/allowance-plans', {
    ...{ brandId, name: 'Spain 100', currency: 'EUR', period: 'month', fee: '0' },
    items: [
      { name: 'minutes', prefixes: ['34655'], unit: 'seconds', amount: 6000 },
      { name: 'credit', prefixes: ['34999'], unit: 'money', amount: '5' },
    ],
  })
  const { timeZone } = await portal.http('GET', `/v1/clients/${portal.clientId}`)
  const from = new Intl.DateTimeFormat('en-CA', { timeZone: String(timeZone) }).format(Date.now())
  const fields = { allowancePlanId: plan.id, from, prorate: false }
  await portal.http('POST', `/v1/clients/${portal.clientId}/allowances`, fields)
  // A second, in steps of 60: 1 of the 100 minutes.
  const leg = { callId: 'bundled-1', client: sipDomain, from: '+34911000111', to: '+34655111222' }
  const now = Date.now()
  const [answeredAt, endedAt] = [now, now + 1000].map((at) => new Date(at).toISOString())
  await portal.http('POST', '/v1/call-events', {
    ...{ kind: 'end', ...leg, startedAt: answeredAt, answeredAt, endedAt },
  })
  await until('the call is settled', async () => {
    const call = await portal.http('GET', `/v1/calls/${portal.clientId}/bundled-1`).catch(() => undefined)
    return call?.coveredSeconds === 60
  })
  await page.goto(`${portal.url}/portal`)
  await sees(page, /Bundles Spain 100 · minutes 1:39:00 left of 1:40:00 Until \d+ \w+ \d+/)
  await sees(page, 'Spain 100 · credit €5.00 left of €5.00')
  await page.getByRole('img', { name: 'Spain 100 · minutes: 1% used' }).waitFor()
})

story('what the client’s portal does not show is neither in its pages nor asked for', async () => {
  const client = `/v1/clients/${portal.clientId}`
  const hidden = { invoices: false, ratingProfiles: false, callPrices: false }
  await portal.http('PATCH', client, { portalVisibility: hidden })
  const visitor = await visit(browser)
  await logIn(visitor.page, `${portal.url}/portal`, { of: sipDomain, username: 'ana', password })
  const names = await visitor.page.locator('nav li').allInnerTexts()
  assert.equal(names, ['Overview', 'Running calls', 'Calls', 'Statement', 'Alerts', 'Admins', 'Account'])
  await sees(visitor.page, 'Spain 100 · minutes')
  assert.not.match(await textOf(visitor.page), 'Spain 100 · credit')
  await visitor.page.goto(`${portal.url}/portal/calls`)
  await visitor.page.locator('.table tbody tr').first().waitFor()
  assert.not.match(await textOf(visitor.page), /€|Price/)
  const forbidden = visitor.asked.filter((path) => /invoices|rating-/.test(path))
  assert.equal([forbidden, visitor.complaints], [[], []])
  await visitor.context.close()
  await portal.http('PATCH', client, {
    portalVisibility: { invoices: true, ratingProfiles: true, callPrices: true },
  })
})

for (const [width, colorScheme, looked] of [
  [390, 'light', sections],
  // The colours of the other theme are the same everywhere.
  [1280, 'dark', ['', 'calls']],
] as const) {
  story(
    `every page fits ${width} px and has no serious fault of accessibility (${colorScheme})`,
    async () => {
      const visitor = await visit(browser, { width, colorScheme })
      const faults: string[] = []
      const look = async (path: string) => {
        const over: number = await visitor.page.evaluate('document.documentElement.scrollWidth - innerWidth')
        if (over > 0) faults.push(`${path}: ${over} px too wide`)
        await visitor.page.evaluate(axe)
        const found: string[] = await visitor.page.evaluate(`axe.run().then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target).join(', ')))`)
        faults.push(...found.map((fault) => `${path}: ${fault}`))
      }
      await visitor.page.goto(`${portal.url}/portal`)
      await visitor.page.waitForSelector('form')
      await look('log-in')
      await logIn(visitor.page, `${portal.url}/portal`, { of: sipDomain, username: 'ana', password })
      for (const section of looked) {
        await visitor.page.goto(`${portal.url}/portal/${section}`)
        await visitor.page.locator('h1').waitFor()
        await until(
          'everything is loaded',
          async () => (await visitor.page.locator('[aria-busy]').count()) === 0,
          timeoutMs,
        )
        await look(section)
      }
      await visitor.page.goto(`${portal.url}/portal/calls/call-1`)
      await visitor.page.locator('.ledger').waitFor()
      await look('a call')
      if (width < 500) {
        await visitor.page.getByRole('button', { name: 'Menu' }).click()
        await visitor.page.getByRole('link', { name: 'Statement' }).click()
        await visitor.page.getByRole('heading', { level: 1, name: 'Statement' }).waitFor()
        assert.is(await visitor.page.locator('nav').isVisible(), false)
      }
      assert.equal([faults, visitor.complaints], [[], []])
      await visitor.context.close()
    },
  )
}

story('the pages speak the client’s language, or the one that the reader chose', async () => {
  const visitor = await visit(browser, { locale: 'de-DE' })
  await visitor.page.goto(`${portal.url}/portal`)
  await visitor.page.getByRole('heading', { name: 'Anmeldung zum Portal' }).waitFor()
  await portal.http('PATCH', `/v1/clients/${portal.clientId}`, { language: 'es' })
  await logIn(visitor.page, `${portal.url}/portal`, { of: sipDomain, username: 'ana', password })
  await sees(visitor.page, /Gastado hoy 0,\d\d € de 10,00 € al día/)
  await visitor.page.getByRole('link', { name: 'Mi cuenta' }).click()
  await visitor.page.selectOption('[name=language]', 'fr')
  await visitor.page.getByRole('heading', { level: 1, name: 'Mon compte' }).waitFor()
  assert.is(await visitor.page.getAttribute('html', 'lang'), 'fr')
  await portal.http('PATCH', `/v1/clients/${portal.clientId}`, { language: 'en' })
  await visitor.context.close()
})

test.run()
