/**
 * Does a NATS server of another machine let in who names no user?
 *
 * Then anybody on the network can charge, grant calls, read all facts and delete the streams, so it is not used
 * unless `NATS_ALLOW_ANONYMOUS=1` says that the network itself is closed. Asked by knocking without a name: what
 * a server says of itself leaves `no_auth_user` out. Servers on loopback are not asked.
 * Throws `AnonymousBroker`, or an Error while the server in use has not told.
 */
import { connect, ErrorCode, type NatsConnection, NatsError } from 'nats'
import { foreignServers, type NatsTrust, natsOptions } from './nats-url.ts'

export class AnonymousBroker extends Error {
  constructor(server: string) {
    super(
      `The NATS server ${server} of NATS_URL lets in who names no user, so anybody on the network can charge calls and read all facts: give it users as in deploy/nats-server.conf, or set NATS_ALLOW_ANONYMOUS=1 where the network is closed.`,
    )
    this.name = 'AnonymousBroker'
  }
}

const knockTimeoutMs = 2000
const refusals: readonly string[] = [ErrorCode.AuthorizationViolation, ErrorCode.AuthenticationExpired]

export async function refuseOpenServers(
  options: { url: string } & NatsTrust,
  connection: NatsConnection,
): Promise<void> {
  const { servers, tls } = natsOptions(options.url, options)
  const foreign = foreignServers(servers)
  if (foreign.length === 0) return
  const inUse = connection.getServer()
  const answers = await Promise.all(
    foreign.map(async (server) => ({ server, answer: await knock(server, tls ? { tls } : {}) })),
  )
  const open = answers.find(({ answer }) => answer === 'let in')
  if (open) throw new AnonymousBroker(open.server)
  // Another server of a cluster may be away; the one we talk to has just been there.
  const unknown = answers.find(({ answer }) => answer === 'no answer')
  if (unknown && (answers.length === 1 || unknown.server === inUse)) {
    throw new Error(`${unknown.server} did not tell whether it lets in who names no user`)
  }
}

async function knock(
  server: string,
  options: Pick<ReturnType<typeof natsOptions>, 'tls'>,
): Promise<'let in' | 'refused' | 'no answer'> {
  try {
    const connection = await connect({
      ...options,
      servers: [server],
      name: 'tollgate-without-user',
      timeout: knockTimeoutMs,
      reconnect: false,
      maxReconnectAttempts: 0,
    })
    await connection.close()
    return 'let in'
  } catch (error) {
    return error instanceof NatsError && refusals.includes(error.code) ? 'refused' : 'no answer'
  }
}
