/**
 * The service's HTTP interface as a program outside uses it: JSON in, JSON out, an Error with the problem's own
 * sentence where it refuses. What it cannot do just now (503) is asked again.
 */
import { setTimeout as sleep } from 'node:timers/promises'

const maxTries = 10

export interface ServiceApi {
  url: string
  key: string
  get<Answer>(path: string): Promise<Answer>
  post<Answer>(path: string, body: object): Promise<Answer>
  patch(path: string, body: object): Promise<void>
  put<Answer>(path: string, body: object): Promise<Answer>
  postCsv<Answer>(path: string, csv: string): Promise<Answer>
  remove(path: string): Promise<void>
  /** Every page of a list. */
  list<Item>(path: string): Promise<Item[]>
}

export function openServiceApi(url: string, key: string): ServiceApi {
  async function ask(method: string, path: string, body?: { type: string; text: string }): Promise<unknown> {
    const send = () =>
      fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': body.type }) },
        body: body?.text ?? null,
      })
    let response = await send()
    for (let tries = 1; response.status === 503 && tries < maxTries; tries += 1) {
      await sleep(Number(response.headers.get('retry-after') ?? 1) * 1000)
      response = await send()
    }
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} is answered ${response.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  const api: ServiceApi = {
    url,
    key,
    // What comes from outside is believed here: the demo's sums would show what is not so.
    get: async <Answer>(path: string) => (await ask('GET', path)) as Answer,
    post: async <Answer>(path: string, body: object) =>
      (await ask('POST', path, { type: 'application/json', text: JSON.stringify(body) })) as Answer,
    async patch(path, body) {
      await ask('PATCH', path, { type: 'application/json', text: JSON.stringify(body) })
    },
    put: async <Answer>(path: string, body: object) =>
      (await ask('PUT', path, { type: 'application/json', text: JSON.stringify(body) })) as Answer,
    postCsv: async <Answer>(path: string, csv: string) =>
      (await ask('POST', path, { type: 'text/csv', text: csv })) as Answer,
    remove: async (path) => {
      await ask('DELETE', path)
    },
    async list<Item>(path: string) {
      const items: Item[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page: { data: Item[]; nextCursor: string | null } = await api.get(`${path}?limit=500${at}`)
        items.push(...page.data)
        cursor = page.nextCursor
      }
      return items
    },
  }
  return api
}
