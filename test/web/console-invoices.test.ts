/**
 * Money in the console, from invoices to what the bank collects: each story from end to end, on the real service, in a real
 * browser.
 */
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { openConsole, sees, type TestConsole } from './a-console.ts'
import { findChromium, type Visit, visit } from './browser.ts'
import { storiesOf } from './stories.ts'

const test = suite('invoices in the console')
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

  const { must } = office.service
  const payer = await office.shop.aClient({ billingMethod: 'postpaid' })
  const { id: brandId } = office.shop.brand
  const line = await must('POST', '/v1/fixed-costs', { brandId, name: 'PBX', price: '10', currency: 'EUR' })
  const [series] = (await must('GET', `/v1/invoice-number-sequences?brandId=${brandId}`)).data
  const { id } = await must('POST', '/v1/invoices', {
    ...{ clientId: payer.id, numberSequenceId: series.id, from: '2025-01-01', to: '2025-02-01' },
    fixedCosts: [{ fixedCostId: line.id }],
  })
  await must('POST', `/v1/invoices/${id}/issue`, {})
  await office.open(page, `/invoices/${id}`, 'Invoice A-0002')
  await page.getByRole('button', { name: 'Record a payment' }).click()
  assert.is(await page.inputValue('dialog [name=amount]'), '10')
  await page.fill('dialog [name=amount]', '4,5')
  // The answer to the first is lost on its way: the page sends it again, and it is paid once.
  let lost = 0
  await page.route('**/payments', async (route) => {
    lost += 1
    if (lost > 1) return route.continue()
    await route.fetch()
    await route.abort()
  })
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click()
  await sees(page, 'No connection.')
  await sees(page, 'Still to pay €5.50')
  assert.is(lost, 2)
  await page.unroute('**/payments')
  assert.is((await must('GET', `/v1/invoices/${id}`)).payments.length, 1)
  // The browser itself tells of the lost answer.
  assert.is(owner.complaints.splice(0).length, 1)
  await page.getByRole('button', { name: 'Credit note' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Credit note' }).click()
  await page.getByRole('heading', { level: 1, name: 'Credit note A-0003' }).waitFor()
  assert.is((await must('GET', `/v1/invoices/${id}`)).status, 'credited')
})

