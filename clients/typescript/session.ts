/**
 * A client with the log-in of a person: of a client's admin, or of a brand's. Its access token is renewed before it ends,
 * and once more where it was refused; however many requests wait, one renewal is made for all of them.
 */
import { createClient, type Tollgate, TollgateProblem } from './client.ts'

interface Tokens {
  accessToken: string
  refreshToken: string
  /** Epoch milliseconds. */
  endsAt: number
}

export interface SessionSettings {
  url: string
  /** A client's id or SIP domain, or a brand's id or name. */
  login: ({ client: string } | { brand: string }) & { username: string; password: string }
  /** Another `fetch` underneath, such as `withRetries()`. */
  fetch?: typeof fetch
}

export interface Session {
  tollgate: Tollgate
  /** Logs out. */
  close(): Promise<void>
}

/** Renewed so long before its end. */
const marginMs = 30_000

/** Throws `TollgateProblem` with 401 where the log-in is wrong. */
export async function openSession({ url, login, fetch: send = fetch }: SessionSettings): Promise<Session> {
  const open = createClient({ url, key: 'none', fetch: withoutKey(send) })
  let tokens = readTokens(await open('POST /v1/sessions', { body: login }))
  let renewing: Promise<void> | undefined

  function renew(): Promise<void> {
    renewing ??= open('POST /v1/sessions/refresh', { body: { refreshToken: tokens.refreshToken } })
      .then((fresh) => {
        tokens = readTokens(fresh)
      })
      .finally(() => {
        renewing = undefined
      })
    return renewing
  }

  const sendAsPerson: typeof fetch = async (input, init = {}) => {
    if (renewing || tokens.endsAt - marginMs < Date.now()) await renew()
    const used = tokens.accessToken
    const answer = await send(input, withToken(init, used))
    // Streams cannot be sent again.
    const mayRepeat = typeof (init.body ?? '') === 'string'
    if (answer.status !== 401 || !mayRepeat) return answer
    if (used === tokens.accessToken) await renew()
    return send(input, withToken(init, tokens.accessToken))
  }
  const tollgate = createClient({ url, key: 'none', fetch: sendAsPerson })
  return {
    tollgate,
    async close() {
      await tollgate('DELETE /v1/sessions').catch((error: unknown) => {
        // It has ended already.
        if (!(error instanceof TollgateProblem) || error.status !== 401) throw error
      })
    },
  }
}

function readTokens(answer: { accessToken: string; refreshToken: string; expiresIn: number }): Tokens {
  const { accessToken, refreshToken, expiresIn } = answer
  return { accessToken, refreshToken, endsAt: Date.now() + expiresIn * 1000 }
}

function withToken(init: RequestInit, token: string): RequestInit {
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${token}`)
  return { ...init, headers }
}

const withoutKey =
  (send: typeof fetch): typeof fetch =>
  (input, init = {}) => {
    const headers = new Headers(init.headers)
    headers.delete('authorization')
    return send(input, { ...init, headers })
  }
