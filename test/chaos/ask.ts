/**
 * One request to a replica, as somebody with the key of the platform.
 */
export const key = 'a-key-for-the-chaos'

export interface Asked {
  status: number
  body: Record<string, unknown>
}

/** Throws where nothing answers in time. */
export async function ask(
  url: string,
  method: string,
  path: string,
  {
    body,
    idempotencyKey,
    timeoutMs = 5000,
  }: { body?: unknown; idempotencyKey?: string; timeoutMs?: number } = {},
): Promise<Asked> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  })
  return { status: answer.status, body: (await answer.json()) as Asked['body'] }
}

/** Throws where the answer is none of success. */
export async function must(
  url: string,
  method: string,
  path: string,
  body: unknown,
): Promise<{ id: string }> {
  const answer = await ask(url, method, path, { body, timeoutMs: 30_000 })
  if (answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body as { id: string }
}
