/**
 * How people come into the portal, stay in it while the service comes and goes, and leave it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import type { Browser, Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openWaitingServer } from '../../src/api/waiting-server.ts'
import { until } from '../until.ts'
import { openPortal, type Portal, password, sipDomain } from './a-portal.ts'
import { findChromium, logIn, openBrowser, sees, timeoutMs, type Visit, visit } from './browser.ts'
import { storiesOf } from './stories.ts'

const test = suite('sessions of the portal')
const story = storiesOf(test)
const executable = findChromium()
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

async function open(page: Page, path: string, heading: string): Promise<void> {
  await page.goto(`${portal.url}/portal${path}`)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

story('who has forgotten the password gets a link by mail, chooses another and logs in with it', async () => {
  await logIn(ana.page, `${portal.url}/portal`, { of: sipDomain, username: 'ana', password })
  const visitor = await visit(browser)
  const { page } = visitor
  await page.goto(`${portal.url}/portal?of=${sipDomain}`)
  await page.getByRole('link', { name: 'Forgotten your password?' }).click()
  await page.getByRole('heading', { name: 'A new password by mail' }).waitFor()
  await page.fill('[name=owner]', sipDomain)
  await page.fill('[name=username]', 'ana')
  await page.keyboard.press('Enter')
  await page.getByText('a link is on its way').waitFor()
  let path = ''
  await until(
    'the mail has come',
    async () => {
      const names = existsSync(portal.mailFolder) ? readdirSync(portal.mailFolder) : []
      for (const name of names.filter((one) => one.endsWith('.eml'))) {
        const { text = '' } = await simpleParser(readFileSync(join(portal.mailFolder, name)))
        path = /\/portal\/new-password#\S+/.exec(text)?.[0] ?? path
      }
      return path !== ''
    },
    timeoutMs,
  )
  await page.goto(portal.url + path)
  const chosen = 'another password of the tests'
  await page.fill('[name=newPassword]', chosen)
  await page.keyboard.press('Enter')
  await page.getByText('Your new password is set. Log in with it.').waitFor()
  await page.goto(`${portal.url}/portal/new-password${path.slice(path.indexOf('#'))}`)
  await page.reload()
  await page.fill('[name=newPassword]', 'a third one of the tests')
  await page.keyboard.press('Enter')
  await page.getByText('This link is not valid any more. Ask for a new one.').waitFor()
  // The browser itself tells of the refusal.
  assert.is(visitor.complaints.splice(0).length, 1)
  await logIn(page, `${portal.url}/portal`, { of: sipDomain, username: 'ana', password: chosen })
  await sees(page, 'Overview')
  assert.equal(visitor.complaints, [])
  await visitor.context.close()
  // Her other log-ins have ended, of which her browser tells.
  await logIn(ana.page, `${portal.url}/portal`, { of: sipDomain, username: 'ana', password: chosen })
  assert.equal(
    ana.complaints.splice(0).filter((complaint) => !complaint.includes('401')),
    [],
  )
})

story('a page that is open while the service restarts goes on by itself', async () => {
  const { page } = ana
  await open(page, '/running-calls', 'Running calls')
  await sees(page, 'No call is running.')
  const { brandId } = await portal.http('GET', `/v1/clients/${portal.clientId}`)
  const olga = { username: 'olga', name: 'Olga', password, role: 'owner' }
  await portal.http('POST', `/v1/brands/${brandId}/admins`, olga)
  const operator = await visit(browser)
  await logIn(operator.page, `${portal.url}/console`, { of: 'Example Telecom', username: 'olga', password })
  await sees(operator.page, 'Calls in conversation 0')
  await portal.restart()
  const leg = { callId: 'live-2', client: sipDomain, from: '+34911000111', to: '+34600777666' }
  const startedAt = new Date().toISOString()
  await portal.http('POST', '/v1/call-events', { kind: 'start', ...leg, startedAt, answeredAt: startedAt })
  await sees(page, '+34600777666')
  await sees(operator.page, 'Calls in conversation 1')
  await operator.context.close()
  assert.is(await page.getByText('No connection.').isVisible(), false)
  // A connection that was refused is no fault of the page's.
  const others = ana.complaints.filter((complaint) => !/ERR_|503/.test(complaint))
  assert.equal(others, [])
})

story('a page that is opened while the service starts waits for it, and says so', async () => {
  const { page } = ana
  await open(page, '', 'Overview')
  const banner = page.getByText('No connection.')
  const late = await ana.context.newPage()
  await portal.restart(async (port) => {
    const starting = await openWaitingServer({ host: '127.0.0.1', port }, () => ({ postgres: 'starts' }))
    await page.getByRole('link', { name: 'Calls', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor()
    await banner.waitFor()
    assert.is(await page.locator('.notice.bad').count(), 0)
    await late.goto(`${portal.url}/portal/calls`)
    await late.getByText('The service is starting.').waitFor()
    await starting.close()
  })
  await late.locator('.table').waitFor()
  await late.close()
  await page.locator('.table').waitFor()
  await until('the banner is gone', async () => !(await banner.isVisible()), timeoutMs)
  ana.complaints.splice(0)
})

story('who logs out is out in every tab, and the way back asks for a log-in', async () => {
  const { page } = ana
  const other = await ana.context.newPage()
  await other.goto(`${portal.url}/portal/calls`)
  await other.locator('.table').waitFor()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByRole('heading', { name: 'Log in to your portal' }).waitFor()
  await other.reload()
  await other.getByRole('heading', { name: 'Log in to your portal' }).waitFor()
  const cookies = await ana.context.cookies(`${portal.url}/v1`)
  assert.equal(cookies, [])
})

test.run()
