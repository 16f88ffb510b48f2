/**
 * The log of one request, whose lines carry its id. pino's child is made with the first line: most requests write none,
 * and making one for each costs an authorization a twentieth of its time.
 *
 * Fastify itself is given no log: with one it looks at each child's methods and listens for the end of each answer, whether a
 * line is written or not.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { Api } from '../api.ts'

type Line = Parameters<FastifyBaseLogger['info']>

class RequestLog {
  readonly #parent: FastifyBaseLogger
  readonly #requestId: string
  #child: FastifyBaseLogger | undefined

  constructor(parent: FastifyBaseLogger, requestId: string) {
    this.#parent = parent
    this.#requestId = requestId
  }

  get level(): string {
    return this.#parent.level
  }

  fatal(...line: Line): void {
    this.#open().fatal(...line)
  }
  error(...line: Line): void {
    this.#open().error(...line)
  }
  warn(...line: Line): void {
    this.#open().warn(...line)
  }
  info(...line: Line): void {
    this.#open().info(...line)
  }
  debug(...line: Line): void {
    this.#open().debug(...line)
  }
  trace(...line: Line): void {
    this.#open().trace(...line)
  }
  silent(...line: Line): void {
    this.#open().silent(...line)
  }
  child(...of: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#open().child(...of)
  }

  #open(): FastifyBaseLogger {
    this.#child ??= this.#parent.child({ reqId: this.#requestId })
    return this.#child
  }
}

/** Goes in front of all that may write a line. */
export function openRequestLogs(app: Api, log: FastifyBaseLogger | undefined): void {
  if (!log) return
  app.addHook('onRequest', (request, reply, done) => {
    const own = new RequestLog(log, request.id) as FastifyBaseLogger
    request.log = own
    reply.log = own
    done()
  })
}
