/**
 * The network between one replica and one server: a TCP proxy that can hold what passes, as a network that drops packets
 * does until TCP has sent them again.
 */
import { connect, createServer, type Socket } from 'node:net'

export interface NetworkPath {
  port: number
  hold(): void
  /** What was held passes; with `'reset'` all connections end instead. */
  release(how: 'pass' | 'reset'): void
  close(): Promise<void>
}

export async function openNetworkPath(toPort: number): Promise<NetworkPath> {
  const pairs = new Set<[Socket, Socket]>()
  let isHeld = false

  const join = ([near, far]: [Socket, Socket]) => {
    near.pipe(far)
    far.pipe(near)
  }
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1')
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    if (!isHeld) join(pair)
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('error', () => other.destroy())
      one.on('close', () => {
        pairs.delete(pair)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the path has no port')
  return {
    port: address.port,
    hold() {
      isHeld = true
      for (const [near, far] of pairs) {
        near.unpipe(far)
        far.unpipe(near)
      }
    },
    release(how) {
      isHeld = false
      for (const pair of pairs)
        if (how === 'pass') join(pair)
        else pair[0].resetAndDestroy()
    },
    async close() {
      for (const [near, far] of pairs) {
        near.destroy()
        far.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A path to each server that the URL names, and the URL that leads through them. */
export async function openPaths(url: string): Promise<{ url: string; paths: NetworkPath[] }> {
  const paths: NetworkPath[] = []
  const parts = url.split(/((?:127\.0\.0\.1|localhost):\d+)/)
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) continue
    const path = await openNetworkPath(Number(part.split(':')[1]))
    paths.push(path)
    parts[index] = `127.0.0.1:${path.port}`
  }
  return { url: parts.join(''), paths }
}
