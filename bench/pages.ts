/**
 * How long do people wait for the pages, and what do open pages cost calls? With 10,000 clients and a million calls behind
 * them: the console's overview in a real browser beside a static page of the same server that is all but empty, the first page of every list, and
 * authorizations while many consoles are open beside the same without.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { findChromium, openBrowser } from '../test/web/browser.ts'
import { buildPages } from '../web/build.ts'
import type { LoadResult } from './authorize-load.ts'
import { type BenchServers, openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import { startChild } from './child.ts'
import { type Figure, median } from './figures.ts'
import { measureProcessorTimes } from './processor-time.ts'
import { seedPages } from './seed-pages.ts'

export interface PagesOptions {
  rounds: number
  clients: number
  calls: number
  consoles: number
}

const asksPerList = 15
const requestsPerRound = 6000
const inFlight = 64
/** After which nothing is left of a look at the figures that nobody watches any more. */
const forgottenMs = 2500

export async function benchPages(options: PagesOptions): Promise<Figure[]> {
  await buildPages({ always: false })
  // Half of them prepaid.
  const servers = await openBenchServers({ clients: options.clients / 2, deckSize: 2000 })
  try {
    const { brandId, client } = await seedPages(servers, options)
    const service = await servers.startService()
    const { url } = service
    const pids = { service: service.pid, postgres: servers.pids.postgres }
    const key = await makeKey(service, { role: 'brand', brandId })
    const clientKey = await makeKey(service, { role: 'client', clientId: client })
    return [
      ...(await measureOverview(service, brandId, options.rounds)),
      ...(await measureLists('the console', { url, key }, { paths: listsOfConsole(client, brandId), pids })),
      ...(await measureLists('the portal', { url, key: clientKey }, { paths: listsOfPortal(client), pids })),
      ...(await measureConsoles(servers, service, key, options)),
    ]
  } finally {
    await servers.close()
  }
}

