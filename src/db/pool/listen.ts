/**
 * Notifications of PostgreSQL on a connection of their own, which is opened anew whenever it is lost. A notification is a
 * hint: what was told in between is lost, so `onListen` is called each time, to look for oneself.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DriverOptions } from './driver.ts'
import { GuardedConnection } from './guarded-connection.ts'

export interface Listening {
  unlisten(): Promise<void>
}

const reopenMs = 1000
/** A line that was cut without a word is found by asking. */
const askMs = 15_000

/** Resolves when it listens for the first time; rejects where it cannot. */
export async function listen(
  template: DriverOptions,
  times: { connectTimeoutMs: number; silenceMs: number },
  channel: string,
  onNotify: (payload: string) => void,
  onListen: () => void = () => {},
): Promise<Listening> {
  let isOver = false
  let isReopening = false
  let connection: GuardedConnection | undefined

  async function open(): Promise<void> {
    const opened = await GuardedConnection.open(template, {
      ...times,
      onNotify: (_, payload) => onNotify(payload),
      onLost: () => void reopen(),
    })
    await opened.sql.unsafe(`listen "${channel.replaceAll('"', '""')}"`)
    if (isOver) return opened.end()
    connection = opened
    onListen()
  }

  async function reopen(): Promise<void> {
    connection = undefined
    if (isReopening) return
    isReopening = true
    while (!isOver && !connection) {
      await sleep(reopenMs, undefined, { ref: false })
      if (!isOver) await open().catch(() => {})
    }
    isReopening = false
  }

  const ask = setInterval(() => {
    if (connection?.isQuiet) connection.sql`select 1`.catch(() => {})
    else connection?.checkSilence()
  }, askMs)
  ask.unref()
  try {
    await open()
  } catch (error) {
    isOver = true
    clearInterval(ask)
    throw error
  }
  return {
    async unlisten() {
      isOver = true
      clearInterval(ask)
      connection?.end()
    },
  }
}
