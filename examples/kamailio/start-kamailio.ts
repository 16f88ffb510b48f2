/**
 * Kamailio with `kamailio.cfg` on loopback, as a child of ours. Throws with its last words where it does not come up.
 */
import { createSocket } from 'node:dgram'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endProcess, hasEnded, lastLines, spawnServer } from '../../src/embedded/processes.ts'
import type { SipPrograms } from './sip-programs.ts'

export interface Kamailio {
  /** Everything it has logged. */
  log(): string
  stop(): Promise<void>
}

export interface KamailioSettings {
  port: number
  /** Where the service answers. */
  url: string
  /** A key of the role `engine`. */
  key: string
  engine: string
  carrierPort: number
  folder: string
  /** false: as Debian packages it, without http_async_client. */
  withHttpAsyncClient: boolean
}

const configuration = fileURLToPath(new URL('./kamailio.cfg', import.meta.url))
const startLimitMs = 15_000

export async function startKamailio(programs: SipPrograms, settings: KamailioSettings): Promise<Kamailio> {
  const logFile = join(settings.folder, 'kamailio.log')
  const output = openSync(logFile, 'w')
  const define = (name: string, text: string) => ['-A', `${name}="${text}"`]
  const { child } = spawnServer(
    programs.kamailio,
    [
      ...['-f', configuration, '-L', programs.modules, '-l', `udp:127.0.0.1:${settings.port}`],
      ...['-DD', '-E', '-M', '64', '-m', '64', '-w', settings.folder, '-Y', settings.folder],
      ...define('TOLLGATE_URL', settings.url),
      ...define('TOLLGATE_KEY', settings.key),
      ...define('ENGINE', settings.engine),
      ...define('CARRIER', `sip:127.0.0.1:${settings.carrierPort}`),
      ...['-A', 'ALIVE_SECONDS=2'],
      ...(settings.withHttpAsyncClient ? ['-A', 'WITH_HTTP_ASYNC_CLIENT'] : []),
    ],
    { cwd: settings.folder, env: programs.environment, stdio: ['ignore', output, output] },
  )
  const deadline = Date.now() + startLimitMs
  while (!(await answersOptions(settings.port))) {
    if (hasEnded(child) || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`kamailio does not start: ${lastLines(logFile, 8)}`)
    }
  }
  return {
    log: () => readFileSync(logFile, 'utf8'),
    async stop() {
      if (child.pid !== undefined) await endProcess(child.pid, { politeMs: 5_000 })
    },
  }
}

/** One OPTIONS, answered within 200 ms? */
async function answersOptions(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  const tag = Math.random().toString(36).slice(2)
  try {
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    const own = `127.0.0.1:${socket.address().port}`
    const request = [
      `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${tag}`,
      `From: <sip:probe@${own}>;tag=${tag}`,
      `To: <sip:127.0.0.1:${port}>`,
      `Call-ID: ${tag}`,
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 5',
      'Content-Length: 0',
    ]
    const answered = new Promise<boolean>((resolve) => socket.once('message', () => resolve(true)))
    socket.send(`${request.join('\r\n')}\r\n\r\n`, port, '127.0.0.1')
    return await Promise.race([answered, wait(200, false)])
  } finally {
    socket.close()
  }
}
