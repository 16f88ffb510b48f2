/**
 * SIPp on both ends: the carrier that answers, and one process for each call.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endProcess, spawnServer } from '../../src/embedded/processes.ts'
import type { SipPrograms } from './sip-programs.ts'

export interface PlannedCall {
  /** The caller's number; names the call, so each has another. */
  from: string
  to: string
  /** The client, by its SIP domain. */
  domain: string
  caller: 'hangs-up' | 'waits' | 'gives-up'
  /** How long the caller talks, or lets it ring. */
  ms: number
}

export interface PlacedCall {
  /** The final answer to the INVITE as the caller got it; 0: none. */
  sip: number
  phrase: string
  /** Of a refusal. */
  headers: { reason: string | null; errorInfo: string | null }
  /** SIPp saw just what the scenario says. */
  asPlanned: boolean
}

const limitMs = 40_000
const scenario = (name: string) => fileURLToPath(new URL(`./${name}.xml`, import.meta.url))

/** Answers calls until it is stopped. */
export function startCarrier(programs: SipPrograms, { port, folder }: { port: number; folder: string }) {
  const { child } = spawnServer(
    programs.sipp,
    ['-sf', scenario('callee'), '-i', '127.0.0.1', '-p', `${port}`, '-nostdin', '-trace_err'],
    { cwd: folder, env: programs.environment, stdio: 'ignore' },
  )
  return {
    async stop() {
      if (child.pid !== undefined) await endProcess(child.pid, { politeMs: 2_000 })
    },
  }
}

/** Resolves when the call is over. */
export async function placeCall(
  programs: SipPrograms,
  call: PlannedCall,
  { port, proxyPort, folder }: { port: number; proxyPort: number; folder: string },
): Promise<PlacedCall> {
  const own = join(folder, `call-${call.from.slice(1)}`)
  mkdirSync(own, { recursive: true })
  const messages = join(own, 'messages.log')
  const key = (name: string, value: string) => ['-key', name, value]
  const child = spawn(
    programs.sipp,
    [
      ...[
        `127.0.0.1:${proxyPort}`,
        '-sf',
        scenario(`caller-${call.caller}`),
        '-i',
        '127.0.0.1',
        '-p',
        `${port}`,
      ],
      ...['-m', '1', '-d', `${call.ms}`, '-nostdin', '-timeout', '35', '-timeout_error'],
      ...['-trace_err', '-trace_msg', '-message_file', messages],
      ...[...key('from', call.from), ...key('to', call.to), ...key('domain', call.domain)],
    ],
    { cwd: own, env: programs.environment, stdio: 'ignore' },
  )
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs)
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', resolve)
  })
  clearTimeout(limit)
  return { ...readAnswer(existsSync(messages) ? readFileSync(messages, 'utf8') : ''), asPlanned: code === 0 }
}

/** The first final response to the INVITE in SIPp's log of messages. */
function readAnswer(log: string): Omit<PlacedCall, 'asPlanned'> {
  const responses = [...log.matchAll(/^SIP\/2\.0 (\d{3}) ([^\r\n]*)\r?\n([\s\S]*?)\r?\n\r?\n/gm)]
  const final = responses.find(
    ([, code, , headers]) => Number(code) >= 200 && /^CSeq: *\d+ INVITE/im.test(headers ?? ''),
  )
  const header = (name: string) =>
    new RegExp(`^${name}: *([^\\r\\n]*)`, 'im').exec(final?.[3] ?? '')?.[1] ?? null
  return {
    sip: Number(final?.[1] ?? 0),
    phrase: final?.[2] ?? '',
    headers: { reason: header('Reason'), errorInfo: header('Error-Info') },
  }
}
