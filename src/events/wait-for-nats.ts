/**
 * A replica that starts while NATS is away: it goes on, since authorizations over HTTP need no broker, and says so
 * until the broker is there. A login that NATS refuses is for people, and ends the start.
 */
import { connect, ErrorCode, NatsError } from 'nats'
import { logOnce } from '../log-once.ts'
import type { Broker, BrokerLog } from './broker.ts'
import { natsOptions } from './nats-url.ts'

const refusals = new Set<string>([
  ErrorCode.AuthorizationViolation,
  ErrorCode.BadAuthentication,
  ErrorCode.AuthenticationExpired,
])
const knockMs = 2000
const everyMs = 1000

/** Throws one sentence where NATS answers and refuses the login; whatever else is wrong with it may pass. */
export async function refuseWrongLogin(url: string): Promise<void> {
  const options = natsOptions(url)
  try {
    const connection = await connect({ ...options, timeout: knockMs, reconnect: false })
    await connection.close()
  } catch (error) {
    if (!(error instanceof NatsError) || !refusals.has(error.code)) return
    throw new Error(`NATS at NATS_URL refuses the login (${error.message}): correct its user and password.`, {
      cause: error,
    })
  }
}

/** Returns how to stop it. */
export function sayWhileAway(broker: Broker, log: BrokerLog): () => void {
  if (broker.isConnected()) return () => {}
  const away = logOnce(log, 'waiting_for_nats', { message: 'NATS is away: waiting for it' })
  const tell = () => away.failed('not connected')
  tell()
  const timer = setInterval(tell, everyMs)
  const stop = () => {
    clearInterval(timer)
    stopAsking()
  }
  const stopAsking = broker.onConnect(async () => {
    stop()
    away.over()
  })
  return stop
}
