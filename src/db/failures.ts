/**
 * Is this failure the fault of our surroundings, so that the same work may succeed later?
 *
 * PostgreSQL's classes 08 (connection), 53 (resources), 57 (operator), the codes of races and of a read-only
 * server, and what the pool says when a connection is gone. Anything else is content or a bug.
 */
const codes = new Set([
  '40001',
  '40P01',
  '55P03',
  '25006',
  '25P03',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECTION_OUT_OF_STEP',
  'CONNECTION_UNSUITABLE',
  'CONNECTION_WAIT_TIMEOUT',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** Somebody else holds what it waited for. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03'
}

export function isInfrastructureFailure(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const code = 'code' in cause ? String(cause.code) : ''
    if (codes.has(code) || /^(08|53|57)...$/.test(code)) return true
  }
  return false
}
