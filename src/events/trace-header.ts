/** The header by which traces go from one program to the next. Source: W3C Trace Context. */
import type { MsgHdrs } from 'nats'

export const traceHeader = 'traceparent'

/** Nothing where there is none. */
export function readTraceparent(headers: MsgHdrs | undefined): { traceparent?: string } {
  const traceparent = headers?.get(traceHeader)
  return traceparent ? { traceparent } : {}
}
