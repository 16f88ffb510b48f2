/**
 * How does a command end? Its exit code tells scripts, one sentence tells people.
 */
export const exitCodes = {
  done: 0,
  /** The command ran and found something: a difference, a rejected row, a part out of order, a refusal. */
  found: 1,
  /** It was called wrongly; nothing was done. */
  misused: 2,
  /** PostgreSQL or the service cannot be reached. */
  unreachable: 3,
} as const

export class CommandFailed extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandFailed'
    this.exitCode = exitCode
  }
}

/** PostgreSQL says no such thing by code where nobody listens, no password fits or no such database is. */
export function isUnreachable(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|CONNECT|UND_ERR|28|3D|57P)/.test(code)
}