async function send<Answer>(
  { url, key }: Pick<ServiceUnderTest, 'url' | 'key'>,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(url + path, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
  return (text === '' ? {} : JSON.parse(text)) as Answer
}

async function makeKey(service: ServiceUnderTest, of: object): Promise<string> {
  const { key } = await send<{ key: string }>(service, '/v1/api-keys', { name: 'bench', ...of })
  return key
}

/** Until the figures stand, for somebody who was here before, while nobody else looks: they are read anew. */
async function measureOverview(
  service: ServiceUnderTest,
  brandId: string,
  rounds: number,
): Promise<Figure[]> {
  const executable = findChromium()
  if (executable === undefined) {
    console.log('(no Chromium here, so no overview: test/web/install-chromium.sh)')
    return []
  }
  const password = randomBytes(12).toString('hex')
  await send(service, `/v1/brands/${brandId}/admins`, {
    username: 'olga',
    name: 'olga',
    password,
    role: 'owner',
  })
  const browser = await openBrowser(executable)
  try {
    const page = await logIn(browser, service.url, password)
    // The nearest to an empty page that it serves: one small picture.
    const icon = await page.locator('link[rel=icon]').getAttribute('href')
    const overviews: number[] = []
    const empties: number[] = []
    for (let round = 0; round <= rounds * 2; round += 1) {
      const empty = await timeOf(page, `${service.url}${icon}`, 'svg')
      await sleep(forgottenMs)
      const overview = await timeOf(page, `${service.url}/console`, '.figures .big')
      if (round === 0) continue
      empties.push(empty)
      overviews.push(overview)
    }
    const value = median(overviews)
    const floor = median(empties)
    return [
      {
        name: 'overview of the console until its figures stand',
        ...{ value, unit: 'ms', floor, ratio: value / floor },
        target: { atMost: 3 },
      },
    ]
  } finally {
    await browser.close()
  }
}

async function logIn(browser: Browser, url: string, password: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(120_000)
  await page.goto(`${url}/console?of=Bench`)
  await page.fill('[name=username]', 'olga')
  await page.fill('[name=password]', password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.figures .big')
  return page
}

async function timeOf(page: Page, address: string, selector: string): Promise<number> {
  const startedAt = performance.now()
  await page.goto(address, { waitUntil: 'commit' })
  await page.waitForSelector(selector)
  return performance.now() - startedAt
}

/** Every list that a page of the console begins with. */
function listsOfConsole(client: string, brandId: string): string[] {
  const of = `/v1/clients/${client}`
  return [
    '/v1/clients?sort=name',
    '/v1/clients?limit=100&sort=name',
    '/v1/clients?search=postpaid49',
    '/v1/calls',
    '/v1/calls?status=priced',
    '/v1/calls?number=34600000017',
    `/v1/calls?clientId=${client}`,
    `${of}/calls`,
    `${of}/balance-movements`,
    `${of}/balance`,
    `${of}/daily-usage`,
    `${of}/allowances`,
    `${of}/rating-profiles`,
    `${of}/authorized-sources`,
    '/v1/rate-decks?sort=name',
    '/v1/rating-plans?sort=name',
    '/v1/allowance-plans?sort=name',
    '/v1/calendars?sort=name',
    '/v1/carriers?sort=name',
    '/v1/exchange-rates',
    '/v1/invoices',
    '/v1/invoices?status=overdue',
    `/v1/invoices?clientId=${client}`,
    '/v1/receivables',
    '/v1/direct-debit-runs',
    '/v1/invoice-schedules?sort=name',
    '/v1/report-schedules?sort=name',
    '/v1/spend-guards?sort=name',
    '/v1/webhook-endpoints',
    '/v1/webhook-deliveries',
    '/v1/dead-letters',
    '/v1/mails',
    '/v1/mails?status=failed',
    '/v1/audit-log',
    `/v1/brands/${brandId}/admins?sort=name`,
    '/v1/api-keys',
    '/v1/sessions/me',
  ]
}

/** The same of the portal, of a client with a twentieth of all calls. */
function listsOfPortal(client: string): string[] {
  const of = `/v1/clients/${client}`
  const month = 'from=2025-12-01&to=2026-01-01'
  return [
    '/v1/sessions/me',
    `${of}/calls`,
    `${of}/calls?number=34600000020`,
    `${of}/running-calls`,
    `${of}/invoices`,
    `${of}/balance`,
    `${of}/daily-usage`,
    `${of}/statement?from=2025-11-01&to=2025-12-01`,
    `${of}/rating-profiles`,
    `${of}/balance-alerts`,
    `${of}/admins?sort=name`,
    `${of}/allowances`,
    `/v1/reports/usage.json?${month}&groupBy=day`,
    `/v1/reports/usage.json?${month}&groupBy=destination`,
    '/v1/reports/guard-events.json?from=2025-12-01',
    '/v1/reports/allowances.json?from=2026-01-01&to=2026-01-02',
  ]
}

/** One after another, each some times: by the clock its median, by the processors of service and PostgreSQL its mean. */
async function measureLists(
  whose: string,
  asker: Pick<ServiceUnderTest, 'url' | 'key'>,
  { paths, pids }: { paths: readonly string[]; pids: { service: number; postgres: number } },
): Promise<Figure[]> {
  const taken: { path: string; clock: number; processors: number }[] = []
  for (const path of paths) {
    await send(asker, path)
    const times: number[] = []
    const { micros } = await measureProcessorTimes(pids, asksPerList, async () => {
      for (let ask = 0; ask < asksPerList; ask += 1) {
        const startedAt = performance.now()
        await send(asker, path)
        times.push(performance.now() - startedAt)
      }
    })
    const processors = (micros.service + micros.postgres) / 1000
    taken.push({ path: path.replaceAll(/[0-9a-f-]{36}/g, '…'), clock: median(times), processors })
  }
  const slowest = (by: 'clock' | 'processors', what: string): Figure[] =>
    [...taken]
      .sort((one, other) => other[by] - one[by])
      .slice(0, 3)
      .map((list, place) => ({
        name:
          place === 0
            ? `${what} of the slowest first page of ${paths.length} lists of ${whose}: ${list.path}`
            : `then: ${list.path}`,
        value: list[by],
        unit: 'ms',
        target: { atMost: 100 },
      }))
  return [...slowest('processors', 'processor time'), ...slowest('clock', 'time')]
}

/** By the processor time that an authorization costs the service: others on the machine do not blur it. */
async function measureConsoles(
  { natsUrl, books }: BenchServers,
  service: ServiceUnderTest,
  key: string,
  { rounds, consoles }: PagesOptions,
): Promise<Figure[]> {
  const [load, streams] = [startChild('./authorize-load.ts'), startChild('./console-streams.ts')]
  try {
    const spent = { none: [] as number[], many: [] as number[] }
    const rates = { none: [] as number[], many: [] as number[] }
    for (let round = 0; round <= rounds; round += 1) {
      for (const which of ['none', 'many'] as const) {
        await streams.ask({ url: service.url, key, consoles: which === 'many' ? consoles : 0 })
        const before = await service.cpuSeconds()
        const result = await load.ask<LoadResult>({
          natsUrl,
          subject: 'billing.authorize',
          requests: requestsPerRound,
          inFlight,
          clients: books.unlimited,
          numbers: books.numbers,
          run: `${which}-${round}`,
        })
        const used = (await service.cpuSeconds()) - before
        if (round === 0) continue
        spent[which].push((used / requestsPerRound) * 1e6)
        rates[which].push(result.perSecond)
      }
    }
    const rate = median(rates.many)
    const cpu = { many: median(spent.many), none: median(spent.none) }
    return [
      {
        name: `authorizations while ${consoles} consoles are open`,
        ...{ value: rate, unit: '/s', floor: median(rates.none), ratio: rate / median(rates.none) },
        target: { atLeast: 0.9 },
      },
      {
        name: 'processor time of one of them',
        ...{ value: cpu.many, unit: 'µs', floor: cpu.none, ratio: cpu.many / cpu.none },
      },
      {
        // What they take by the second, beside the one processor that an event loop has.
        name: `share of a processor that ${consoles} consoles take`,
        ...{ value: ((cpu.many - cpu.none) / 1e6) * rate, unit: '' },
        target: { atMost: 0.1 },
      },
    ]
  } finally {
    await load.stop()
    await streams.stop()
  }
}
