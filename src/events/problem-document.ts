/**
 * A failure as whoever asks over NATS reads it: the problem document (RFC 9457) that HTTP answers with.
 */
import { TollgateError } from '../errors.ts'

export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail: string
  code: string
  errors?: readonly { pointer: string; detail: string }[]
}

/** What is no failure of ours to explain becomes `internal_error`, without its words. */
export function problemDocument(error: unknown): ProblemDocument {
  if (!(error instanceof TollgateError)) {
    return {
      type: 'urn:tollgate:problem:internal_error',
      title: 'Internal error',
      status: 500,
      detail: 'Something unexpected happened here: repeat, and tell the operator if it stays.',
      code: 'internal_error',
    }
  }
  const { code, status, message, errors } = error
  const words = code.replaceAll('_', ' ')
  return {
    type: `urn:tollgate:problem:${code}`,
    title: `${words.charAt(0).toUpperCase()}${words.slice(1)}`,
    status,
    detail: message,
    code,
    ...(errors.length > 0 ? { errors } : {}),
  }
}
