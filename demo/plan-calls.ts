/**
 * Which calls are played? A script that is the same for the same seed: who calls where, for how long, and in how
 * untidy a manner the switch tells of it.
 */
import type { Destination } from './list-destinations.ts'
import { type Random, seededRandom } from './seeded-random.ts'
import type { DemoClient } from './set-up-brand.ts'

/** In which order the events of a call reach the service. */
export type Manner = 'start, end' | 'start, answer, end' | 'end, start' | 'end alone'

export interface PlannedCall {
  callId: string
  /** SIP domain of the client; one of nobody among them. */
  domain: string
  client: DemoClient | null
  direction: 'outbound' | 'inbound'
  from: string
  to: string
  sourceIp: string
  toClientDomain: string | null
  forwardedFrom: string | null
  isAnswered: boolean
  ringSeconds: number
  durationSeconds: number
  manner: Manner
  asksTwice: boolean
  endsTwice: boolean
  /** The caller hangs up before the switch has placed the leg: the grant is handed back. */
  isGivenUp: boolean
  /** The switch places the leg although it was told not to. */
  runsDespiteDenial: boolean
}

export function planCalls(of: {
  calls: number
  run: string
  clients: readonly DemoClient[]
  destinations: readonly Destination[]
  seed: number
}): PlannedCall[] {
  const random = seededRandom(of.seed)
  const planned: PlannedCall[] = []
  const numbers = new NumberBook(of.destinations, of.clients, random)
  const shares = of.clients.reduce((sum, { share }) => sum + share, 0)
  const add = (client: DemoClient, changes: Partial<PlannedCall> = {}) => {
    const callId = `${of.run}-${String(planned.length + 1).padStart(5, '0')}@demo-switch`
    const call = { ...anyCall(client, numbers.numberFor(client), random), callId, ...changes }
    planned.push(call)
    return call
  }
  while (planned.length < of.calls) {
    const client = pickByShare(of.clients, shares, random)
    const left = of.calls - planned.length
    const colleague = of.clients.find((one) => one !== client && one.corporation === client.corporation)
    const chance = random.share()
    if (chance < 0.08) {
      const call = add(client, {
        direction: 'inbound',
        from: numbers.numberFor(client),
        to: ownNumber(client),
      })
      // Every third of them is forwarded: another leg, which the forwarder pays.
      if (left > 1 && random.isOneIn(3)) add(client, { from: call.from, forwardedFrom: call.callId })
    } else if (chance < 0.09) add(client, { to: '112' })
    else if (chance < 0.105) add(client, { to: random.pick(['reception', '+34 911', '', 'anonymous']) })
    else if (chance < 0.115) add(client, { client: null, domain: 'nobody.example.com' })
    else if (chance < 0.125) add(client, { to: `+999${random.between(10_000_000, 99_999_999)}` })
    else if (chance < 0.132) add(client, { to: `+8816${random.between(10_000_000, 99_999_999)}` })
    else if (chance < 0.3 && colleague && client.corporation !== undefined) {
      add(client, { to: ownNumber(colleague), toClientDomain: colleague.sipDomain })
    } else if (client.maxCalls) {
      // All at once, so that its lines do not suffice.
      for (let i = 0; i < Math.min(4, left); i += 1) add(client)
    } else add(client, { runsDespiteDenial: client.hasNoProfile === true && random.isOneIn(8) })
  }
  return planned
}

function anyCall(client: DemoClient, to: string, random: Random): Omit<PlannedCall, 'callId'> {
  const isAnswered = !random.isOneIn(8)
  return {
    domain: client.sipDomain,
    client,
    direction: 'outbound',
    from: ownNumber(client),
    to,
    sourceIp: client.authorizedSource && random.isOneIn(9) ? '198.51.100.23' : '203.0.113.10',
    toClientDomain: null,
    forwardedFrom: null,
    isAnswered,
    ringSeconds: random.between(2, 25),
    durationSeconds: isAnswered ? callSeconds(client.longestCallSeconds ?? 1200, random) : 0,
    manner: random.isOneIn(9) ? 'end, start' : random.pick(usualManners),
    asksTwice: random.isOneIn(25),
    endsTwice: random.isOneIn(25),
    isGivenUp: random.isOneIn(50),
    runsDespiteDenial: false,
  }
}

const usualManners: readonly Manner[] = [
  'start, end',
  'start, end',
  'start, end',
  'start, answer, end',
  'end alone',
]

/** Most calls are short, a few are long. */
function callSeconds(longest: number, random: Random): number {
  return 1 + Math.floor((longest - 1) * random.share() ** 3)
}

function pickByShare(clients: readonly DemoClient[], shares: number, random: Random): DemoClient {
  let left = random.share() * shares
  for (const client of clients) {
    left -= client.share
    if (left < 0) return client
  }
  return random.pick(clients)
}

const ownNumbers: Record<string, string> = {
  ES: '+34911000',
  GB: '+442079460',
  US: '+12125550',
  JP: '+81355500',
  DE: '+493090182',
  CL: '+56225550',
  LT: '+37052000',
  IN: '+911155500',
}

function ownNumber(client: DemoClient): string {
  return `${ownNumbers[client.countryCode]}${String(100 + (client.name.length % 9) * 11)}`
}

class NumberBook {
  readonly #prefixes = new Map<string, string[]>()
  readonly #random: Random

  constructor(destinations: readonly Destination[], clients: readonly DemoClient[], random: Random) {
    this.#random = random
    for (const country of clients.flatMap(({ calls }) => calls)) this.#prefixes.set(country, [])
    for (const { country, prefix } of destinations) this.#prefixes.get(country)?.push(prefix)
  }

  /** A made-up number behind a real prefix; three ways to write an international one. */
  numberFor(client: DemoClient): string {
    const random = this.#random
    // The first country half the time, the second half of the rest, and so on.
    let choice = 0
    while (choice < client.calls.length - 1 && random.isOneIn(2)) choice += 1
    const prefix = random.pick(this.#prefixes.get(client.calls[choice] ?? '') ?? [])
    const missing = Math.max(3, 11 - prefix.length)
    const number = prefix + String(random.between(10 ** (missing - 1), 10 ** missing - 1))
    return random.isOneIn(6) ? `00${number}` : random.isOneIn(10) ? number : `+${number}`
  }
}
