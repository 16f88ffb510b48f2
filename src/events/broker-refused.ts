/**
 * Servers that are there and must not be used, which only a person can change.
 *
 * One that refuses our login. And one of another machine that needs no login: anybody on the network could charge
 * calls, grant them, read all facts and delete the streams, so it is used only where `NATS_ALLOW_ANONYMOUS=1` says that
 * the network itself is closed. Tried by connecting without a user, since what a server says of itself leaves
 * `no_auth_user` out. Servers on loopback are not tried.
 */
import { connect, ErrorCode, type NatsConnection, NatsError } from 'nats'
import { foreignServers, type NatsTrust, natsOptions } from './nats-url.ts'

/** One sentence that says what to do. */
export class BrokerRefused extends Error {
  override readonly name = 'BrokerRefused'
}

const tryTimeoutMs = 2000
const refusals: readonly string[] = [
  ErrorCode.AuthorizationViolation,
  ErrorCode.BadAuthentication,
  ErrorCode.AuthenticationExpired,
]

function isLoginRefused(error: unknown): error is NatsError {
  return error instanceof NatsError && refusals.includes(error.code)
}

/** The failure to connect as one that only a person can end; undefined where it may pass. */
export function wrongLogin(error: unknown): BrokerRefused | undefined {
  if (!isLoginRefused(error)) return undefined
  const words = `NATS at NATS_URL refuses the login (${error.message}): correct its user and password.`
  return new BrokerRefused(words, { cause: error })
}

/** Throws `BrokerRefused`, or an Error while the server in use has not answered. */
export async function refuseOpenServers(
  options: { url: string } & NatsTrust,
  connection: NatsConnection,
): Promise<void> {
  const { servers, tls } = natsOptions(options.url, options)
  const foreign = foreignServers(servers)
  if (foreign.length === 0) return
  const inUse = connection.getServer()
  const answers = await Promise.all(
    foreign.map(async (server) => ({ server, answer: await tryWithoutUser(server, tls ? { tls } : {}) })),
  )
  const open = answers.find(({ answer }) => answer === 'accepted')
  if (open) {
    throw new BrokerRefused(
      `The NATS server ${open.server} of NATS_URL accepts clients without a user, so anybody on the network can charge calls and read all facts: give it users as in deploy/nats-server.conf, or set NATS_ALLOW_ANONYMOUS=1 where the network is closed.`,
    )
  }
  // Another server of a cluster may be away; the one we talk to has just been there.
  const unknown = answers.find(({ answer }) => answer === 'no answer')
  if (unknown && (answers.length === 1 || unknown.server === inUse)) {
    throw new Error(`${unknown.server} did not answer whether it accepts clients without a user`)
  }
}

async function tryWithoutUser(
  server: string,
  options: Pick<ReturnType<typeof natsOptions>, 'tls'>,
): Promise<'accepted' | 'refused' | 'no answer'> {
  try {
    const connection = await connect({
      ...options,
      servers: [server],
      name: 'tollgate-without-user',
      timeout: tryTimeoutMs,
      reconnect: false,
      maxReconnectAttempts: 0,
    })
    await connection.close()
    return 'accepted'
  } catch (error) {
    return isLoginRefused(error) ? 'refused' : 'no answer'
  }
}
