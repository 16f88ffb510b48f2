/**
 * Traces, for whoever follows one call through systems: a span begins where somebody asks or tells, and what follows from it
 * carries its `traceparent` (W3C). Off, there is no tracer, and nobody is asked.
 */
export type SpanKind = 'server' | 'consumer' | 'producer'

export interface TraceSpan {
  /** For what follows from it. */
  readonly traceparent: string
  end(attributes?: Readonly<Record<string, string | number | boolean>>): void
}

export interface SpanOptions {
  /** As it came; what is none begins a trace. */
  traceparent?: string | null | undefined
  /** Milliseconds since 1970; now, where it is left out. */
  startedAt?: number
  /** Spans of other traces that it belongs to as well. */
  links?: readonly TraceSpan[]
}

export interface Tracer {
  start(name: string, kind: SpanKind, options?: SpanOptions): TraceSpan
}

/** A CloudEvent's JSON text with the extension `traceparent`, its last member. */
export function addTraceparent(body: string, traceparent: string): string {
  return `${body.slice(0, -1)},"traceparent":${JSON.stringify(traceparent)}}`
}

const lastMember = /,"traceparent":"([0-9a-f-]{55})"\}$/

/** The one that `addTraceparent` has added. */
export function findTraceparent(body: string): string | undefined {
  return lastMember.exec(body)?.[1]
}
