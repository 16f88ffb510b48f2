/**
 * A reader on a socket of its own who asks, and then takes what it gets when the test says so.
 */
import { connect } from 'node:net'

export interface IdleReader {
  /** Takes what comes from now on; resolves with the text when the connection has ended. */
  readToEnd(): Promise<string>
  /** Takes what is there now. */
  readSome(): void
  /** As an orderly program, or as one that crashes. */
  leave(how: 'close' | 'reset'): void
}

/** Asks for all of it in one go. Resolves when the system has taken the requests. */
export async function openIdleReader(
  url: string,
  ...asked: readonly { path: string; key: string }[]
): Promise<IdleReader> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => {})
  const parts: Buffer[] = []
  const requests = asked.map(
    ({ path, key }) => `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\n\r\n`,
  )
  await new Promise<void>((resolve) => socket.write(requests.join(''), () => resolve()))
  return {
    async readToEnd() {
      socket.on('data', (part) => parts.push(part as unknown as Buffer))
      await ended
      return Buffer.concat(parts).toString('latin1')
    },
    readSome() {
      const part = socket.read()
      if (part !== null) parts.push(part)
    },
    leave(how) {
      if (how === 'reset') socket.resetAndDestroy()
      else socket.destroy()
    },
  }
}
