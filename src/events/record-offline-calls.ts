/**
 * Where are calls kept that were granted while PostgreSQL did not answer? On the stream `CALLS`, subject
 * `calls.blind.<clientId>`, from which the settlement books them when it can; in a local file only while the
 * broker is away too, and on the stream as soon as it is back.
 *
 * A caller waits for this, so the broker is given little time. A call kept twice is folded once.
 * Source: docs/reliability.md.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import type { OfflineCall } from '../calls/offline-call.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import type { Broker } from './broker.ts'

const recordTimeoutMs = 250

export interface OfflineCallRecord {
  /** Throws only where neither broker nor disk takes it. */
  record(call: OfflineCall): Promise<void>
  /** Sends what the file holds; answers how many calls. */
  resend(): Promise<number>
}

export function openOfflineCallRecord(context: {
  broker: Broker
  /** One call per line. */
  file: string
  log?: Log
}): OfflineCallRecord {
  const { broker, file, log = silentLog } = context
  const sending = `${file}.sending`
  const keptInFile = logOnce(log, 'offline_call_kept_in_file')

  const publish = (call: OfflineCall, timeoutMs?: number) =>
    broker.publish(`calls.blind.${call.client}`, Buffer.from(JSON.stringify(call)), {
      msgId: `${call.client}:${call.callId}:blind:${call.at}`,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })

  return {
    async record(call) {
      try {
        await publish(call, recordTimeoutMs)
        keptInFile.over()
      } catch (error) {
        keptInFile.failed(error)
        // A line that a crash has cut short must not swallow this one.
        appendFileSync(file, `\n${JSON.stringify(call)}\n`, { mode: 0o600 })
      }
    },
    async resend() {
      if (!broker.isConnected()) return 0
      // What was left of an earlier attempt goes first; new calls gather in a file of their own.
      if (!existsSync(sending)) {
        if (!existsSync(file)) return 0
        renameSync(file, sending)
      }
      const lines = readFileSync(sending, 'utf8').split('\n').filter(isWhole)
      for (const line of lines) await publish(JSON.parse(line) as OfflineCall)
      rmSync(sending)
      log.info({ event: 'offline_calls_sent', calls: lines.length })
      return lines.length
    },
  }
}

/** A crash may have cut the last line short. */
function isWhole(line: string): boolean {
  try {
    return line !== '' && typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}
