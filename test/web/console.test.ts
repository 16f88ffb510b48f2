/**
 * The console as those who run a brand use it: each story from end to end, on the real service, in a real browser.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { openConsole, readText, sees, type TestConsole, waitMs } from './a-console.ts'
import { findChromium, type Visit, visit } from './browser.ts'
import { storiesOf } from './stories.ts'

const test = suite('/console')
const story = storiesOf(test)
const executable = findChromium()
let office: TestConsole
let owner: Visit

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
  await sees(page, /It is let through · for at most 3:00:00 .* Spent today €0.071 of €12.50 a day/)
  await office.open(
    page,
    `/explain?clientId=${office.client.id}&to=%2B34906111222&seconds=61`,
    'Explain a price',
  )
  await sees(page, 'This call has no price: Destination is blocked')
  await sees(page, 'Denied: Destination is blocked')
  // Before it was topped up, by the wall clock of the brand.
  const [clock, day] = ['2020-06-01T12:00', '1 Jun 2020']
  await page.fill('[name=to]', '+34600111222')
  await page.fill('[name=at]', clock)
  await page.getByRole('button', { name: 'Explain' }).click()
  await sees(page, `Would it be let through? ${day}, 12:00:00 Denied: No tariff in force`)
  await sees(page, 'Available €0.00')
  assert.is(await page.inputValue('[name=at]'), clock)
})

story('a bundle is made, given to a client and ended', async () => {
  const { page } = owner
  await office.open(page, '/allowance-plans', 'Bundles and fees')
  await page.getByRole('link', { name: 'Add a bundle or fee' }).click()
  await page.getByRole('heading', { level: 1, name: 'Add a bundle or fee' }).waitFor()
  await page.fill('[name=name]', 'Spain 100')
  await page.fill('[name=fee]', '1,50')
  await page.fill('[name=name-0]', 'minutes')
  await page.fill('[name=prefixes-0]', '34, x351')
  await page.fill('[name=amount-0]', '6000')
  await page.getByRole('button', { name: 'Add an item' }).click()
  await page.fill('[name=name-1]', 'credit')
  await page.selectOption('[name=unit-1]', 'money')
  await page.fill('[name=amount-1]', '2,5')
  await page.getByRole('button', { name: 'Save' }).click()
  await sees(page, '1. is not a valid prefix')
  // The browser itself tells of the refusal.
  owner.complaints.splice(0)
  await page.fill('[name=prefixes-0]', '34, 351')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: 'Spain 100' }).waitFor()
  const { data } = await office.service.must('GET', '/v1/allowance-plans')
  assert.is(data[0].fee, '1.5')
  assert.equal(
    data[0].items.map(({ unit, amount, prefixes }: { unit: string; amount: unknown; prefixes: string[] }) => [
      ...[unit, amount, prefixes],
    ]),
    [
      ['seconds', 6000, ['34', '351']],
      ['money', '2.5', ['*']],
    ],
  )
  await office.open(page, `/clients/${office.client.id}?tab=tariffs`, office.client.name)
  await page.getByRole('button', { name: 'Give a bundle or fee' }).click()
  await page.locator('dialog [name=prorate]').uncheck()
  await page.locator('dialog').getByRole('button', { name: 'Add' }).click()
  await sees(page, 'minutes: 1:40:00 left of 1:40:00 credit: €2.50 left of €2.50')
  const row = page.locator('.table').filter({ hasText: 'Spain 100' })
  await row.getByRole('button', { name: 'Edit' }).click()
  await page.fill('dialog [name=lastDay]', '2999-12-30')
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click()
  await sees(page, '30 Dec 2999')
  const path = `/v1/clients/${office.client.id}/allowances`
  const [given] = (await office.service.must('GET', path)).data
  assert.is(given.to, '2999-12-31')
  // One that nobody has paid or drawn from can go.
  const later = { allowancePlanId: given.allowancePlanId, from: '2998-12-01' }
  const { id } = await office.service.must('POST', path, later)
  await office.open(page, '/clients', 'Clients')
  await office.open(page, `/clients/${office.client.id}?tab=tariffs`, office.client.name)
  const future = page.locator('.table tr').filter({ hasText: '1 Dec 2998' })
  await future.getByRole('button', { name: 'Remove' }).click()
  await sees(page, 'Remove Spain 100 for good?')
  // Somebody else is faster: what was seen is not what would be removed.
  await office.service.must('PATCH', `${path}/${id}`, { email: 'ana@acme.example.com' })
  await page.locator('dialog').getByRole('button', { name: 'Remove' }).click()
  await sees(page, 'Somebody else has changed this meanwhile.')
  assert.is((await office.service.must('GET', path)).data.length, 2)
  // The browser itself tells of the refusal.
  owner.complaints.splice(0)
  await page.keyboard.press('Escape')
  await future.getByRole('button', { name: 'Remove' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Remove' }).click()
  await future.waitFor({ state: 'detached' })
  assert.equal(
    (await office.service.must('GET', path)).data.map((left: { id: string }) => left.id),
    [given.id],
  )
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
  await sees(page, /Largest falls .* España móvil 346 €0.06 €0.05 -16.67 %/)
  const before = await office.service.must('GET', `/v1/rate-decks/${office.shop.deck.id}/rates?prefix=33`)
  assert.equal(before.data, [])
  await page.getByRole('button', { name: 'Put the rates live' }).click()
  await sees(page, 'The new rates hold a few seconds after they are published')
  await sees(page, 'Francia 33 €0.02')
  const rates = page.locator('.table').filter({ hasText: 'Francia' })
  await page.getByRole('button', { name: 'Go back to it' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Go back to it' }).click()
  await rates.waitFor({ state: 'detached' })
  await sees(page, 'Spain mobile 346 €0.06')
  const { data } = await office.service.must('GET', `/v1/rate-decks/${office.shop.deck.id}/rates/versions`)
  assert.equal(
    data.map(({ version, rates: count }: { version: number; rates: number }) => [version, count]),
    [
      [3, 2],
      [2, 2],
      [1, 2],
    ],
  )
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

story('a call is found by its number, and what stands there leads to its client', async () => {
  const { page } = owner
  await office.open(page, '/calls', 'Calls')
  await page.fill('[name=number]', '+34 600 111 222')
  await page.selectOption('[name=status]', 'priced')
  await page.getByRole('button', { name: 'Filter' }).click()
  await until('one call matches', async () => (await page.locator('.table tbody tr').count()) === 1, waitMs)
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  assert.ok(width <= 1280, `the list is ${width} px wide`)
  await page.locator('.table tbody a').first().click()
  await sees(page, 'Why it costs that Rate for Spain mobile (346)')
  await page.locator('main').getByRole('link', { name: office.client.name }).click()
  await page.getByRole('heading', { level: 1, name: office.client.name }).waitFor()
})

story(
  'a guard is tried on what was called, and two who change it do not undo each other unseen',
  async () => {
    const { page } = owner
    const { must } = office.service
    await office.open(page, '/guards/new', 'Add a spend guard')
    await page.fill('[name=name]', 'Nights')
    await page.selectOption('[name=action]', 'deny')
    await page.getByLabel('High-risk numbers only').uncheck()
    await page.fill('[name=spendPerHour]', '0,05')
    await page.getByRole('button', { name: 'Try on the last 30 days' }).click()
    await sees(page, /What it would have stopped .* €0.071 stopped, in \d of \d calls/)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'Nights' }).waitFor()
    const id = page.url().split('/').at(-1)
    const { limits, action, highRisk, clientId } = await must('GET', `/v1/spend-guards/${id}`)
    assert.equal([limits, action, highRisk, clientId], [{ spendPerHour: '0.05' }, 'deny', null, null])

    await page.fill('[name=runningCalls]', '7')
    await must('PATCH', `/v1/spend-guards/${id}`, { name: 'Days' })
    await page.getByRole('button', { name: 'Save' }).click()
    await sees(page, 'Somebody else has changed this meanwhile.')
    assert.is((await must('GET', `/v1/spend-guards/${id}`)).limits.runningCalls, undefined)
    await page.getByRole('button', { name: 'Show what is there now' }).click()
    await page.getByRole('heading', { level: 1, name: 'Days' }).waitFor()
    await must('PATCH', `/v1/spend-guards/${id}`, { name: 'Weeks' })
    await page.fill('[name=spendPerHour]', '')
    await page.fill('[name=runningCalls]', '7')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Save mine all the same' }).click()
    await until('it is saved', async () => {
      const saved = await must('GET', `/v1/spend-guards/${id}`)
      return saved.name === 'Days' && JSON.stringify(saved.limits) === '{"runningCalls":7}'
    })
    await page.selectOption('[name=clientId]', office.client.id)
    await page.getByRole('button', { name: 'Let pass' }).click()
    await sees(page, 'It lets pass until')
    // The browser itself tells of refusals.
    assert.is(owner.complaints.splice(0).length, 2)
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.locator('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('heading', { level: 1, name: 'Spend guards' }).waitFor()
    assert.is((await office.service.send('GET', `/v1/spend-guards/${id}`)).status, 404)
  },
)

story('a webhook shows its secret once, and what became of each delivery, which is sent again', async () => {
  const { page } = owner
  const received: string[] = []
  const receiver = createServer((request, response) => {
    received.push(String(request.headers['webhook-id']))
    response.end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
    await office.open(page, '/webhooks', 'Webhooks')
    await page.getByRole('button', { name: 'Add an endpoint' }).click()
    await page.fill('[name=url]', url)
    await page.getByLabel('Everything').uncheck()
    await page.getByLabel('Invoice issued').check()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await sees(page, /This is the only time that the secret is shown.* whsec_/)
    await page.getByRole('link', { name: url }).click()
    await page.getByRole('heading', { level: 1, name: 'Endpoint' }).waitFor()
    await sees(page, 'Events Invoice issued')
    assert.not.match(await readText(page), 'whsec_')
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.locator('dialog').getByRole('button', { name: 'Send a test' }).click()
    await until('the test has come', () => received.length === 1, waitMs)
    await until('the page says so', async () => {
      await page.getByRole('button', { name: 'Refresh' }).click()
      return /tollgate.ping .* delivered/.test(await readText(page))
    })
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.locator('dialog').getByRole('button', { name: 'Send again' }).click()
    await until('it has come again', () => received.length === 2, waitMs)
    assert.is(received[0], received[1])
    await page.getByRole('button', { name: 'Turn off' }).click()
    await page.locator('dialog').getByRole('button', { name: 'Turn off' }).click()
    await page.getByRole('button', { name: 'Turn on' }).waitFor()
  } finally {
    receiver.close()
  }
})

story('a carrier has its cost, its margin is shown, and calls are tried on another plan', async () => {
  const { page } = owner
  await office.open(page, '/carriers', 'Carriers')
  await page.getByRole('button', { name: 'Add a carrier' }).click()
  await page.fill('dialog [name=name]', 'Telia')
  await page.fill('dialog [name=code]', 'telia')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Telia' }).waitFor()
  await page.getByRole('button', { name: 'Set a cost plan' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click()
  await page.locator('.table').getByRole('link', { name: office.shop.plan.name }).waitFor()
  await office.open(page, '/exchange-rates', 'Exchange rates')
  await page.setInputFiles('input[type=file]', {
    name: 'rates.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('base,quote,rate,validFrom\nUSD,EUR,0.92,2026-01-01T00:00:00Z\n'),
  })
  await sees(page, 'New: 1 · Changed: 0')
  await sees(page, 'USD → EUR 0.92')
  await office.open(page, '/calendars', 'Calendars')
  await page.getByRole('button', { name: 'Add a calendar' }).click()
  await page.fill('dialog [name=name]', 'Holidays')
  await page.fill('dialog [name=days]', '2026-12-25\n01-06\neaster-2')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await sees(page, 'Holidays 25 Dec 2026, 6 Jan and Easter −2')
  await office.open(page, `/what-if?ratingPlanId=${office.shop.plan.id}`, 'What if?')
  await page.getByRole('button', { name: 'Compute' }).click()
  await sees(page, 'Difference €0.00 Before €0.071 After €0.071')
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

story('among many clients one is found by typing, and only one that is there is taken', async () => {
  const { page } = owner
  for (let made = 0; made < 100; made += 20) {
    await Promise.all(Array.from({ length: 20 }, () => office.shop.aClient({}, 'without')))
  }
  await office.open(page, '/explain', 'Explain a price')
  const field = page.locator('input[list]')
  await field.fill(office.client.name.slice(0, 6).toUpperCase())
  await page.locator(`datalist option[value^="${office.client.name}"]`).waitFor({ state: 'attached' })
  await page.fill('[name=to]', '+34600111222')
  await page.getByRole('button', { name: 'Explain' }).click()
  const isRefused = 'document.querySelector("input[list]").validity.customError'
  assert.is(await page.evaluate(isRefused), true)
  await field.fill(`${office.client.name} (${office.client.sipDomain})`)
  await until('it is taken', async () => (await page.evaluate<boolean>(isRefused)) === false, waitMs)
  await page.getByRole('button', { name: 'Explain' }).click()
  await sees(page, 'Price €0.07 Rate for Spain mobile (346)')
  assert.match(page.url(), `clientId=${office.client.id}`)
  await sees(page, 'It is let through')
})

story('the browser complained of nothing', async () => {
  assert.equal(owner.complaints, [])
})

test.run()
