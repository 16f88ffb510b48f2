/** A failure as a caller reads it, over HTTP and over NATS: the problem document of RFC 9457. */
import type { InputFault } from './errors.ts'

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  errors?: readonly InputFault[]
}

/** As many as a check of a body collects. */
const maxFaults = 100

export function toProblem(fault: {
  code: string
  status: number
  detail: string
  errors?: readonly InputFault[]
}): Problem {
  const words = fault.code.replaceAll('_', ' ')
  return {
    type: `urn:tollgate:problem:${fault.code}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status: fault.status,
    detail: fault.detail,
    code: fault.code,
    ...(fault.errors && fault.errors.length > 0 ? { errors: fault.errors.slice(0, maxFaults) } : {}),
  }
}

/** What is not a failure to explain: logged with its cause, and answered without a word about it. */
export const internalError: Problem = toProblem({
  code: 'internal_error',
  status: 500,
  detail: 'Something failed on our side; it has been logged. Repeat the request later.',
})
