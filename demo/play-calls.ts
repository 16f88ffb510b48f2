/**
 * Plays the planned calls as a switch would and keeps books of its own: what was answered, and what each call must
 * come to. Nothing here asks the service what it has made of them.
 */
import { type Decimal, zero } from '../src/money.ts'
import { expectedPrice } from './expected-price.ts'
import type { PlannedCall } from './plan-calls.ts'
import type { Answer, SipEngine } from './sip-engine.ts'

export interface BookedCall {
  planned: PlannedCall
  /** null: allowed. */
  denial: string | null
  /** What the service must show; null: nothing was told of it. */
  expected: { status: 'priced' | 'unpriced' | 'unanswered' | 'rejected'; price: Decimal | null } | null
}

export interface SwitchBook {
  calls: BookedCall[]
  /** Milliseconds of each request. */
  latencies: number[]
  eventsTold: number
  /** Repeats that were answered otherwise than the first time. */
  otherwiseAnswered: number
  handedBack: number
  playedMs: number
}

const callsAtOnce = 24

export async function playCalls(
  engine: SipEngine,
  planned: readonly PlannedCall[],
  handBack: (clientId: string, callId: string) => Promise<void>,
  onPlayed: (book: SwitchBook) => void,
): Promise<SwitchBook> {
  const book: SwitchBook = {
    calls: [],
    latencies: [],
    eventsTold: 0,
    otherwiseAnswered: 0,
    handedBack: 0,
    playedMs: 0,
  }
  const startedAt = performance.now()
  const waiting = [...planned]
  const line = async () => {
    for (let call = waiting.shift(); call; call = waiting.shift()) {
      book.calls.push(await playCall(call))
      book.playedMs = performance.now() - startedAt
      onPlayed(book)
    }
  }

  async function playCall(call: PlannedCall): Promise<BookedCall> {
    const now = Date.now()
    const request = {
      callId: call.callId,
      client: call.domain,
      direction: call.direction,
      from: call.from,
      to: call.to,
      sourceIp: call.sourceIp,
      toClient: call.toClientDomain,
      engine: 'demo-switch',
      ...(call.forwardedFrom !== null && { forwardedFrom: call.forwardedFrom }),
      // The talk is over when it is told of, so nobody has to wait for it.
      at: instant(now - (call.ringSeconds + call.durationSeconds) * 1000),
    }
    const { answer, ms } = await engine.authorize(request)
    book.latencies.push(ms)
    if (!answer.allowed && !call.runsDespiteDenial) {
      return { planned: call, denial: answer.reason, expected: null }
    }
    if (answer.allowed && call.asksTwice) {
      const repeat = await engine.authorize(request)
      book.latencies.push(repeat.ms)
      if (!isSameGrant(answer, repeat.answer)) book.otherwiseAnswered += 1
    }
    if (answer.allowed && call.isGivenUp) {
      await handBack(answer.clientId, call.callId)
      book.handedBack += 1
      return { planned: call, denial: null, expected: null }
    }
    const longest = answer.allowed ? answer.maxDurationSeconds : call.durationSeconds
    const durationSeconds = Math.min(call.durationSeconds, longest)
    await tellOf(call, durationSeconds, now)
    const denial = answer.allowed ? null : answer.reason
    return { planned: call, denial, expected: expectationOf(call, answer, durationSeconds) }
  }

  async function tellOf(call: PlannedCall, durationSeconds: number, endedAt: number): Promise<void> {
    const answeredAt = endedAt - durationSeconds * 1000
    const startedAt = instant(answeredAt - call.ringSeconds * 1000)
    const leg = {
      callId: call.callId,
      client: call.domain,
      direction: call.direction,
      from: call.from,
      to: call.to,
      engine: 'demo-switch',
      labels: { extension: call.callId.slice(-16, -13) },
      ...(call.toClientDomain !== null && { toClient: call.toClientDomain }),
      ...(call.forwardedFrom !== null && { forwardedFrom: call.forwardedFrom }),
    }
    const told = (kind: 'start' | 'answer' | 'end', event: object) => {
      book.eventsTold += 1
      return engine.tell(kind, event)
    }
    const answered = call.isAnswered ? { answeredAt: instant(answeredAt) } : {}
    const start = () =>
      told('start', { ...leg, startedAt, ...(call.manner === 'start, answer, end' ? {} : answered) })
    const end = () =>
      told('end', {
        ...leg,
        startedAt,
        answeredAt: call.isAnswered ? instant(answeredAt) : null,
        endedAt: instant(endedAt),
        cause: call.isAnswered ? 16 : 19,
      })
    if (call.manner.startsWith('start')) await start()
    if (call.manner === 'start, answer, end' && call.isAnswered) {
      await told('answer', { callId: call.callId, client: call.domain, answeredAt: instant(answeredAt) })
    }
    await end()
    if (call.manner === 'end, start') await start()
    if (call.endsTwice) await end()
  }

  await Promise.all(Array.from({ length: callsAtOnce }, line))
  return book
}

function expectationOf(call: PlannedCall, answer: Answer, durationSeconds: number): BookedCall['expected'] {
  if (!call.isAnswered) return { status: 'unanswered', price: zero }
  if (!answer.allowed) return { status: 'rejected', price: null }
  if (call.direction === 'inbound' || answer.rate === null) return { status: 'unpriced', price: null }
  return { status: 'priced', price: expectedPrice(answer.rate, durationSeconds) }
}

function isSameGrant(one: Answer, other: Answer): boolean {
  // A service out of breath contradicts nobody.
  if (!other.allowed && other.reason === 'service_unavailable') return true
  return one.allowed && other.allowed && one.maxDurationSeconds === other.maxDurationSeconds
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
