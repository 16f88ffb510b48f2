/**
 * `npm run demo`: the service on real servers, a brand with a dozen clients, and some thousand calls played as a
 * SIP engine would, told from the rate sheet to the last sum. The service stays up; with `--once` it ends, with 0
 * only if every sum adds up.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import pino from 'pino'
import { errorMessage } from '../src/errors.ts'
import { openLog } from '../src/logging/open-log.ts'
import { loadConfig } from '../src/process/config.ts'
import { stopOnSignals } from '../src/process/stop-on-signals.ts'
import { type Service, startService } from '../src/service.ts'
import { checkSums, type Reckoning } from './check-sums.ts'
import { giveBundles } from './give-bundles.ts'
import { keepCalling } from './keep-calling.ts'
import { countryName, listDestinations } from './list-destinations.ts'
import { issueLastMonth, openDoors } from './open-doors.ts'
import { planCalls } from './plan-calls.ts'
import { playCalls } from './play-calls.ts'
import { playHistory } from './play-history.ts'
import { printHowToGoOn, printReport, whole } from './report.ts'
import { openServiceApi, type ServiceApi } from './service-api.ts'
import { deckSheets, findOrMakeBrand, makeClients, nextRun, publishPlan } from './set-up-brand.ts'
import { openSipEngine } from './sip-engine.ts'
import { labelWidth, openTerminal } from './terminal.ts'

const { once, calls } = new Command()
  .name('npm run demo --')
  .description('Plays calls against the service on real servers and shows what they come to.')
  .option('--once', 'end afterwards: 0 if every sum adds up, else 1', false)
  .option('--calls <number>', 'how many calls to play', readCount, 3000)
  .parse()
  .opts<{ once: boolean; calls: number }>()

const terminal = openTerminal(process.stdout)
const { say, bold, dim } = terminal
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
const line = (label: string, sentence: string) => say(`  ${dim(label.padEnd(labelWidth))}${sentence}`)
const mailDeadlineMs = 5000
let isOver = false
let starting: ReturnType<typeof startService> | undefined

async function main(): Promise<boolean> {
  const key = process.env.BOOTSTRAP_API_KEY || `demo-${randomBytes(12).toString('hex')}`
  const config = loadConfig({ ...process.env, BOOTSTRAP_API_KEY: key })
  mkdirSync(config.dataDir, { recursive: true })
  const log = openLog('info', pino.destination(join(config.dataDir, 'demo.log')))
  const mailFolder = join(config.dataDir, 'mail')
  const mailsBefore = new Set(listMails(mailFolder))

  say()
  say(`  ${bold('Tollgate')}  ${dim('a brand, a dozen clients, and a switch that calls')}`)
  say()
  const startedAt = performance.now()
  const started = startService(config, log)
  starting = started
  stopOnSignals({
    maxMs: 15_000,
    stop() {
      isOver = true
      return started.close()
    },
    onFault: (error) => process.stderr.write(`\n${errorMessage(error)}\n`),
  })
  const service = await started.ready
  service.failed.then((reason) => {
    if (isOver) return
    process.stderr.write(`\n${reason}\n`)
    process.exitCode = 1
    return started.close()
  })
  line('Service', `${service.url}, up in ${seconds(performance.now() - startedAt)}`)
  const servers = [config.databaseUrl ? '' : 'PostgreSQL', config.natsUrl ? '' : 'NATS'].filter(Boolean)
  if (servers.length > 0) line('Servers', `${servers.join(' and ')} of its own under ${show(config.dataDir)}`)

  const api = openServiceApi(service.url, key)
  const reckoning = await play(service, api)
  const mails = await newMails(mailFolder, mailsBefore, reckoning)
  printReport(terminal, {
    ...reckoning,
    mails: config.smtpUrl === null ? { folder: show(mailFolder), names: mails } : null,
  })
  const client = reckoning.reckoning.clients[0]?.client
  if (client && !once) {
    const { url } = service
    const natsUrl = service.nats?.users?.engine ?? service.natsUrl
    const shown = { url, natsUrl, key, client, dataDir: show(config.dataDir), now: Date.now() }
    printHowToGoOn(terminal, { ...shown, logIns: config.isWebOn ? reckoning.logIns : [] })
    reckoning.goOn()
  }
  const addsUp = reckoning.reckoning.checks.every(({ holds }) => holds)
  say()
  if (once) {
    isOver = true
    await reckoning.endCalls()
    await started.close()
  } else say(dim('  The service stays up. Ctrl-C ends it and its servers.\n'))
  return addsUp
}

async function play(service: Service, api: ServiceApi) {
  const destinations = listDestinations()
  const countries = new Set(destinations.map(({ country }) => countryName(country)))
  line(
    'Rate sheet',
    `${whole(destinations.length)} real prefixes of ${countries.size} countries; prices are synthetic`,
  )
  const brandId = await findOrMakeBrand(api)
  const ratingPlanIds = new Map<string, string>()
  for (const [currency, sheet] of deckSheets(destinations)) {
    const progress = terminal.progress(`Import ${currency}`, sheet.split('\n').length - 2)
    const { ratingPlanId, outcome } = await publishPlan(api, { brandId, currency, sheet }, ({ rowsRead }) =>
      progress.update(rowsRead, `${whole(rowsRead)} rows`),
    )
    ratingPlanIds.set(currency, ratingPlanId)
    const isKnown = outcome.added === 0 && outcome.unchanged > 0
    progress.done(`${whole(outcome.rows)} rows ${isKnown ? 'unchanged' : 'added'} in ${seconds(outcome.ms)}`)
  }
  const run = await nextRun(api, brandId)
  const clients = await makeClients(api, { brandId, run, ratingPlanIds, plannedCalls: calls })
  line(
    'Clients',
    `${clients.length} of four billing methods, four currencies and ${zonesOf(clients)} time zones`,
  )

  const users = service.nats?.users
  const engine = await openSipEngine({
    engine: users?.engine ?? service.natsUrl,
    onlooker: users?.operator ?? service.natsUrl,
  })
  const before = { run: `demo${run}`, clients, destinations, seed: run, now: Date.now() }
  const told = await playHistory(engine, { ...before, calls: calls * 2 })
  line('History', `${whole(told)} calls since the beginning of last month`)
  const planned = planCalls({ calls, run: `demo${run}`, clients, destinations, seed: run })
  const progress = terminal.progress('Calls', planned.length)
  const book = await playCalls(
    engine,
    planned,
    (clientId, callId) => api.remove(`/v1/authorizations/${clientId}/${encodeURIComponent(callId)}`),
    ({ calls: played }) =>
      progress.update(played.length, `${whole(played.length)} of ${whole(planned.length)}`),
  )
  await engine.untilSettled()
  progress.done(
    `${whole(book.calls.length)} asked for and ${whole(book.eventsTold)} events told in ${seconds(book.playedMs)}`,
  )
  const reckoning = await checkSums(api, engine, clients, book)
  const bundles = await giveBundles(api, { brandId, clients })
  line('Bundles', `${bundles.name} for ${bundles.given} clients`)
  const [first] = clients
  const of = first && { brandId, client: first, run }
  if (of) await issueLastMonth(api, of)
  return {
    book,
    reckoning,
    logIns: of ? await openDoors(api, of) : [],
    /** Until the service ends. */
    goOn() {
      keepCalling(engine, { run: `demo${run}`, clients, destinations, seed: run }).catch(() => engine.close())
    },
    endCalls: () => engine.close(),
  }
}

function zonesOf(clients: readonly { timeZone: string }[]): number {
  return new Set(clients.map(({ timeZone }) => timeZone)).size
}

function listMails(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : []
}

/** A mail follows the limit within two seconds. */
async function newMails(
  folder: string,
  before: ReadonlySet<string>,
  { reckoning }: { reckoning: Reckoning },
): Promise<string[]> {
  const due = reckoning.clients.filter(({ limitReachedAt }) => limitReachedAt !== null).length
  const deadline = performance.now() + mailDeadlineMs
  for (;;) {
    const names = listMails(folder).filter((name) => !before.has(name))
    if (names.length >= due || performance.now() > deadline) return names
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function show(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : `./${short}`
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 to 999999.')
  return Number(text)
}

main().then(
  (addsUp) => {
    if (!addsUp) process.exitCode = 1
    if (once) process.exit()
  },
  async (error) => {
    isOver = true
    await starting?.close()
    process.stderr.write(
      `\nThe demo cannot go on.\n${error instanceof Error ? error.message : String(error)}\n`,
    )
    process.exit(1)
  },
)
