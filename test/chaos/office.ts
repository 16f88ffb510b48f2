/**
 * Issues invoices over HTTP, each of another day of one client, until each is issued: asked again after every answer that
 * was lost, by another replica.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './ask.ts'
import type { Shop } from './shop.ts'

export interface Office {
  /** `firstAt`: a replica that is to be asked first to issue it. */
  issue(firstAt?: string): Promise<void>
  /** First days of the periods of all invoices that are wanted. */
  days: readonly string[]
}

const firstDay = Date.parse('2010-01-01T00:00:00Z')
const dayMs = 86_400_000
const issueTimeoutMs = 120_000

export function openOffice({
  invoiced,
  replicaUrls,
  complaints,
}: {
  invoiced: Shop['invoiced']
  replicaUrls: () => string[]
  complaints: string[]
}): Office {
  const days: string[] = []
  let asked = 0

  /** The body of the answer with that status, whoever gives it. */
  async function insist(
    path: string,
    {
      status,
      body,
      idempotencyKey,
      firstAt,
    }: { status: number; body: unknown; idempotencyKey?: string; firstAt?: string },
  ): Promise<Record<string, unknown>> {
    const until = Date.now() + issueTimeoutMs
    let answered = 'nothing'
    for (let url = firstAt; Date.now() < until; url = undefined) {
      const urls = replicaUrls()
      url ??= urls[asked++ % urls.length]
      if (url !== undefined) {
        const answer = await ask(url, 'POST', path, {
          body,
          ...(idempotencyKey && { idempotencyKey }),
        }).catch(() => undefined)
        if (answer?.status === status) return answer.body
        if (answer) answered = JSON.stringify(answer)
      }
      await sleep(500)
    }
    throw new Error(`${path} was never answered with ${status}: ${answered}`)
  }

  return {
    days,
    async issue(firstAt) {
      const dayOf = (n: number) => new Date(firstDay + n * dayMs).toISOString().slice(0, 10)
      const n = days.length
      const [from, to] = [dayOf(n), dayOf(n + 1)]
      days.push(from)
      try {
        const body = { ...invoiced, from, to }
        const draft = await insist('/v1/invoices', { status: 201, body, idempotencyKey: `draft-of-${from}` })
        await insist(`/v1/invoices/${draft.id}/issue`, { status: 200, body: {}, ...(firstAt && { firstAt }) })
      } catch (error) {
        complaints.push(String(error))
      }
    },
  }
}
