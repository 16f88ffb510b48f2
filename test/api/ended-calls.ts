/**
 * Ends of calls as engines tell them, settled at once.
 */
import { readEventMessage } from '../../src/calls/call-messages.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { must, type TestApi } from './test-api.ts'

export interface EndedCall {
  callId: string
  client: string
  to: string
  startedAt: string
  answeredAt: string | null
  endedAt: string
  labels?: Record<string, string>
  carrier?: string
}

export async function settleEnded(api: TestApi, calls: readonly EndedCall[]): Promise<void> {
  const events = calls.map((body) => {
    const event = readEventMessage(
      'end',
      { from: '+34911000111', ...body },
      {
        subject: 'calls.end',
        body: '{}',
        subjectClient: null,
        brandId: null,
        receivedAt: Date.now(),
        deliveries: 1,
      },
    )
    if ('badInstant' in event) throw new Error(event.badInstant)
    return event
  })
  await settleCalls(api.callsContext, { events, undeliverable: [] })
}

/** A call that rang at `at` and lasted so many seconds; null: nobody answered. */
export function endedCall(
  client: string,
  call: { callId: string; to: string; at: string; seconds: number | null; labels?: Record<string, string> },
): EndedCall {
  const { callId, to, at, seconds, labels } = call
  const after = (s: number) => new Date(Date.parse(at) + s * 1000).toISOString()
  return {
    callId,
    client,
    to,
    startedAt: after(0),
    answeredAt: seconds === null ? null : after(0),
    endedAt: after(seconds ?? 20),
    ...(labels ? { labels } : {}),
  }
}

/** A brand's deck with one rate for all numbers, sold to the client since the beginning of 2025. */
export async function sellEverything(
  api: TestApi,
  { brandKey, clientId }: { brandKey: string; clientId: string },
): Promise<void> {
  const send = (method: 'POST' | 'PUT', path: string, body: unknown) =>
    must(api.send(method, path, { key: brandKey, body }))
  const deck = await send('POST', '/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    { prefix: '*', destination: 'World', steps: [{ rate: '0.06', perSeconds: 60, incrementSeconds: 1 }] },
  ])
  const plan = await send('POST', '/v1/rating-plans', {
    name: 'Plan',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  await send('POST', `/v1/clients/${clientId}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2025-01-01T00:00:00Z',
  })
}
