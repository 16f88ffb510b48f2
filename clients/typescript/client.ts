/**
 * The HTTP API for TypeScript programs: types from `schema.d.ts`, `fetch` underneath, nothing else.
 *
 *     const tollgate = createClient({ url: 'http://127.0.0.1:8080', key })
 *     const { data } = await tollgate('GET /v1/clients', { query: { limit: 10 } })
 *     const balance = await tollgate('GET /v1/clients/{clientId}/balance', { params: { clientId } })
 *
 * Amounts are decimal text: never make numbers of them. A refusal is thrown as `TollgateProblem`. What is no JSON
 * (CSV, PDF) is answered as the `Response` itself, to be streamed.
 */
import type { FileBody, Operations } from './schema.d.ts'

export type { Operations } from './schema.d.ts'

export type OperationName = keyof Operations
export type Answer<Name extends OperationName> = Operations[Name]['answer']

/** A part is asked for only where the operation has a field that must be there. */
type Part<Name extends string, Value> = undefined extends Value
  ? { [name in Name]?: Exclude<Value, undefined> }
  : Record<never, never> extends Value
    ? { [name in Name]?: Value }
    : { [name in Name]: Value }

export type CallOptions<Name extends OperationName> = Part<'params', Operations[Name]['params']> &
  Part<'query', Operations[Name]['query']> &
  Part<'body', Operations[Name]['body']> & {
    /** `Idempotency-Key`, `If-Match`, `Accept` … */
    headers?: Record<string, string>
    signal?: AbortSignal
  }

type Optional<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options]

export interface ClientSettings {
  url: string
  key: string
  /** Another `fetch`, such as one that retries. */
  fetch?: typeof fetch
}

export interface Tollgate {
  <Name extends OperationName>(name: Name, ...options: Optional<CallOptions<Name>>): Promise<Answer<Name>>
  /** With the ETag of the answer, for `if-match`. */
  tagged<Name extends OperationName>(
    name: Name,
    ...options: Optional<CallOptions<Name>>
  ): Promise<Tagged<Name>>
  /** Every row of a list, page by page as they are taken. */
  each<Name extends ListName>(name: Name, ...options: Optional<CallOptions<Name>>): AsyncGenerator<Row<Name>>
}

export interface Tagged<Name extends OperationName> {
  answer: Answer<Name>
  /** Empty where the answer has none. */
  etag: string
}

/** Operations that answer page by page. */
export type ListName = {
  [Name in OperationName]: Answer<Name> extends { data: unknown[]; nextCursor: string | null } ? Name : never
}[OperationName]
export type Row<Name extends ListName> = Answer<Name> extends { data: (infer One)[] } ? One : never

interface Refusal {
  code?: string
  detail?: string
  errors?: readonly { pointer: string; detail: string }[]
}

/** A refusal in the service's own words (RFC 9457). */
export class TollgateProblem extends Error {
  readonly status: number
  /** snake_case and stable: compare this. */
  readonly code: string
  readonly errors: readonly { pointer: string; detail: string }[]

  constructor(status: number, document: Refusal) {
    super(document.detail ?? `The service answered ${status}.`)
    this.name = 'TollgateProblem'
    this.status = status
    this.code = document.code ?? 'unknown'
    this.errors = document.errors ?? []
  }
}

interface AnyOptions {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

export function createClient({ url, key, fetch: send = fetch }: ClientSettings): Tollgate {
  const base = url.replace(/\/+$/, '')

  async function ask(name: string, options: AnyOptions = {}): Promise<{ answer: unknown; etag: string }> {
    const { params = {}, query = {}, body, headers = {}, signal } = options
    const [method = 'GET', path = ''] = name.split(' ')
    const target = new URL(
      base + path.replace(/\{(\w+)\}/g, (_all, field: string) => encodeURIComponent(String(params[field]))),
    )
    for (const [field, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(field, String(value))
    }
    const response = await send(target, {
      method,
      headers: { authorization: `Bearer ${key}`, ...contentType(body), ...headers },
      ...(body === undefined
        ? {}
        : { body: isJson(body) ? JSON.stringify(body) : (body as FileBody), duplex: 'half' }),
      ...(signal && { signal }),
      // Browsers and Node describe bodies by different types.
    } as RequestInit)
    return { answer: await readAnswer(response), etag: response.headers.get('etag') ?? '' }
  }

  async function* each(name: string, options: AnyOptions = {}): AsyncGenerator<unknown> {
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { ...options.query, ...(cursor !== undefined && { cursor }) }
      const { answer } = await ask(name, { ...options, query })
      const page = answer as { data: unknown[]; nextCursor: string | null }
      yield* page.data
      cursor = page.nextCursor
    }
  }

  const call = async (name: string, options?: AnyOptions) => (await ask(name, options)).answer
  // What each operation takes and answers stands in the types alone.
  return Object.assign(call, { tagged: ask, each }) as unknown as Tollgate
}

/** Plain objects and lists; files, streams and text go as they are. */
function isJson(body: unknown): boolean {
  if (Array.isArray(body)) return true
  return typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype
}

function contentType(body: unknown): Record<string, string> {
  // A form says itself where its parts end.
  if (body === undefined || body instanceof FormData) return {}
  return { 'content-type': isJson(body) ? 'application/json' : 'text/csv' }
}

async function readAnswer(response: Response): Promise<unknown> {
  const isJsonAnswer = /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '')
  if (!response.ok)
    throw new TollgateProblem(response.status, isJsonAnswer ? ((await response.json()) as Refusal) : {})
  if (response.status === 204) return undefined
  return isJsonAnswer ? response.json() : response
}
