/**
 * A socket to PostgreSQL that says at once when it is gone, and why.
 *
 * Events would not do: to encrypt a connection the driver removes all listeners of the socket, and it adds its own late,
 * so that an error of the socket could find none and end the process.
 */
import { Socket } from 'node:net'

export class ConnectionSocket extends Socket {
  /** The driver names the server of an encrypted connection by it. */
  readonly host: string
  readonly #onGone: (error: Error | null) => void

  constructor(host: string, onGone: (error: Error | null) => void) {
    super()
    this.host = host
    this.#onGone = onGone
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#onGone(error)
    super._destroy(null, callback)
  }
}
