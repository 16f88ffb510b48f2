/**
 * Every page of the console: on a phone, for who cannot see it, and for who may only read.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isLoaded, openConsole, readText, sees, type TestConsole } from './a-console.ts'
import { findChromium, visit } from './browser.ts'
import { storiesOf } from './stories.ts'

const test = suite('pages of the console')
const story = storiesOf(test)
const executable = findChromium()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let office: TestConsole

if (executable !== undefined) {
  test.before(async () => {
    office = await openConsole(executable)
  })
  test.after(() => office?.close())
}

const pages = [
  ['', 'Overview'],
  ['/calls', 'Calls'],
  ['/explain', 'Explain a price'],
  ['/clients', 'Clients'],
  ['/decks', 'Rate decks'],
  ['/plans', 'Rating plans'],
  ['/allowance-plans', 'Bundles and fees'],
  ['/allowance-plans/new', 'Add a bundle or fee'],
  ['/calendars', 'Calendars'],
  ['/what-if', 'What if?'],
  ['/carriers', 'Carriers'],
  ['/exchange-rates', 'Exchange rates'],
  ['/invoices', 'Invoices'],
  ['/invoices/new', 'New invoice'],
  ['/invoices/run', 'Invoice run'],
  ['/receivables', 'Receivables'],
  ['/direct-debits', 'Direct debits'],
  ['/schedules', 'Schedules'],
  ['/schedules/invoices/new', 'Add an invoice schedule'],
  ['/schedules/reports/new', 'Add a report schedule'],
  ['/guards', 'Spend guards'],
  ['/guards/new', 'Add a spend guard'],
  ['/webhooks', 'Webhooks'],
  ['/dead-letters', 'Dead letters'],
  ['/mails', 'Mails'],
  ['/audit-log', 'Audit log'],
  ['/users', 'Users'],
  ['/keys', 'API keys'],
  ['/brand', 'Brand settings'],
  ['/brand?tab=calling', 'Brand settings'],
  ['/brand?tab=invoicing', 'Brand settings'],
  ['/brand?tab=mails', 'Brand settings'],
  ['/account', 'Account'],
] as const

story(
  'every page is at home on a phone and for who cannot see it, and the browser complains of nothing',
  async () => {
    const phone = await visit(office.browser, { width: 390, colorScheme: 'dark' })
    await office.logIn(phone.page, 'olga')
    const own = [
      [`/clients/${office.client.id}`, office.client.name],
      [`/clients/${office.client.id}?tab=general`, office.client.name],
      [`/clients/${office.client.id}?tab=limits`, office.client.name],
      [`/clients/${office.client.id}?tab=tariffs`, office.client.name],
      [`/clients/${office.client.id}?tab=invoicing`, office.client.name],
      [`/clients/${office.client.id}?tab=calling`, office.client.name],
      [`/decks/${office.shop.deck.id}`, office.shop.deck.name],
      [`/plans/${office.shop.plan.id}`, office.shop.plan.name],
      [`/explain?clientId=${office.client.id}&to=%2B34600111222`, 'Explain a price'],
    ] as const
    for (const [path, heading] of [...pages, ...own]) {
      await office.open(phone.page, path, heading)
      await isLoaded(phone.page)
      const width = await phone.page.evaluate<number>('document.documentElement.scrollWidth')
      assert.ok(width <= 390, `${path} is ${width} px wide`)
      await phone.page.evaluate(axe)
      const found = await phone.page.evaluate(async () => {
        const run = (globalThis as unknown as { axe: { run(): Promise<{ violations: AxeFinding[] }> } }).axe
          .run
        const { violations } = await run()
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
      })
      assert.equal(found, [], path)
    }
    assert.equal(phone.complaints, [])
    await phone.context.close()
  },
)

interface AxeFinding {
  id: string
  impact: string | null
  nodes: { target: string[] }[]
}

/** As somebody without a mouse gets there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const isThere = `document.activeElement.matches(${JSON.stringify(selector)})`
  for (let presses = 0; presses < 100; presses += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(isThere)) return
  }
  throw new Error(`no way by Tab to ${selector}`)
}

story('a client is found and topped up by keyboard alone, and the focus is always in sight', async () => {
  const { page, context } = await visit(office.browser)
  await office.logIn(page, 'olga')
  const isSeen = 'getComputedStyle(document.activeElement).outlineStyle !== "none"'
  await tabTo(page, 'a[href="/console/clients"]')
  assert.is(await page.evaluate(isSeen), true)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Clients' }).waitFor()
  await tabTo(page, '[name=search]')
  await page.keyboard.type(office.client.sipDomain)
  await page.keyboard.press('Enter')
  await sees(page, office.client.sipDomain)
  await tabTo(page, `a[href="/console/clients/${office.client.id}"]`)
  await page.keyboard.press('Enter')
  await sees(page, 'Available €0.00')
  await tabTo(page, '.card button')
  assert.is(await page.evaluate(isSeen), true)
  await page.keyboard.press('Enter')
  await tabTo(page, 'dialog [name=amount]')
  await page.keyboard.type('5')
  await tabTo(page, 'dialog [name=reference]')
  await page.keyboard.type('by keyboard')
  await page.keyboard.press('Enter')
  await sees(page, 'Available €5.00')
  assert.is(await page.evaluate('document.activeElement.textContent'), 'Top up')
  await context.close()
})

story('who may only read has no buttons, no users, no keys, and asks for nothing of them', async () => {
  const viewer = await visit(office.browser)
  await office.logIn(viewer.page, 'vera')
  const menu = await viewer.page.locator('nav').first().innerText()
  assert.not.match(menu, /Users|API keys/)
  assert.match(menu, 'Audit log')
  await office.open(viewer.page, `/clients/${office.client.id}`, office.client.name)
  await sees(viewer.page, 'Balance')
  assert.not.match(await readText(viewer.page), /Suspend|Top up/)
  for (const [path, heading] of [
    ['/guards', 'Spend guards'],
    ['/webhooks', 'Webhooks'],
    ['/carriers', 'Carriers'],
    ['/allowance-plans', 'Bundles and fees'],
    ['/calendars', 'Calendars'],
    ['/exchange-rates', 'Exchange rates'],
    ['/schedules', 'Schedules'],
  ] as const) {
    await office.open(viewer.page, path, heading)
    await isLoaded(viewer.page)
    assert.not.match(await viewer.page.locator('main').innerText(), /\bAdd\b|Remove|Edit|From a file/, path)
  }
  await viewer.page.goto(`${office.service.url}/console/keys`)
  await viewer.page.getByRole('heading', { level: 1, name: 'There is no such page.' }).waitFor()
  assert.not.ok(viewer.asked.some((path) => /api-keys|brands\/.*admins/.test(path)))
  assert.equal(viewer.complaints, [])
  await viewer.context.close()
})

story('a page whose code is of another release is loaded anew', async () => {
  const { context, page } = await visit(office.browser)
  await office.logIn(page, 'olga')
  let asked = 0
  await context.route('**/assets/pages-*.js', (route) => {
    asked += 1
    return asked === 1 ? route.fulfill({ status: 404 }) : route.continue()
  })
  await page.goto(`${office.service.url}/console/calls`)
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor()
  assert.is(asked, 2)
  await context.close()
})

test.run()
