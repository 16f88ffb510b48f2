/**
 * The log of one request, whose lines carry its id. pino's child is made with the first line: most requests write none,
 * and making one for each costs an authorization a twentieth of its time.
 */
import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'

type Line = Parameters<FastifyBaseLogger['info']>

class RequestLog {
  readonly #parent: FastifyBaseLogger
  readonly #bindings: object
  #child: FastifyBaseLogger | undefined

  constructor(parent: FastifyBaseLogger, bindings: object) {
    this.#parent = parent
    this.#bindings = bindings
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
    this.#child ??= this.#parent.child(this.#bindings)
    return this.#child
  }
}

/** For Fastify's `childLoggerFactory`. */
export const openRequestLog: NonNullable<FastifyServerOptions['childLoggerFactory']> = (logger, bindings) =>
  new RequestLog(logger, bindings) as FastifyBaseLogger
