/**
 * The console as those who run a brand use it: each story from end to end, on the real service, in a real browser.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skipTest } from '../servers.ts'
import { until } from '../until.ts'
import { openConsole, readText, sees, type TestConsole, waitMs } from './a-console.ts'
import { findChromium, type Visit, visit } from './browser.ts'

const test = suite('/console')
const executable = findChromium()
let office: TestConsole
let owner: Visit

/** Left out, with the reason, where there is no browser. */
function story(name: string, tell: () => Promise<void>): void {
  if (executable === undefined) skipTest(test, name, 'no Chromium here: test/web/install-chromium.sh')
  else test(name, tell)
}

if (executable !== undefined) {
  test.before(async () => {
    office = await openConsole(executable)
    owner = await visit(office.browser)
  })
  test.after(() => office?.close())
}

story('an owner logs in, and the overview lives', async () => {
  const { page } = owner
  await office.logIn(page, 'olga')
  await sees(page, 'Calls in conversation 0')
  const now = Date.now()
  const at = (ms: number) => new Date(ms).toISOString()
  await office.service.must('POST', '/v1/call-events', [
    {
      kind: 'end',
      callId: 'call-1',
      client: office.client.sipDomain,
      from: '+34911000111',
      to: '+34600111222',
      startedAt: at(now - 66_000),
      answeredAt: at(now - 61_000),
      endedAt: at(now),
    },
    {
      kind: 'start',
      callId: 'call-2',
      client: office.client.sipDomain,
      direction: 'outbound',
      from: '+34911000111',
      to: '+34600111222',
      startedAt: at(now - 5000),
      answeredAt: at(now - 1000),
    },
  ])
  await sees(page, 'Calls in conversation 1')
  // 0.01 and 60 s at 0.06 a minute, one more second at 0.001.
  await sees(page, 'Spent by clients today €0.071')
  await sees(page, new RegExp(`Call charged ${office.client.name} €0.071`))
})

story('a client is found, topped up, limited, and its price explained as a sum', async () => {
  const { page } = owner
  await office.open(page, '/clients', 'Clients')
  await page.fill('[name=search]', office.client.sipDomain.slice(0, 8).toUpperCase())
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('link', { name: office.client.name, exact: true }).click()
  await page.getByRole('heading', { level: 1, name: office.client.name }).waitFor()
  await page.getByRole('button', { name: 'Top up' }).click()
  await page.fill('[name=amount]', '25.50')
  await page.fill('[name=reference]', 'transfer 17')
  await page.getByRole('button', { name: 'Save' }).click()
  // 25.50 − 0.071 of the call before it had money.
  await sees(page, '€25.429')
  await page.getByRole('link', { name: 'Limits and protection' }).click()
  await page.fill('[name=maxDailyUsage]', '12,5')
  await page.getByRole('button', { name: 'Save' }).click()
  await sees(page, 'Saved.')
  assert.is((await office.service.must('GET', `/v1/clients/${office.client.id}`)).maxDailyUsage, '12.5')
  await page.fill('[name=maxDailyUsage]', 'much')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('.faulty [name=maxDailyUsage]').waitFor()
  // The browser itself tells of the refusal.
  owner.complaints.splice(0)
  await office.open(
    page,
    `/explain?clientId=${office.client.id}&to=%2B34600111222&seconds=61`,
    'Explain a price',
  )
  await sees(page, 'Price €0.071 Rate for Spain mobile (346) Connection fee €0.01')
  await sees(page, /Daily limit reached €0.071 of €12.50 a day passes/)
  await office.open(
    page,
    `/explain?clientId=${office.client.id}&to=%2B34906111222&seconds=61`,
    'Explain a price',
  )
  await sees(page, 'This call has no price: Destination is blocked')
})

