/**
 * Sends spans by OTLP over HTTP, in batches. Loaded where an endpoint is named: without one nothing of OpenTelemetry is in
 * the process.
 */
import {
  defaultTextMapGetter,
  SpanKind as Kind,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { version } from '../version.ts'
import type { SpanKind, Tracer } from './tracer.ts'

export interface Tracing extends Tracer {
  /** Sends what is left. */
  close(): Promise<void>
}

const kinds: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  consumer: Kind.CONSUMER,
  producer: Kind.PRODUCER,
}
const everyMs = 1000
const maxLinks = 1000

/** `endpoint`: the base, without `/v1/traces`. */
export function openTracing({ endpoint }: { endpoint: string }): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'tollgate', 'service.version': version }),
    // A batch is linked to all its events.
    spanLimits: { linkCountLimit: maxLinks },
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: everyMs })],
  })
  const tracer = provider.getTracer('tollgate', version)
  const propagator = new W3CTraceContextPropagator()
  const readContext = (traceparent: string) =>
    propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter)
  const toLink = (context: SpanContext) => ({ context })
  return {
    start(name, kind, { traceparent, startedAt, links = [] } = {}) {
      const options = {
        kind: kinds[kind],
        links: links
          .flatMap((linked) => trace.getSpanContext(readContext(linked.traceparent)) ?? [])
          .map(toLink),
        ...(startedAt !== undefined && { startTime: startedAt }),
      }
      const span = tracer.startSpan(name, options, traceparent ? readContext(traceparent) : ROOT_CONTEXT)
      const { traceId, spanId, traceFlags } = span.spanContext()
      return {
        traceparent: `00-${traceId}-${spanId}-0${traceFlags & 1}`,
        end(attributes) {
          if (attributes) span.setAttributes(attributes)
          if (attributes?.error === true) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    async close() {
      // Whoever receives them may be away: the service ends all the same.
      await provider.shutdown().catch(() => {})
    },
  }
}
