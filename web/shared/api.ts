/**
 * The public API as a page asks it: the typed client over the session's cookie. No token is ever in a page's hands.
 *
 * A refusal is thrown as `TollgateProblem`; one that says that nobody is logged in (any more) is told to `onLoggedOut`.
 */
import {
  type Answer,
  createClient,
  type OperationName,
  TollgateProblem,
} from '../../clients/typescript/client.ts'

import { untilAnswered } from './until-answered.ts'

export { type Answer, type OperationName, TollgateProblem }

/** Which of the two pages this is; its cookie is named after it. */
export const page = location.pathname.startsWith('/console') ? 'console' : 'portal'

const pageHeaders = { 'x-tollgate-page': page }
let loggedOut: () => void = () => {}

export function onLoggedOut(tell: () => void): void {
  loggedOut = tell
}

async function send(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.delete('authorization')
  for (const [name, value] of Object.entries(pageHeaders)) headers.set(name, value)
  const ask = () => fetch(input, { ...init, headers, credentials: 'same-origin' })
  const isOfSession = new URL(String(input)).pathname.startsWith('/v1/sessions')
  const mayRepeat = (init.method ?? 'GET') === 'GET' || isOfSession || headers.has('idempotency-key')
  const response = await (mayRepeat ? untilAnswered(ask) : ask())
  if (response.status === 401 && !isOfSession) loggedOut()
  return response
}

export const api = createClient({ url: location.origin, key: '', fetch: send as typeof fetch })

/** A report as rows: its type says nothing of its columns, since they depend on the groups that are asked for. */
export async function readReport<Row>(
  path: `/v1/reports/${string}.json`,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<Row[]> {
  const target = new URL(path, location.origin)
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value)
  const response = await send(target, signal ? { signal } : {})
  if (!response.ok) throw new TollgateProblem(response.status, await response.json().catch(() => ({})))
  const body: unknown = await response.json()
  return (Array.isArray(body) ? body : ((body as { data?: Row[] }).data ?? [])) as Row[]
}
