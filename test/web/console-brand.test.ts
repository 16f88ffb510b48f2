/**
 * What a brand is and how it does its business, set in the console by its owner: on the real service, in a real browser.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { openConsole, readText, sees, type TestConsole, waitMs } from './a-console.ts'
import { findChromium, type Visit, visit } from './browser.ts'
import { storiesOf } from './stories.ts'

const test = suite('settings of a brand')
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

const readBrand = () => office.service.must('GET', `/v1/brands/${office.shop.brand.id}`)
const cardOf = (title: string) =>
  owner.page.locator('.card', { has: owner.page.getByRole('heading', { name: title }) })
const save = (card: number) => owner.page.getByRole('button', { name: 'Save' }).nth(card).click()

story('an owner changes what the brand is, and what is refused is said at its field', async () => {
  const { page } = owner
  await page.getByRole('link', { name: 'Brand settings' }).click()
  await page.getByRole('heading', { level: 1, name: 'Brand settings' }).waitFor()
  await page.fill('[name=retentionDays]', '400')
  await page.fill('[name=timeZone]', 'Europe/Atlantis')
  await save(0)
  await page.locator('.field.faulty [name=timeZone]').waitFor()
  assert.is((await readBrand()).retentionDays, null)
  await page.fill('[name=timeZone]', 'Europe/Lisbon')
  await save(0)
  await sees(page, 'Saved')
  const { retentionDays, timeZone, name } = await readBrand()
  assert.equal([retentionDays, timeZone, name], [400, 'Europe/Lisbon', office.shop.brand.name])
})

story('numbers are read as in its country, and switches are told codes of its own', async () => {
  const { page } = owner
  await office.open(page, '/brand?tab=calling', 'Brand settings')
  await page.fill('[name=countryCode]', '34')
  await page.fill('[name=internationalPrefixes]', '00, 07')
  await page.fill('[name=nationalLengths]', '9')
  await page.fill('[name=specialNumbers]', '112\n061')
  await save(0)
  await sees(page, 'Saved')
  const { numbering, specialNumbers } = await readBrand()
  assert.equal(numbering, {
    countryCode: '34',
    internationalPrefixes: ['00', '07'],
    nationalPrefix: '',
    nationalLengths: [9],
  })
  assert.equal(specialNumbers, ['112', '061'])
  await page.getByRole('button', { name: 'Add' }).click()
  await page.selectOption('dialog [name=reason]', 'insufficient_balance')
  await page.fill('dialog [name=sip]', '402')
  await page.fill('dialog [name=phrase]', 'Payment Required')
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click()
  await sees(page, 'Balance is too low 402 Payment Required')
  assert.equal((await readBrand()).reasonOverrides, {
    insufficient_balance: { sip: 402, phrase: 'Payment Required' },
  })
  await page.locator('.table').getByRole('button', { name: 'Remove' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Remove' }).click()
  await sees(page, 'No codes of its own.')
})

story('invoices have an issuer and a series, and mails a sender and reminders', async () => {
  const { page } = owner
  await office.open(page, '/brand?tab=invoicing', 'Brand settings')
  await page.fill('[name=legalName]', 'Example Telecom, S.A.')
  await page.fill('[name=country]', 'es')
  await save(0)
  await sees(page, 'Saved')
  assert.equal((({ legalName, country }) => [legalName, country])((await readBrand()).issuer), [
    'Example Telecom, S.A.',
    'ES',
  ])
  await cardOf('Number series').getByRole('button', { name: 'Add' }).click()
  await page.fill('dialog [name=name]', 'Export')
  await page.fill('dialog [name=prefix]', 'X{yyyy}-')
  await page.fill('dialog [name=start]', '41')
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click()
  await sees(page, /X\{yyyy\}- X20\d\d-00041/)
  await page.selectOption('[name=creditNoteSequenceId]', { label: 'Export' })
  await save(1)
  const creditNoteSequenceId = await until(
    'it is saved',
    async () => (await readBrand()).creditNoteSequenceId ?? undefined,
    waitMs,
  )
  const series = await office.service.must('GET', `/v1/invoice-number-sequences/${creditNoteSequenceId}`)
  assert.is(series.name, 'Export')
  await office.open(page, '/brand?tab=mails', 'Brand settings')
  await page.fill('[name=fromName]', 'Example accounts')
  await page.fill('[name=reminders]', '3, 10, 30')
  await save(0)
  await sees(page, 'Saved')
  const { mail, invoiceReminders } = await readBrand()
  assert.equal([mail.fromName, invoiceReminders.daysAfterDue], ['Example accounts', [3, 10, 30]])
})

story('a tax is made, and charged to the client that it is ticked for', async () => {
  const { page } = owner
  await office.open(page, '/brand?tab=invoicing', 'Brand settings')
  await cardOf('Taxes').getByRole('button', { name: 'Add' }).click()
  await page.fill('dialog [name=name]', 'IVA')
  await page.fill('dialog [name=rate]', '21')
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click()
  await sees(page, 'IVA S · standard 21')
  await office.open(page, `/clients/${office.client.id}?tab=invoicing`, office.client.name)
  await page.getByRole('checkbox', { name: 'IVA (21 %)' }).check()
  await save(0)
  await sees(page, 'Saved')
  const { taxIds } = await office.service.must('GET', `/v1/clients/${office.client.id}`)
  const { name, rate } = await office.service.must('GET', `/v1/taxes/${taxIds[0]}`)
  assert.equal([taxIds.length, name, rate], [1, 'IVA', '21'])
})

story('who may only read finds no such page', async () => {
  const { page, context } = await visit(office.browser)
  await office.logIn(page, 'vera')
  assert.not.match(await readText(page), 'Brand settings')
  await page.goto(`${office.service.url}/console/brand`)
  await page.getByRole('heading', { level: 1, name: 'No such page' }).waitFor()
  await context.close()
})

story('the browser complained of nothing', async () => {
  // A value that was refused is told as a failed request.
  assert.equal(
    owner.complaints.filter((complaint) => !complaint.includes('422') && !complaint.includes('400')),
    [],
  )
})

test.run()
