/**
 * Calls that go on while the demo stays up: a few lines of the switch that place one call after the other, in real time,
 * so that what the pages show moves.
 */
import type { Destination } from './list-destinations.ts'
import { type PlannedCall, planCalls } from './plan-calls.ts'
import type { DemoClient } from './set-up-brand.ts'
import type { SipEngine } from './sip-engine.ts'

const lines = 6
const callsOfRound = 500
const maxRingSeconds = 8
const maxTalkSeconds = 180
const pauseSeconds = 5

/** Never ends by itself; a broker that goes away ends it. */
export async function keepCalling(
  engine: SipEngine,
  of: { run: string; clients: readonly DemoClient[]; destinations: readonly Destination[]; seed: number },
): Promise<void> {
  for (let round = 1; ; round += 1) {
    const waiting = planCalls({
      ...of,
      calls: callsOfRound,
      run: `${of.run}-live${round}`,
      seed: of.seed + round,
    })
    const line = async (number: number) => {
      // Lines that begin together would end together.
      await seconds(number * 3)
      for (let call = waiting.shift(); call; call = waiting.shift()) {
        await placeCall(engine, call)
        await seconds(pauseSeconds)
      }
    }
    await Promise.all(Array.from({ length: lines }, (_, number) => line(number)))
  }
}

async function placeCall(engine: SipEngine, call: PlannedCall): Promise<void> {
  const leg = {
    callId: call.callId,
    client: call.domain,
    direction: call.direction,
    from: call.from,
    to: call.to,
    engine: 'demo-switch',
    ...(call.toClientDomain !== null && { toClient: call.toClientDomain }),
  }
  const { answer } = await engine.authorize({ ...leg, sourceIp: call.sourceIp })
  if (!answer.allowed) return
  const startedAt = new Date().toISOString()
  await engine.tell('start', { ...leg, startedAt })
  await seconds(Math.min(call.ringSeconds, maxRingSeconds))
  let answeredAt: string | null = null
  if (call.isAnswered) {
    answeredAt = new Date().toISOString()
    await engine.tell('answer', { callId: leg.callId, client: leg.client, answeredAt })
    await seconds(Math.min(call.durationSeconds, maxTalkSeconds, answer.maxDurationSeconds))
  }
  await engine.tell('end', {
    ...leg,
    startedAt,
    answeredAt,
    endedAt: new Date().toISOString(),
    cause: answeredAt === null ? 19 : 16,
  })
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000))
}
