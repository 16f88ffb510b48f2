/**
 * A TCP proxy before the test's PostgreSQL, for what networks do to connections: an orderly end, a reset, silence, an
 * answer that comes twice. It finds the moment by what a client sends.
 */
import { connect, createServer, type Socket } from 'node:net'

export type Fault = 'close' | 'reset' | 'silence'

export interface DatabaseDoor {
  url: string
  /**
   * Does it to the connection that next sends a message with this text, the `skip`th after: before the server has it,
   * or after (`when`), so that the server works it off and the answer is lost.
   */
  faultOn(text: string, fault: Fault, when: 'before' | 'after', skip?: number): void
  /** All connections of now; takes back what `faultOn` has ordered. */
  cutAll(fault: Fault): void
  /** The server's next answer to a message with this text comes twice. */
  repeatAnswerTo(text: string): void
  /** New connections are refused, or let in again. */
  refuse(isRefused: boolean): void
  connections(): number
  /** Where new connections go to from now on: a server that was started again has another port. */
  moveTo(databaseUrl: string): void
  close(): Promise<void>
}

interface Wire {
  near: Socket
  far: Socket
  isSilent: boolean
  /** The first message holds the session's settings, not a statement. */
  hasStarted: boolean
  repeatsAnswer: boolean
}

export async function openDatabaseDoor(databaseUrl: string): Promise<DatabaseDoor> {
  let target = new URL(databaseUrl)
  const wires = new Set<Wire>()
  let armed: { text: string; fault: Fault; when: 'before' | 'after'; skip: number } | undefined
  let repeated: string | undefined
  let isRefused = false

  const apply = (wire: Wire, fault: Fault) => {
    if (fault === 'silence') wire.isSilent = true
    else if (fault === 'reset') wire.near.resetAndDestroy()
    else wire.near.destroy()
    if (fault !== 'silence') wire.far.destroy()
  }

  const server = createServer((near) => {
    near.on('error', () => {})
    if (isRefused) {
      near.resetAndDestroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    const wire: Wire = { near, far, isSilent: false, hasStarted: false, repeatsAnswer: false }
    wires.add(wire)
    near.on('data', (data) => {
      if (wire.isSilent) return
      if (repeated !== undefined && data.includes(repeated)) {
        wire.repeatsAnswer = true
        repeated = undefined
      }
      const isStatement = wire.hasStarted
      wire.hasStarted = true
      const hit = isStatement && armed && data.includes(armed.text) && armed.skip-- === 0 ? armed : undefined
      if (!hit) return far.write(data)
      armed = undefined
      if (hit.when === 'before') return apply(wire, hit.fault)
      // The server works it off; what it answers is lost.
      wire.isSilent = true
      far.write(data, () => setTimeout(() => apply(wire, hit.fault), 50))
    })
    far.on('data', (data) => {
      if (wire.isSilent) return
      near.write(data)
      if (wire.repeatsAnswer) near.write(data)
      wire.repeatsAnswer = false
    })
    far.on('error', () => near.destroy())
    near.on('close', () => {
      wires.delete(wire)
      far.destroy()
    })
    far.on('close', () => {
      if (!wire.isSilent) near.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the door has no port')
  const url = new URL(databaseUrl)
  url.port = String(address.port)
  return {
    url: url.href,
    faultOn(text, fault, when, skip = 0) {
      armed = { text, fault, when, skip }
    },
    cutAll(fault) {
      armed = undefined
      for (const wire of wires) apply(wire, fault)
    },
    repeatAnswerTo(text) {
      repeated = text
    },
    refuse(refused) {
      isRefused = refused
    },
    connections: () => wires.size,
    moveTo(moved) {
      target = new URL(moved)
    },
    async close() {
      for (const { near, far } of wires) {
        near.destroy()
        far.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
