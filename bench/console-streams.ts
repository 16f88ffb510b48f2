/**
 * Many open consoles: each holds a stream of live events, reads what comes and does nothing else.
 */
import { Agent, request } from 'undici'
import { serveOrders } from './child.ts'

export interface StreamsOrder {
  url: string
  key: string
  /** How many are open from now on; the others are closed. */
  consoles: number
}

interface OpenStream {
  close(): void
}

const agent = new Agent({ connections: null, bodyTimeout: 0, headersTimeout: 0 })
const open: OpenStream[] = []
let events = 0

serveOrders<StreamsOrder>(async ({ url, key, consoles }) => {
  for (const stream of open.splice(consoles)) stream.close()
  while (open.length < consoles) open.push(await openStream(url, key))
  const seen = events
  events = 0
  return { events: seen }
})

async function openStream(url: string, key: string): Promise<OpenStream> {
  const aborted = new AbortController()
  const { statusCode, body } = await request(`${url}/v1/live`, {
    dispatcher: agent,
    headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
    signal: aborted.signal,
  })
  if (statusCode !== 200) throw new Error(`a stream was answered ${statusCode}: ${await body.text()}`)
  const first = new Promise<void>((resolve) => {
    body.on('data', (chunk: Buffer) => {
      events += chunk.toString().split('event: ').length - 1
      resolve()
    })
  })
  // It was closed by us, or with the service.
  body.on('error', () => {})
  await first
  return { close: () => aborted.abort() }
}