story('a run of invoices looks at every client first, and then issues with how far it is', async () => {
  const { page } = owner
  const lastMonth = new Date(`${new Date().toISOString().slice(0, 8)}01`)
  const at = (seconds: number) => new Date(lastMonth.getTime() - 86_400_000 + seconds * 1000).toISOString()
  await office.service.must('POST', '/v1/call-events', [
    {
      kind: 'end',
      callId: 'call-of-last-month',
      client: office.client.sipDomain,
      from: '+34911000111',
      to: '+34600111222',
      startedAt: at(0),
      answeredAt: at(0),
      endedAt: at(60),
    },
  ])
  await until('it is priced', async () => {
    const { data } = await office.service.must('GET', `/v1/clients/${office.client.id}/calls?status=priced`)
    return data.length === 1
  })
  await office.open(page, '/invoices/run', 'Invoice run')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('button', { name: 'Issue 1 invoice' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Issue 1 invoice' }).click()
  await sees(page, new RegExp(`${office.client.name} A-0004 .*issued €0.07 PDF XML`))
})

story('what is due is collected by direct debit: mandate, run, file, confirmation, return', async () => {
  const { page } = owner
  const { must } = office.service
  const { brand } = office.shop
  await must('PATCH', `/v1/brands/${brand.id}`, {
    issuer: { legalName: 'Telco S.L.', iban: 'ES9121000418450200051332', creditorId: 'ES50ZZZM23456789' },
  })
  const debtor = await office.shop.aClient({ billingMethod: 'postpaid' })
  await office.open(page, `/clients/${debtor.id}?tab=invoicing`, debtor.name)
  await sees(page, 'No mandate: this client pays by itself.')
  await page.getByRole('button', { name: 'Set the mandate' }).click()
  await page.fill('dialog [name=mandateId]', 'M-17')
  await page.fill('dialog [name=signedDay]', '2026-01-15')
  await page.fill('dialog [name=iban]', 'DE89370400440532013001')
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click()
  await page.locator('dialog .faulty [name=iban]').waitFor()
  // The browser itself tells of the refusal.
  assert.is(owner.complaints.splice(0).length, 1)
  await page.fill('dialog [name=iban]', 'DE89 3704 0044 0532 0130 00')
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click()
  await sees(page, 'Mandate reference M-17')
  assert.is((await must('GET', `/v1/clients/${debtor.id}`)).directDebit.iban, 'DE89370400440532013000')

  const [series] = (await must('GET', `/v1/invoice-number-sequences?brandId=${brand.id}`)).data
  const line = { brandId: brand.id, name: 'Line', price: '10', currency: 'EUR' }
  const { id: fixedCostId } = await must('POST', '/v1/fixed-costs', line)
  for (const from of ['2025-01-01', '2025-02-01']) {
    const { id } = await must('POST', '/v1/invoices', {
      ...{ clientId: debtor.id, numberSequenceId: series.id, from, to: `${from.slice(0, 8)}02` },
      fixedCosts: [{ fixedCostId }],
      dueDays: 0,
    })
    await must('POST', `/v1/invoices/${id}/issue`, {})
  }
  await office.open(page, '/direct-debits', 'Direct debits')
  await sees(page, 'No runs yet.')
  await page.getByRole('button', { name: 'Make a run' }).click()
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  await page.fill('dialog [name=collectionDay]', tomorrow)
  await page.locator('dialog').getByRole('button', { name: 'Make a run' }).click()
  await page.getByRole('heading', { level: 1, name: 'Direct debit run' }).waitFor()
  await sees(page, /€20.00 Debits: 2 .* M-17 DE\d+ under way €10.00/)
  const file = await page.getByRole('link', { name: 'File for the bank' }).getAttribute('href')
  const answer = await owner.context.request.get(`${office.service.url}${file}`, {
    headers: { referer: page.url() },
  })
  assert.match(await answer.text(), 'pain.008.001.08')

  const first = page.locator('.table tbody tr').first()
  await first.getByRole('button', { name: 'Returned by the bank' }).click()
  await page.fill('dialog [name=reason]', 'am04')
  await page.locator('dialog').getByRole('button', { name: 'Returned by the bank' }).click()
  await sees(page, /Returned €10.00 · 1 .* returned AM04/)

  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Confirm' }).click()
  await page.locator('dialog .notice.bad').waitFor()
  // The browser itself tells of the refusal.
  assert.is(owner.complaints.splice(0).length, 1)
  const sql = postgres(office.service.databaseUrl, { max: 1 })
  await sql`update direct_debit_runs set collection_day = current_date - 1`
  await sql.end()
  await page.locator('dialog').getByRole('button', { name: 'Confirm' }).click()
  await sees(page, /Booked €10.00 · 1 .* booked/)
  await office.open(page, '/direct-debits', 'Direct debits')
  await sees(page, /confirmed €10.00 \(1\) €10.00 \(1\) €20.00 \(2\)/)
  const { data } = await must('GET', `/v1/invoices?clientId=${debtor.id}`)
  assert.equal(data.map(({ amountDue }: { amountDue: string }) => amountDue).sort(), ['0', '10'])
})

story('schedules are made and changed, and a report goes to whom it is for', async () => {
  const { page } = owner
  const { must } = office.service
  await office.open(page, '/schedules/invoices/new', 'Add an invoice schedule')
  await page.fill('[name=name]', 'Monthly')
  await page.fill('[name=firstDay]', '2030-01-01')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: 'Monthly' }).waitFor()
  await page.fill('[name=every]', '3')
  await page.getByLabel('Prepaid', { exact: true }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  await sees(page, 'Saved.')
  const invoices = await must('GET', `/v1/invoice-schedules/${page.url().split('/').at(-1)}`)
  assert.equal(
    [invoices.unit, invoices.every, invoices.firstDay, invoices.filter],
    ['month', 3, '2030-01-01', { billingMethods: ['prepaid'] }],
  )
  await office.open(page, '/schedules/reports/new', 'Add a report schedule')
  await page.fill('[name=name]', 'Margins of the week')
  await page.selectOption('[name=report]', 'margins')
  await page.selectOption('[name=unit]', 'week')
  await page.fill('[name=firstDay]', '2030-01-07')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('.faulty [name=directory]').waitFor()
  assert.is(owner.complaints.splice(0).length, 1)
  await page.fill('[name=emails]', 'money@example.com')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: 'Margins of the week' }).waitFor()
  await office.open(page, '/schedules', 'Schedules')
  await sees(page, /Margins of the week Margins \(XLSX\) each week money@example.com/)
})

story('the browser complained of nothing', async () => {
  assert.equal(owner.complaints, [])
})

test.run()