story('a sheet goes live in three steps: columns, what would change, live', async () => {
  const { page } = owner
  await office.open(page, `/decks/${office.shop.deck.id}`, office.shop.deck.name)
  await page.setInputFiles('input[type=file]', {
    name: 'carrier.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Destino;Prefijo;Precio\nEspaña móvil;346;0,05\nFrancia;33;0,02\n'),
  })
  await sees(page, 'Every column was understood.')
  await page.getByRole('button', { name: 'See what would change' }).click()
  await sees(page, 'tried: nothing was changed 2 rows read New 1 Changed 1 Gone 1')
  const before = await office.service.must('GET', `/v1/rate-decks/${office.shop.deck.id}/rates?prefix=33`)
  assert.equal(before.data, [])
  await page.getByRole('button', { name: 'Put the rates live' }).click()
  await sees(page, 'The new rates hold a few seconds after they are published')
  await sees(page, 'Francia 33 €0.02')
})

story('a plan shows its week, and a gap before it is published', async () => {
  const { page } = owner
  await office.open(page, `/plans/${office.shop.plan.id}`, office.shop.plan.name)
  await sees(page, 'Every minute of the week has a deck.')
  await page.getByLabel('Sun').uncheck()
  await sees(page, 'No deck is open on Sun 00:00–24:00: calls are refused then.')
  await page.getByRole('button', { name: 'Publish' }).click()
  await until('it is published', async () => {
    const { entries, version } = await office.service.must('GET', `/v1/rating-plans/${office.shop.plan.id}`)
    return version === 2 && entries[0].days.join() === '1,2,3,4,5,6'
  })
})

story('an invoice is previewed, made, issued, paid in part and credited', async () => {
  const { page } = owner
  await office.open(page, '/invoices/new', 'New invoice')
  const today = new Date().toISOString().slice(0, 10)
  await page.selectOption('[name=clientId]', office.client.id)
  await page.fill('[name=from]', '2025-01-01')
  await page.fill('[name=last]', '2025-01-31')
  await page.getByRole('button', { name: 'Preview' }).click()
  await sees(page, 'Still to pay €0.00')
  await page.getByRole('button', { name: 'Make the draft' }).click()
  await page.getByRole('button', { name: 'Issue', exact: true }).click()
  await page.locator('dialog').getByRole('button', { name: 'Issue' }).click()
  await page.getByRole('heading', { level: 1, name: 'Invoice A-0001' }).waitFor()
  await page.goto(`${office.service.url}/console/invoices?from=${today}`)
  await sees(page, 'A-0001')
})

story('a call is found by its number, and what stands there leads to its client', async () => {
  const { page } = owner
  await office.open(page, '/calls', 'Calls')
  await page.fill('[name=number]', '+34 600 111 222')
  await page.selectOption('[name=status]', 'priced')
  await page.getByRole('button', { name: 'Filter' }).click()
  await until('one call matches', async () => (await page.locator('.table tbody tr').count()) === 1, waitMs)
  await page.locator('.table tbody a').first().click()
  await sees(page, 'Why it costs that Rate for Spain mobile (346)')
  await page.locator('main').getByRole('link', { name: office.client.name }).click()
  await page.getByRole('heading', { level: 1, name: office.client.name }).waitFor()
})

story('a key is shown once, and every change stands in the log under the name of who made it', async () => {
  const { page } = owner
  await office.open(page, '/keys', 'API keys')
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.fill('[name=name]', 'switch of the tests')
  await page.selectOption('[name=role]', 'engine')
  await page.getByRole('button', { name: 'Add' }).click()
  await sees(page, /This is the only time that the key is shown.* tg_/)
  await page.reload()
  await sees(page, 'switch of the tests')
  assert.not.match(await readText(page), 'only time')
  await office.open(page, '/audit-log?resource=api-keys', 'Audit log')
  await sees(page, /admin:olga .* created api-keys/)
})

story('the browser complained of nothing', async () => {
  assert.equal(owner.complaints, [])
})

test.run()
