/**
 * What a person reads at the end: what was asked and answered, what each client spent, whether everything adds
 * up, and how to go on.
 */
import type { Decimal } from '../src/money.ts'
import type { Reckoning } from './check-sums.ts'
import type { LogIn } from './open-doors.ts'
import type { SwitchBook } from './play-calls.ts'
import type { DemoClient } from './set-up-brand.ts'
import { labelWidth, type Terminal } from './terminal.ts'
import { textTable } from './text-table.ts'

export interface Report {
  book: SwitchBook
  reckoning: Reckoning
  /** Names of the mails written in this run; null: they went to an SMTP server. */
  mails: { folder: string; names: readonly string[] } | null
}

export function printReport(terminal: Terminal, report: Report): void {
  printAnswers(terminal, report)
  printClients(terminal, report)
  printChecks(terminal, report)
  printMails(terminal, report)
}

function printAnswers(terminal: Terminal, { book, reckoning }: Report): void {
  const { say, bold, dim } = terminal
  const allowed = book.calls.filter(({ denial }) => denial === null).length
  const denials = new Map<string, number>()
  for (const { denial } of book.calls)
    if (denial !== null) denials.set(denial, (denials.get(denial) ?? 0) + 1)
  const told = (status: string) => book.calls.filter(({ expected }) => expected?.status === status).length
  const rejected = reckoning.clients.reduce((sum, client) => sum + client.rejected, 0)
  const priced = reckoning.clients.reduce((sum, client) => sum + client.priced, 0)
  const outcomes: [string, number][] = [
    ['priced', priced],
    ['unpriced: inbound, internal, 112', told('unpriced')],
    ['unanswered', told('unanswered')],
    ['rejected', rejected],
    ['handed back before they rang', book.handedBack],
  ]
  const reasons = [...denials].sort(([, one], [, other]) => other - one)
  say()
  say(bold('  Calls'))
  say()
  const left = [figure(allowed, 'allowed'), ...outcomes.map(([name, times]) => figure(times, name))]
  const right = [
    figure(book.calls.length - allowed, 'denied'),
    ...reasons.map(([reason, times]) => figure(times, reason)),
  ]
  for (let row = 0; row < Math.max(left.length, right.length); row += 1) {
    const line = `${(left[row] ?? '').padEnd(44)}${right[row] ?? ''}`.trimEnd()
    say(row === 0 ? line : dim(line))
  }
  say()
  const sorted = [...book.latencies].sort((one, other) => one - other)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  say(
    `  ${dim('Authorize'.padEnd(labelWidth))}p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, over NATS, 24 lines at once`,
  )
}

function figure(times: number, name: string): string {
  return `  ${whole(times).padStart(6)} ${name}`
}

const methods = { postpaid: 'postpaid', prepaid: 'prepaid', pseudoprepaid: 'pseudo', none: 'none' } as const

function printClients({ say, bold, dim, width }: Terminal, { reckoning }: Report): void {
  const isWide = width >= 110
  const columns = [
    { head: 'Client' },
    { head: 'Billing' },
    ...(isWide ? [{ head: 'Time zone' }] : []),
    ...(isWide ? [{ head: 'Asked', align: 'right' as const }] : []),
    { head: 'Denied', align: 'right' as const },
    { head: 'Priced', align: 'right' as const },
    { head: 'Spent', align: 'right' as const },
    { head: 'Balance', align: 'right' as const },
    { head: '' },
  ]
  const rows = reckoning.clients.map(({ client, asked, denied, priced, spent, balance }) => [
    client.name,
    methods[client.billingMethod],
    ...(isWide ? [client.timeZone] : []),
    ...(isWide ? [whole(asked)] : []),
    whole(denied),
    whole(priced),
    money(spent),
    money(balance),
    client.currency,
  ])
  say()
  say(bold('  Money'))
  say()
  for (const line of textTable(columns, rows, { head: dim, rule: dim })) say(`  ${line}`)
}

function printChecks({ say, bold, good, bad, dim }: Terminal, { reckoning }: Report): void {
  say()
  say(bold('  Sums'))
  say()
  const longest = Math.max(...reckoning.checks.map(({ claim }) => claim.length))
  for (const { claim, holds, detail } of reckoning.checks) {
    say(`  ${holds ? good('✓') : bad('✗')} ${claim.padEnd(longest)}  ${holds ? dim(detail) : bad(detail)}`)
  }
}

function printMails({ say, bold, dim }: Terminal, { mails, reckoning }: Report): void {
  say()
  say(bold('  Mails'))
  say()
  if (mails === null) say(`  ${dim('to the server of SMTP_URL')}`)
  else if (mails.names.length > 0) for (const name of mails.names) say(`  ${mails.folder}/${name}`)
  else say(`  ${dim('none: no daily limit was reached')}`)
  for (const { client, limitReachedAt } of reckoning.clients) {
    if (limitReachedAt === null) continue
    say(dim(`  ${client.name}: ${client.maxDailyUsage} ${client.currency} of the day reached, told once`))
  }
}

/** Commands that work as they stand: one call by hand, from the question to its price and the balance. */
export function printHowToGoOn(
  { say, bold, accent, dim }: Terminal,
  {
    url,
    natsUrl,
    key,
    client,
    dataDir,
    now,
    logIns,
  }: {
    url: string
    natsUrl: string
    key: string
    client: DemoClient
    dataDir: string
    now: number
    logIns: readonly LogIn[]
  },
): void {
  const label = (text: string) => dim(text.padEnd(labelWidth))
  const curl = (path: string, body?: object) =>
    [
      `curl -s -H 'Authorization: Bearer ${key}' '${url}${path}'`,
      ...(body ? [`-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`] : []),
    ].join(' ')
  const leg = {
    callId: `by-hand-${now}`,
    client: client.sipDomain,
    from: '+34911000111',
    to: '+34600111222',
  }
  const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString()
  say()
  say(bold('  Go on'))
  say()
  for (const { page, owner, username, password } of logIns) {
    const address = `${url}/${page}?of=${encodeURIComponent(owner)}`
    say(`  ${label(page === 'portal' ? 'Portal' : 'Console')}${accent(address)}`)
    say(`  ${label('')}${dim('user')} ${username}  ${dim('password')} ${password}`)
  }
  say(`  ${label('Service')}${accent(url)}   ${dim(`${url}/docs`)}`)
  say(`  ${label('NATS')}${natsUrl}   ${dim('an engine, inbox prefix _INBOX.engine')}`)
  say(`  ${label('API key')}${key}`)
  say(`  ${label('Log')}${dataDir}/demo.log`)
  say()
  say(dim('  May this call be placed? It ends after a minute. What did it cost? What is left?'))
  say()
  say(curl('/v1/authorizations', leg))
  say(
    curl('/v1/call-events', {
      kind: 'end',
      ...leg,
      direction: 'outbound',
      startedAt: at(65),
      answeredAt: at(60),
      endedAt: at(0),
    }),
  )
  say(curl(`/v1/calls/${client.id}/${leg.callId}`))
  say(curl(`/v1/clients/${client.id}/balance`))
}

export function whole(value: number): string {
  return value.toLocaleString('en').replaceAll(',', ' ')
}

/** As exact as calls are priced, so that the columns can be added up. */
function money(amount: Decimal): string {
  const [units = '', decimals = ''] = amount.toFixed(4).split('.')
  return `${units.replace(/\B(?=(\d{3})+$)/g, ' ')}.${decimals}`
}
