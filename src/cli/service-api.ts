/**
 * The HTTP API as commands use it: one key, refusals as one sentence, lists as streams of rows.
 */
import { CommandFailed, exitCodes } from './command-failed.ts'

export interface ServiceOptions {
  /** `http://127.0.0.1:8080` */
  url: string
  key: string
}

export interface Request {
  query?: Record<string, string | number | boolean | readonly string[] | undefined>
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, as CSV unless `type` says otherwise. */
  csv?: ReadableStream<Uint8Array> | string
  type?: string
  /** Sent as it is, as newline-delimited JSON. */
  lines?: ReadableStream<Uint8Array>
}

export class ServiceApi {
  readonly #url: string
  readonly #key: string

  constructor({ url, key }: ServiceOptions) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new CommandFailed('--url is one such as http://127.0.0.1:8080.', exitCodes.misused)
    }
    this.#url = url.replace(/\/+$/, '')
    this.#key = key
  }

  /** Throws `CommandFailed` with the service's own words where it refuses. */
  async send(
    method: string,
    path: string,
    { query = {}, body, csv, type: sentType = 'text/csv', lines }: Request = {},
  ): Promise<Response> {
    const url = new URL(this.#url + path)
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined) url.searchParams.append(name, String(one))
      }
    }
    const type = lines ? 'application/x-ndjson' : csv === undefined ? 'application/json' : sentType
    const sent = lines ?? csv ?? (body === undefined ? undefined : JSON.stringify(body))
    let response: Response
    try {
      response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${this.#key}`,
          ...(sent === undefined ? {} : { 'content-type': type }),
        },
        ...(sent === undefined ? {} : { body: sent, duplex: 'half' }),
      })
    } catch (error) {
      const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
      throw new CommandFailed(
        `The service at ${this.#url} does not answer (${why}): start it, or give its --url.`,
        exitCodes.unreachable,
        { cause: error },
      )
    }
    if (response.ok) return response
    throw new CommandFailed(await describeRefusal(response), exitCodes.found)
  }

  /** The answer's document; its shape is the contract's. */
  async json<Document>(method: string, path: string, request?: Request): Promise<Document> {
    return (await this.send(method, path, request)).json() as Promise<Document>
  }

  /** Every row of a list, page after page. */
  async *list<Row>(path: string, query: Request['query'] = {}): AsyncGenerator<Row> {
    let cursor: string | undefined
    do {
      const page: { data: Row[]; nextCursor: string | null } = await this.json('GET', path, {
        query: { limit: 500, ...query, cursor },
      })
      yield* page.data
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }
}

async function describeRefusal(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const {
      detail,
      code,
      errors = [],
    } = JSON.parse(text) as {
      detail?: string
      code?: string
      errors?: { pointer: string; detail: string }[]
    }
    const places = errors.map((fault) => `  ${fault.pointer || 'the input'} ${fault.detail}`)
    return [`${detail ?? 'Refused.'} (${response.status} ${code ?? ''})`, ...places].join('\n')
  } catch {
    return `${response.url} answered ${response.status}.`
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The id of what has this id or name. Throws where there is none, or several brands have one of that name. */
export async function findByName(
  api: ServiceApi,
  of: { path: string; noun: string; reference: string; brandId?: string | undefined },
): Promise<string> {
  const { path, noun, reference, brandId } = of
  if (uuid.test(reference)) return reference.toLowerCase()
  const found: string[] = []
  const wanted = reference.toLowerCase()
  for await (const row of api.list<{ id: string; name: string; sipDomain?: string }>(path, { brandId })) {
    if (row.name === reference || row.sipDomain === wanted) found.push(row.id)
  }
  const [id] = found
  if (id !== undefined && found.length === 1) return id
  throw new CommandFailed(
    found.length === 0
      ? `There is no ${noun} "${reference}".`
      : `Several brands have a ${noun} "${reference}": give its id, or --brand.`,
    exitCodes.found,
  )
}
