/**
 * Server-sent events to one reader: bounded, kept open by a comment each quarter of a minute, ended with a reader that
 * takes nothing.
 * Source: WHATWG HTML, "Server-sent events".
 */
import { Readable } from 'node:stream'

export interface StreamEvent {
  name: string
  /** JSON text, so that what many readers get is written once. */
  data: string
  /** Where a reader that was away begins again. */
  id?: string
}

/** Waiting for a reader that is slow: some hundred events. */
const maxWaitingBytes = 1024 * 1024
const keepAliveMs = 15_000
/** After which a browser comes back. */
const retryMs = 2000

export class EventStream {
  readonly readable: Readable
  readonly #keepAlive: NodeJS.Timeout

  /** `onEnd`: the reader has left, or was ended. */
  constructor(onEnd: () => void) {
    this.readable = new Readable({ read() {}, highWaterMark: maxWaitingBytes })
    this.#keepAlive = setInterval(() => this.#write(':\n\n'), keepAliveMs).unref()
    this.readable.once('close', () => {
      clearInterval(this.#keepAlive)
      onEnd()
    })
    // At once, so that the reader knows that it is heard.
    this.#write(`retry: ${retryMs}\n\n`)
  }

  send({ name, data, id }: StreamEvent): void {
    this.#write(`${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${data}\n\n`)
  }

  end(): void {
    if (!this.readable.readableEnded) this.readable.push(null)
  }

  #write(text: string): void {
    if (this.readable.destroyed || this.readable.readableEnded) return
    // Whoever does not keep up comes back and is told what is now.
    if (!this.readable.push(text)) this.readable.destroy()
  }
}
