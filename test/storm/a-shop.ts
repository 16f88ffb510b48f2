/**
 * An operator with some clients, and an engine that behaves as `docs/engines.md` asks: it gives an authorization up after
 * 500 ms, asks the other replica once, and sends the end of a call until it is acknowledged.
 */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Shop {
  /** Places and ends calls until then; resolves when the last end is acknowledged. */
  callUntil(end: number, perSecond: number): Promise<void>
  /** Every call whose end was acknowledged is priced. */
  isSettled(): Promise<boolean>
  figures(recoveredMs: number, restarts: number): string
}

const clientCount = 10

export async function openShop(urls: readonly string[], key: string): Promise<Shop> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const send = (url: string, method: string, path: string, body?: unknown, timeoutMs = 10_000) =>
    fetch(`${url}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const [first = ''] = urls
  const must = async (method: string, path: string, body?: unknown) => {
    const answer = await send(first, method, path, body)
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }

  const brand = await must('POST', '/v1/brands', { name: 'Storm', currency: 'EUR' })
  const deck = await must('POST', '/v1/rate-decks', { brandId: brand.id, name: 'deck', currency: 'EUR' })
  await must('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    { prefix: '34', steps: [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 1 }] },
  ])
  const plan = await must('POST', '/v1/rating-plans', {
    brandId: brand.id,
    name: 'plan',
    currency: 'EUR',
    timeZone: null,
    entries: [{ rateDeckId: deck.id, weight: 10, days: null, from: '00:00', to: '24:00' }],
  })
  const domains: string[] = []
  for (let n = 0; n < clientCount; n++) {
    const sipDomain = `storm-${n}.example.com`
    const client = await must('POST', '/v1/clients', {
      brandId: brand.id,
      name: sipDomain,
      sipDomain,
      billingMethod: 'prepaid',
    })
    const settings = { ratingPlanId: plan.id, activatesAt: '2026-01-01T00:00:00Z' }
    await must('POST', `/v1/clients/${client.id}/rating-profiles`, settings)
    const topUp = { amount: '100000', kind: 'top-up', reference: 'storm' }
    await must('POST', `/v1/clients/${client.id}/balance-movements`, topUp)
    domains.push(sipDomain)
  }

  const accepted = new Set<string>()
  const authorizeMs: number[] = []
  const answers = { granted: 0, denied: 0, none: 0 }
  let calls = 0

  async function authorize(callId: string, client: string): Promise<void> {
    for (const url of urls) {
      const askedAt = performance.now()
      try {
        const answer = await send(
          url,
          'POST',
          '/v1/authorizations',
          { callId, client, to: '+34600111222' },
          500,
        )
        const { allowed } = (await answer.json()) as { allowed?: boolean }
        if (allowed) answers.granted += 1
        else answers.denied += 1
        return
      } catch {
        answers.none += 1
      } finally {
        authorizeMs.push(performance.now() - askedAt)
      }
    }
  }

  async function endCall(callId: string, client: string): Promise<void> {
    const now = Date.now()
    const at = (ms: number) => new Date(now + ms).toISOString()
    const times = { startedAt: at(-12_000), answeredAt: at(-10_000), endedAt: at(-1000) }
    const event = { kind: 'end', callId, client, from: '+34911000111', to: '+34600111222', ...times }
    for (let attempt = 0; ; attempt++) {
      const url = urls[attempt % urls.length] ?? ''
      try {
        const answer = await send(url, 'POST', '/v1/call-events', event, 3000)
        if (answer.status === 202) break
      } catch {
        // Sent again, as an engine would.
      }
      await sleep(100)
    }
    accepted.add(callId)
  }

  return {
    async callUntil(end, perSecond) {
      const running = new Set<Promise<void>>()
      for (let beganAt = Date.now(); Date.now() < end; await sleep(10)) {
        const due = Math.floor(((Date.now() - beganAt) / 1000) * perSecond)
        // A trunk has its size: what finds no room on it is not placed.
        while (calls < due && running.size < 150) {
          const callId = `storm-${++calls}`
          const client = domains[calls % domains.length] ?? ''
          const call = authorize(callId, client).then(() => endCall(callId, client))
          running.add(call)
          void call.finally(() => running.delete(call))
        }
      }
      await Promise.all(running)
    },
    async isSettled() {
      await sleep(200)
      const priced = new Set<string>()
      let cursor: string | null = ''
      while (cursor !== null) {
        const path: string = `/v1/calls?status=priced&limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
        const answer = await send(first, 'GET', path)
        if (!answer.ok) return false
        const page = (await answer.json()) as { data: { callId: string }[]; nextCursor: string | null }
        for (const { callId } of page.data) priced.add(callId)
        cursor = page.nextCursor
      }
      return [...accepted].every((callId) => priced.has(callId))
    },
    figures(recoveredMs, restarts) {
      const sorted = authorizeMs.sort((one, other) => one - other)
      const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
      return (
        `${calls} calls, ${restarts} restarts; authorizations granted ${answers.granted}, denied ${answers.denied}, ` +
        `unanswered within 500 ms ${answers.none}; p50 ${at(0.5)}, p99 ${at(0.99)} ms; ` +
        `all settled ${Math.round(recoveredMs)} ms after the last fault`
      )
    },
  }
}
