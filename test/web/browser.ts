/**
 * A real Chromium for the tests of the pages: the system's, or the one of `install-chromium.sh`.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { until } from '../until.ts'

const unpacked = fileURLToPath(new URL('../../data/chromium', import.meta.url))
const places = [
  process.env.CHROMIUM_BIN ?? '',
  `${unpacked}/usr/lib/chromium/chromium`,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
]
const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((machine) => [
  `${unpacked}/usr/lib/${machine}`,
  `${unpacked}/usr/lib/${machine}/pulseaudio`,
])

/** Long enough for a slow, busy machine. */
export const timeoutMs = 30_000

/** undefined: there is none here, and the tests that need one are left out. */
export function findChromium(): string | undefined {
  return places.find((place) => place !== '' && existsSync(place))
}

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    // Tests run as root in containers, where the sandbox cannot.
    args: ['--no-sandbox', '--disable-gpu'],
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':') },
  })
}

export interface Visit {
  context: BrowserContext
  page: Page
  /** What the browser complained of. */
  complaints: string[]
  /** Paths under `/v1` that the page asked for. */
  asked: string[]
}

/** A browser window of somebody who was never here. */
export async function visit(
  browser: Browser,
  { width = 1280, colorScheme = 'light' as 'light' | 'dark', locale = 'en-GB' } = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale })
  context.setDefaultTimeout(timeoutMs)
  const page = await context.newPage()
  const complaints: string[] = []
  const asked: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/v1/')) asked.push(pathname)
  })
  return { context, page, complaints, asked }
}

export async function logIn(
  page: Page,
  address: string,
  { of, username, password }: { of: string; username: string; password: string },
): Promise<void> {
  await page.goto(`${address}?of=${encodeURIComponent(of)}`)
  await page.fill('[name=username]', username)
  await page.fill('[name=password]', password)
  await page.click('button[type=submit]')
  await page.waitForSelector('header nav', { state: 'attached' })
}

/** Its words, with single blanks. */
export const textOf = (page: Page, selector = 'main') =>
  page
    .locator(selector)
    .innerText()
    .then((text) => text.replace(/\s+/g, ' '))

/** Waits until the page shows it. */
export async function sees(page: Page, text: string | RegExp): Promise<void> {
  await until(
    `the page shows ${text}`,
    async () => {
      const shown = await textOf(page)
      return typeof text === 'string' ? shown.includes(text) : text.test(shown)
    },
    timeoutMs,
  )
}
