/**
 * The whole service with its pages, a brand that sells, and two people who run it: olga owns it, vera may look.
 */
import type { Browser, Page } from 'playwright-core'
import { buildPages } from '../../web/build.ts'
import { aService, aShop, type RunningService } from '../contract/a-service.ts'
import { until } from '../until.ts'
import { openBrowser } from './browser.ts'

const password = 'a password of the tests'
/** Long enough for a slow, busy machine. */
export const waitMs = 60_000

export interface TestConsole {
  service: RunningService
  shop: Awaited<ReturnType<typeof aShop>>
  client: { id: string; name: string; sipDomain: string }
  browser: Browser
  /** Opens a page of the console and waits for its heading. */
  open(page: Page, path: string, heading: string): Promise<void>
  logIn(page: Page, username: 'olga' | 'vera'): Promise<void>
  close(): Promise<void>
}

export async function openConsole(executable: string): Promise<TestConsole> {
  await buildPages({ always: false })
  // Where the test of webhooks listens.
  const service = await aService({ environment: { WEBHOOK_PRIVATE_HOSTS: '127.0.0.1' } })
  const shop = await aShop(service)
  const client = await shop.aClient({ billingMethod: 'prepaid' })
  const { brand } = shop
  for (const [username, role] of [
    ['olga', 'owner'],
    ['vera', 'viewer'],
  ]) {
    await service.must('POST', `/v1/brands/${brand.id}/admins`, { username, name: username, password, role })
  }
  const series = { brandId: brand.id, name: 'Invoices', prefix: 'A-', width: 4 }
  await service.must('POST', '/v1/invoice-number-sequences', series)
  const browser = await openBrowser(executable)
  return {
    service,
    shop,
    client,
    browser,
    async open(page, path, heading) {
      const address = `${service.url}/console${path}`
      // A page that is open goes there as by a link of its own: it is not loaded anew.
      if (page.url().startsWith(`${service.url}/console`)) {
        const href = JSON.stringify(address)
        await page.evaluate(`{
          const link = Object.assign(document.createElement('a'), { href: ${href} })
          document.body.append(link)
          link.click()
          link.remove()
        }`)
      } else await page.goto(address)
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    },
    async logIn(page, username) {
      page.setDefaultTimeout(waitMs)
      await page.goto(`${service.url}/console`)
      await page.fill('[name=owner]', shop.brand.name)
      await page.fill('[name=username]', username)
      await page.fill('[name=password]', password)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    },
    async close() {
      await browser.close()
      await service.close()
    },
  }
}

export const readText = (page: Page) =>
  page
    .locator('body')
    .innerText()
    .then((text) => text.replace(/\s+/g, ' '))

/** Waits until nothing of the page is on its way any more. */
export async function isLoaded(page: Page): Promise<void> {
  const look = async () => (await page.locator('[aria-busy]').count()) === 0
  await until('everything is loaded', look, waitMs)
}

/** Waits until the page shows it. */
export async function sees(page: Page, text: string | RegExp): Promise<void> {
  const look = async () => {
    const shown = await readText(page)
    return typeof text === 'string' ? shown.includes(text) : text.test(shown)
  }
  await until(`the page shows ${text}`, look, waitMs)
}
