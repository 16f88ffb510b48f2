/**
 * A `fetch` that sends a request again where that is harmless: nobody answered, or the service was busy for a moment.
 *
 * Harmless are reads, replacements and removals, and what carries an `Idempotency-Key`: the same key and body get the first
 * answer. A POST of JSON without a key gets one, so that money moves once however often it is sent; a log-in does not, since
 * each one is another. Streams are never sent again.
 */
export interface RetrySettings {
  /** Times that a request is sent at most; 4 where nothing is said. */
  tries?: number
  /** Before the second try; doubled each time. `Retry-After` of the service holds over it. */
  waitMs?: number
  /** Another `fetch` underneath. */
  fetch?: typeof fetch
}

const busy: ReadonlySet<number> = new Set([429, 502, 503, 504])
const alwaysHarmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])
/** Their answers are remembered nowhere. */
const neverRepeated = /\/v1\/(sessions|api-keys)/
const maxWaitMs = 30_000

export function withRetries(settings: RetrySettings = {}): typeof fetch {
  const { tries = 4, waitMs = 250, fetch: send = fetch } = settings
  return async (input, init = {}) => {
    const headers = new Headers(init.headers)
    const method = (init.method ?? 'GET').toUpperCase()
    const isText = init.body === undefined || init.body === null || typeof init.body === 'string'
    const mayHaveKey = method === 'POST' && isText && !neverRepeated.test(String(input))
    if (mayHaveKey && !headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID())
    const isHarmless = isText && (alwaysHarmless.has(method) || headers.has('idempotency-key'))
    for (let tried = 1; ; tried++) {
      const isLast = !isHarmless || tried >= tries
      const response = await send(input, { ...init, headers }).catch((error: unknown) => {
        if (isLast || init.signal?.aborted) throw error
        return undefined
      })
      if (response && (isLast || !busy.has(response.status))) return response
      await response?.body?.cancel()
      await pause(response, waitMs * 2 ** (tried - 1), init.signal ?? undefined)
    }
  }
}

function pause(
  response: Response | undefined,
  usualMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const asked = Number(response?.headers.get('retry-after') ?? Number.NaN) * 1000
  const ms = Math.min(maxWaitMs, Number.isFinite(asked) ? asked : usualMs)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
