/**
 * Everyday jobs beside money in the console: a colleague gets a log-in, an event that could not be applied is sent again.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { openConsole, sees, type TestConsole, waitMs } from './a-console.ts'
import { findChromium, logIn, type Visit, visit } from './browser.ts'
import { storiesOf } from './stories.ts'

const test = suite('people and operations in the console')
const story = storiesOf(test)
const executable = findChromium()
let office: TestConsole
let owner: Visit

if (executable !== undefined) {
  test.before(async () => {
    office = await openConsole(executable)
    owner = await visit(office.browser)
    await office.logIn(owner.page, 'olga')
  })
  test.after(() => office?.close())
}

story('a user who is added logs in, sees what the role may, and chooses another password', async () => {
  const { page } = owner
  const address = `${office.service.url}/console`
  const marta = { of: office.shop.brand.name, username: 'marta' }
  await office.open(page, '/users', 'Users')
  await page.getByRole('button', { name: 'Add a user' }).click()
  await page.fill('dialog [name=username]', 'marta')
  await page.fill('dialog [name=name]', 'Marta Gil')
  await page.selectOption('dialog [name=role]', 'finance')
  await page.fill('dialog input[type=password]', 'a first password')
  await page.locator('dialog').getByRole('button', { name: 'Add' }).click()
  await sees(page, /Marta Gil marta Finance/)
  const hers = await visit(office.browser)
  await logIn(hers.page, address, { ...marta, password: 'a first password' })
  await sees(hers.page, 'Invoices')
  assert.is(await hers.page.getByRole('link', { name: 'Users' }).count(), 0)
  await office.open(hers.page, '/account', 'Account')
  await hers.page.locator('input[type=password]').nth(0).fill('a first password')
  await hers.page.locator('input[type=password]').nth(1).fill('her own password')
  await hers.page.getByRole('button', { name: 'Set the password' }).click()
  await hers.page.locator('.notice.good').waitFor()
  await hers.context.close()
  const again = await visit(office.browser)
  await logIn(again.page, address, { ...marta, password: 'her own password' })
  await sees(again.page, 'Marta Gil')
  await again.context.close()
})

story('an event that could not be applied says why, and is sent again', async () => {
  const { page } = owner
  const ended = { kind: 'end', callId: 'early-1', from: '+34911000111', to: '+34600111222', cause: 16 }
  const times = { startedAt: '2026-01-10T10:00:00Z', endedAt: '2026-01-10T10:00:10Z' }
  // It was answered before it began.
  const body = { ...ended, ...times, client: office.client.id, answeredAt: '2026-01-10T09:59:00Z' }
  await office.service.must('POST', '/v1/call-events', body)
  await until(
    'the event is put aside',
    async () => (await office.service.must('GET', '/v1/dead-letters')).data[0],
    waitMs,
  )
  await office.open(page, '/dead-letters', 'Dead letters')
  await sees(page, 'Times contradict each other')
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Send again' }).click()
  await sees(page, 'sent again')
})

story('the browser complained of nothing', async () => {
  assert.equal(owner.complaints, [])
})

test.run()
